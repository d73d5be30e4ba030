"""``newconnector``: a folder that works at once, and is found without being named anywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.host.registry import connector_class
from workspace.connecting.scaffold import DOMAINS, BadConnector, Wanted, files
from workspace.connecting.verbs import conformed

Manage = Callable[..., Any]


@pytest.mark.parametrize("toml", [False, True], ids=["python", "toml"])
def test_it_is_found_and_passes_the_suite_at_once(manage: Manage, bundled: Path, toml: bool) -> None:
    slug = "acme_toml" if toml else "acme_py"
    made = manage("newconnector", slug, "--domain", "warehouse", "--into", str(bundled), *["--toml"] * toml)
    assert made.code == 0 and f"connector conform {bundled / slug}" in made.out
    assert "needs --internal too" in made.out
    assert connector_class(slug).title == slug.replace("_", " ").capitalize()
    told = conformed(str(bundled / slug), (), {})
    assert told.ok, [one for one in told.data["results"] if one["status"] == "failed"]


@pytest.mark.parametrize("domain", [*DOMAINS, "tickets"])
def test_it_is_short_whatever_it_knows(domain: str) -> None:
    several = ("order", "return", "payment")
    python = files(Wanted("acme", "Acme", domain, several))["connector.py"]
    toml = files(Wanted("acme", "Acme", domain, several, toml=True))["connector.toml"]
    assert len(python.splitlines()) < 40 and len(toml.splitlines()) < 30
    compile(python, "connector.py", "exec")


def test_nothing_is_ever_overwritten(manage: Manage, tmp_path: Path) -> None:
    manage("newconnector", "acme", "--into", str(tmp_path))
    (tmp_path / "acme" / "connector.py").write_text("mine")
    again = manage("newconnector", "acme", "--into", str(tmp_path))
    assert again.code == 2 and "is there already" in again.err
    assert (tmp_path / "acme" / "connector.py").read_text() == "mine"


@pytest.mark.parametrize(
    ("given", "why"),
    [({"slug": "Acme WMS"}, "small letters"), ({"slug": "class"}, "small letters"),
     ({"slug": "acme", "domain": "ware house"}, "use a word"),
     ({"slug": "acme", "schemes": ("tracking",)}, "No source"),
     ({"slug": "acme", "title": 'A "title"'}, "without quotes")],
)  # fmt: skip
def test_what_cannot_be_meant_is_told_with_what_to_give(given: dict[str, Any], why: str) -> None:
    with pytest.raises(BadConnector, match=why):
        Wanted(**given)


def test_without_a_terminal_it_asks_nothing_and_says_what_it_needs(manage: Manage) -> None:
    ran = manage("newconnector")
    assert ran.code == 2 and "newconnector acme_wms" in ran.err


def test_programs_are_told_what_was_made(manage: Manage, tmp_path: Path) -> None:
    made = manage("newconnector", "acme", "--into", str(tmp_path), "--json").json
    assert made["folder"] == str(tmp_path / "acme")
    assert {"README.md", "connector.py", "ledger.toml", "recordings/01-first.json"} <= set(made["files"])
