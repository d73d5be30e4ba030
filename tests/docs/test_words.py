"""What the pages of the documentation say of the product's own pages stands there."""

from __future__ import annotations

import html
import re

from connectors.sdk import Settings
from connectors.sdk.forms import fields_of
from tests.docs.pages import ROOT, prose, words
from workspace.metrics import LABELLED, PLAIN
from workspace.pages.sources.wording import STATES

PEOPLE = ["production", "sources", "outbound", "first-connector", "reps"]
ELSEWHERE = {"Signing secret", "Nordic Lockers"}
"""Words of other products."""
WORKSPACE = html.unescape(
    "".join(words(p) for kind in ("html", "py") for p in sorted((ROOT / "workspace").rglob(f"*.{kind}")))
) + " ".join(field.label for field in fields_of(Settings))


def test_every_button_and_heading_that_is_named_is_there() -> None:
    lost = [
        f"{page}: {name}"
        for page in PEOPLE
        for names in re.findall(r"(?<![*\w])\*([A-Z][^*\n]+)\*(?!\*)", prose(ROOT / f"docs/{page}.md"))
        for name in names.split(" → ")
        if name not in ELSEWHERE and name.replace("'", "’") not in WORKSPACE and name not in WORKSPACE
    ]
    assert lost == []


def test_every_state_of_a_source_is_explained_by_its_word() -> None:
    rows = re.findall(r"^\| ([A-Z][a-zA-Z, ]+) \| ", words(ROOT / "docs/sources.md"), re.M)
    said = {word for row in rows for word in row.split(", ")}
    assert [look.word for look in STATES.values() if look.word not in said] == []


def test_every_metric_is_listed() -> None:
    listed = set(re.findall(r"`(\w+)`", prose(ROOT / "docs/sources.md").partition("| metric ")[2]))
    assert [name for name, *_ in (*PLAIN, *LABELLED) if name not in listed] == []
