"""The demo's cases: opened once, found again by every later run. Opening stores no facts; looking asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model

from cases.selectors import case_view, cases_list
from cases.services import Actor, case_open
from connectors.sdk import Ref
from workspace.demo.prepare import PEOPLE


def cases_keep(wanted: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The reference of the case of each situation. ``wanted`` has question, refs, message and channel of each.

    A case is the same where somebody asked the same about the same references, however long ago.
    """
    rep = Actor.person(get_user_model().objects.get(username=PEOPLE["rep"][0]))
    found = {}
    for situation, body in wanted.items():
        known = _known(body["refs"], body["message"])
        found[situation] = known or case_open(**body, actor=rep).reference
    return found


def _known(refs: Sequence[str], message: str) -> str:
    """The oldest case with these words about these references; empty where there is none."""
    for item in reversed(cases_list(ref=Ref.parse(refs[0]), limit=200)):
        view = case_view(case=item.reference)
        if set(map(str, view.refs)) >= set(refs) and any(_words(event) == message for event in view.events):
            return item.reference
    return ""


def _words(event: Any) -> object:
    return (event.data or {}).get("message") if event.kind == "case.opened" else None
