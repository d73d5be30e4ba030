"""Everything the case templates need, from one view of a case and the rep's queue."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from cases.selectors import question_title
from cases.views import CaseView, QueueItem
from connectors.host.selectors import house_zone
from workspace.pages.present import talk as talks
from workspace.pages.present.memory import memory
from workspace.pages.present.panel import panel
from workspace.pages.present.promises import KEEPS, TOLD, promises
from workspace.pages.present.telling import telling
from workspace.pages.present.timeline import timeline
from workspace.pages.present.verifying import VERIFY_WAYS, VERIFY_WORDS

STATES = {
    "answered": "Answer ready", "partial": "Partly known", "choose": "Needs your decision",
    "conflict": "Sources disagree", "unknown": "Not known yet",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a case stands in the rep's queue."""

    number: int
    total: int
    previous: str | None
    next: str | None


def place(reference: str, queue: Sequence[QueueItem]) -> Place | None:
    references = [item.reference for item in queue]
    if reference not in references:
        return None
    i = references.index(reference)
    after = references[i + 1] if i + 1 < len(references) else None
    return Place(i + 1, len(references), references[i - 1] if i else None, after)


def case_context(view: CaseView, queue: Sequence[QueueItem], everything: bool = False) -> dict[str, Any]:
    """Template context of the case page and of its live fragments alike."""
    shown = panel(view)
    return {
        "view": view,
        "reference": view.reference,
        "at": view.at,
        "panel": shown,
        "also": [{"answer": a, "title": question_title(a.question), "pill": STATES[a.state]} for a in view.also],
        "timeline": timeline(view, everything),
        "everything": everything,
        "talk": talks.talk(view, shown.cells, reading=bool(shown.reading)),
        "queue": queue,
        "place": place(view.reference, queue),
        "promises": promises(view),
        "telling": telling(view),
        "memory": memory(view),
        "keeps_ways": tuple(KEEPS.items()),
        "told_ways": tuple(TOLD.items()),
        "promise_key": uuid.uuid4().hex,
        "verify_ways": VERIFY_WAYS,
        "verified_how": VERIFY_WORDS.get(view.verified.how, view.verified.how) if view.verified else "",
        "next_who": _who(view),
        "typed": None,
        "conflict": False,
        "on": "cases",
        "zone": timezone.get_current_timezone_name(),
    }


def _who(view: CaseView) -> str:
    """Who must act next, in the timeline's right column."""
    who = view.answer.next.who if view.answer.next else ""
    return {"rep": "You", "nobody": ""}.get(who, who.capitalize())


def zone(view: CaseView) -> tzinfo:
    """The zone in which this case's clock times are printed: its policy's, in which its days are counted, or, where it
    has none, that of the sources pages."""
    named = [str(f.data.get("zone") or f.zone) for f in view.evidence.facts if f.kind.startswith("policy.")]
    try:
        return ZoneInfo(named[0]) if named else house_zone()
    except (ZoneInfoNotFoundError, ValueError):
        return house_zone()
