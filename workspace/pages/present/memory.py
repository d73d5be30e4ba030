"""What was told already, what the words ask, and earlier cases, as the case page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cases.selectors import question_title, questions_known
from cases.views import CaseView, Pinned, Proposal
from workspace.pages.present.timeline import Day, timeline

SHOWN = 4
ICONS = {"wish": "hand", "time": "clock", "change": "info", "sent": "file-text", "identity": "lock", "ref": "link"}


@dataclass(frozen=True)
class PinLine:
    """One pin. ``add`` is a reference that the case could also be about."""

    pin: Pinned
    icon: str
    add: str


@dataclass(frozen=True)
class MemoryPage:
    first: tuple[PinLine, ...]
    more: tuple[PinLine, ...]
    proposal: Proposal | None
    read_from: tuple[str, ...]
    """The words from which the question was read; empty where somebody chose it."""
    guessed: bool
    """True where no words spoke for the question: it is the default."""
    questions: tuple[tuple[str, str], ...]
    """Every other question, ``(name, title)``."""
    earlier: bool
    """True where the customer has earlier cases."""


def memory(view: CaseView) -> MemoryPage:
    lines = [line for pin in view.pinned if (line := _line(pin, view))]
    others = tuple((name, question_title(name)) for name in questions_known() if name not in view.questions)
    words = view.evidence_words if view.chosen == "words" else ()
    return MemoryPage(
        first=tuple(lines[:SHOWN]), more=tuple(lines[SHOWN:]), proposal=view.proposal, read_from=words,
        guessed=view.chosen == "default" and bool(view.asked), questions=others,
        earlier=any(o.opened_at < view.opened_at for o in view.others),
    )  # fmt: skip


def _line(pin: Pinned, view: CaseView) -> PinLine | None:
    """What stands elsewhere on the page (the case's own references, who is verified here) is not shown twice."""
    known = {str(r) for r in (*view.refs, *view.evidence.refs, *view.person.refs)}
    if pin.ref in known or (pin.kind == "identity" and view.verified):
        return None
    add = pin.ref if pin.kind == "ref" and view.live and view.state != "closed" else ""
    return PinLine(pin, ICONS.get(pin.kind, "message-circle"), add)


@dataclass(frozen=True)
class EarlierPage:
    """One earlier case under the timeline. What the present case shows is not shown again."""

    days: tuple[Day, ...]
    headline: str


def earlier_page(view: CaseView, now: CaseView) -> EarlierPage:
    known = {e.id for e in now.timeline if e.type == "fact"}
    mine = replace(view, timeline=tuple(e for e in view.timeline if e.id not in known))
    return EarlierPage(_renamed(timeline(mine, everything=True).days, view.reference), str(view.answer.headline))


def _renamed(days: Sequence[Day], reference: str) -> tuple[Day, ...]:
    """Ids of rows that no other case on the page has."""
    return tuple(
        replace(day, rows=tuple(replace(r, entry=replace(r.entry, id=f"c{reference}-{r.entry.id}")) for r in day.rows))
        for day in days
    )  # fmt: skip
