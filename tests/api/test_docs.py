"""Every example in docs/api.md is run in its order, and answers as the page says."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from connectors.host.services import source_save
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


@pytest.fixture
def callers(rep: Caller, integrator: Caller, monkeypatch: pytest.MonkeyPatch) -> dict[str, Caller]:
    """Who calls what: integrators set up and push, reps do the rest."""
    monkeypatch.setenv("SHOP_HOOK", "whsec_" + base64.b64encode(b"k" * 32).decode())
    return {"facts/": integrator, "subscriptions/": integrator, "": rep}


def a_source_for(path: str) -> None:
    """Sources that only some examples speak of."""
    if path.endswith("/actions/"):
        settings = {"key": "env:STRIPE_KEY"}
        source_save(
            name="stripe", title="Stripe", connector="stripe", domain="finance", freshness_s=60, settings=settings
        )
    if path.endswith("/v1/facts/"):
        source_save(
            name="turku-warehouse", title="Turku", connector="push", domain="warehouse", freshness_s=60,
            settings={"base_url": "http://turku.example"},
        )  # fmt: skip


def test_the_examples_are_true(callers: dict[str, Caller], paid: Say) -> None:
    names: dict[str, str] = {}
    rep = callers[""]
    found = EXAMPLE.findall(PAGE)
    assert len(found) == PAGE.count("```http")
    for method, path, body, status, answer in found:
        for name, value in names.items():
            path, body, answer = (text.replace(name, value) for text in (path, body, answer))  # noqa: PLW2901
        a_source_for(path)
        caller = next(who for end, who in callers.items() if end and path.endswith(end) or not end)
        kind, _, rest = body.partition("\n\n") if body.startswith("Content-Type") else ("", "", body)
        reply = caller.send(method, path, rest, kind=kind.removeprefix("Content-Type: ") or "application/json")
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
