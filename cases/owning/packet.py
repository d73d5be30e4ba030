"""What the next owner of a case must know, made from what is recorded. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cases.views import CaseView, EventView
from cases.words import VERIFIED

MOST_TOLD, MOST_TRIED, MOST_SAID, MOST_WISHES = 5, 8, 3, 6
WISHED = ("wish", "time", "change", "sent")
"""Kinds of pins that are no references: what they asked for, and what they have done or told already."""
DONE = ("action.asked", "action.ended", "note", "handover.declined", "handover.accepted", "owner.changed")
"""Kinds of events that say what was tried about a case; replies stand under what the customer was told."""


@dataclass(frozen=True)
class Packet:
    """A case as its next owner gets it: plain words and times as ISO 8601, so that it reads the same for ever."""

    question: str
    """In the customer's words."""
    answer: str
    """The answer's headline at the moment of the offer."""
    answer_state: str
    person: str
    told: tuple[dict[str, str], ...] = ()
    """Replies to the customer, newest first, each ``{at, by, words}``."""
    promises: tuple[dict[str, str], ...] = ()
    """Open promises, the first due first, each ``{what, due, owner}``."""
    tried: tuple[dict[str, str], ...] = ()
    """What was done about it, newest first, each ``{at, what, words}``."""
    known: tuple[dict[str, str], ...] = ()
    """What the customer should not have to repeat, each ``{what, words}``."""

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the offer."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Packet:
        """From what was stored; what an older version did not store is empty."""
        told, promises, tried, known = (tuple(data.get(k, ())) for k in ("told", "promises", "tried", "known"))
        question, answer, state, person = (
            str(data.get(k, "")) for k in ("question", "answer", "answer_state", "person")
        )  # fmt: skip
        return cls(question, answer, state, person, told, promises, tried, known)


def packet_of(view: CaseView, promises: Iterable[tuple[str, datetime, str]] = ()) -> Packet:
    """The packet of a case as it is in ``view``. ``promises`` are its open ones: what, due, whose."""
    return Packet(
        question=view.question_title, answer=str(view.answer.headline), answer_state=view.answer.state,
        person=view.person.name,
        told=tuple(_told(e) for e in _told_at_all(view)[:MOST_TOLD]),
        promises=tuple({"what": what, "due": due.isoformat(), "owner": owner} for what, due, owner in promises),
        tried=(*(_tried(e) for e in _newest(view, DONE)[:MOST_TRIED]), *_read(view)),
        known=tuple(_known(view)),
    )  # fmt: skip


def _newest(view: CaseView, kinds: tuple[str, ...]) -> list[EventView]:
    return sorted((e for e in view.events if e.kind in kinds), key=lambda e: -e.seq)


def _told_at_all(view: CaseView) -> list[EventView]:
    """Without letters that were taken back before they left: nobody was told those."""
    back = {(e.data or {}).get("statement") for e in view.events if e.kind == "message.withdrawn"} - {None}
    return [e for e in _newest(view, ("message.out",)) if e.statement_id not in back]


def _told(event: EventView) -> dict[str, str]:
    return {"at": event.at.isoformat(), "by": event.actor_name, "words": event.body}


def _tried(event: EventView) -> dict[str, str]:
    return {"at": event.at.isoformat(), "what": event.title, "words": event.body}


def _read(view: CaseView) -> list[dict[str, str]]:
    """Which sources have been asked, and when last."""
    asked = [s for s in view.evidence.sources if s.asked and s.checked_at]
    if not asked:
        return []
    last = max(s.checked_at for s in asked if s.checked_at)
    return [{"at": last.isoformat(), "what": "Sources were read", "words": ", ".join(s.title for s in asked)}]


def _known(view: CaseView) -> list[dict[str, str]]:
    found = [{"what": "It is about", "words": ", ".join(f"{r.scheme} {r.value}" for r in view.refs)}]
    if view.verified:
        words = f"{VERIFIED.get(view.verified.how, view.verified.how)}, by {view.verified.by}"
        found.append({"what": "Verified", "words": words})
    wishes = [pin for pin in view.pinned if pin.kind in WISHED]
    found += [{"what": pin.what, "words": f"“{pin.words}”", "at": pin.at.isoformat()} for pin in wishes[:MOST_WISHES]]
    for event in _newest(view, ("message.in", "case.opened"))[:MOST_SAID]:
        if event.body:
            found.append({"what": "They wrote", "words": event.body, "at": event.at.isoformat()})
    return found
