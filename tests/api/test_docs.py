"""Every example in docs/api.md is run in its order, and answers as the page says."""

import json
import re
from pathlib import Path
from typing import Any

from tests.api.client import Caller
from tests.api.conftest import Say

PAGE = (Path(__file__).parents[2] / "docs/api.md").read_text()
EXAMPLE = re.compile(r"```http\n(\w+) (\S+)\n(.*?)```\n\n```json\n(\d+)\n(.*?)```", re.DOTALL)


def differs(said: Any, got: Any, where: str = "") -> str:
    """Where what was got is not what is said; a list's first entries are compared."""
    if said == "…":
        return ""
    if isinstance(said, dict) and isinstance(got, dict):
        return next((d for k, v in said.items() if (d := differs(v, got.get(k, "(missing)"), f"{where}/{k}"))), "")
    if isinstance(said, list) and isinstance(got, list) and len(got) >= len(said) > 0:
        return next((d for i, v in enumerate(said) if (d := differs(v, got[i], f"{where}/{i}"))), "")
    return "" if said == got else f"{where}: {said!r} is said, {got!r} was got"


def test_the_examples_are_true(rep: Caller, paid: Say) -> None:
    names: dict[str, str] = {}
    found = EXAMPLE.findall(PAGE)
    assert len(found) == PAGE.count("```http")
    for method, path, body, status, answer in found:
        for name, value in names.items():
            path, body, answer = (text.replace(name, value) for text in (path, body, answer))  # noqa: PLW2901
        reply = rep.send(method, path, body)
        said = {k: v for k, v in json.loads(answer).items() if v != "20418"}
        assert (reply.status, differs(said, reply.body)) == (int(status), ""), (method, path)
        if reply.status == 201 and "person" in reply.body:
            names["20418"] = reply["reference"]
        if path.endswith("wait=2.5"):
            names |= {"<digest>": reply["digest"], "<fact>": str(fact_of(reply["claims"], rep))}


def fact_of(claims: list[dict[str, Any]], rep: Caller) -> int:
    """The refund's fact among those that the claims cite."""
    cited = dict.fromkeys(f for c in claims for f in c["facts"])
    return next(f for f in cited if rep.get(f"facts/{f}/")["kind"] == "refund.paid")
