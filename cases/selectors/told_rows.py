"""Statements as they stood at some moment: their rows never change, their standing is folded from the case's events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases.errors import CaseNotFound
from cases.models import Case, Statement
from cases.told.holding import Told
from cases.told.reading import read
from cases.told.shapes import Said
from cases.views import EventView, Recipient, ToldView


@dataclass(frozen=True)
class _Standing:
    state: str = "holds"
    against: tuple[Mapping[str, Any], ...] = ()
    since: datetime | None = None


def told_views(row: Case, events: Sequence[EventView], as_of: datetime, zone: str, about: str) -> tuple[ToldView, ...]:
    """What the customer had been told by ``as_of``, newest first. A letter that was taken back was never told."""
    spoken = {e.statement_id: e for e in events if e.statement_id}
    if not spoken:
        return ()
    back = {(e.data or {}).get("statement") for e in events if e.kind == "message.withdrawn"}
    standing = standings(events)
    rows = Statement.objects.filter(case=row, at__lte=as_of, pk__in=set(spoken) - back).select_related("recipient")
    return tuple(
        _view(s, spoken[s.pk].actor_name, standing.get(s.pk, _Standing()), zone, about)
        for s in rows.order_by("-at", "-pk")
    )  # fmt: skip


def standings(events: Sequence[EventView]) -> dict[int, _Standing]:
    """By statement: what the events say has become of it."""
    found: dict[int, _Standing] = {}
    for event in events:
        data = event.data or {}
        if event.kind == "told.broken":
            found[data["statement"]] = _Standing("broken", tuple(data.get("against", ())), event.at)
        elif event.kind == "told.settled":
            was = found.get(data["statement"], _Standing())
            held = data.get("how") == "facts"
            found[data["statement"]] = replace(was, state="holds" if held else "settled", since=event.at,
                                               against=() if held else was.against)  # fmt: skip
    return found


def _view(s: Statement, by: str, standing: _Standing, zone: str, about: str) -> ToldView:
    to = [r for r in s.recipients if isinstance(r, dict)] or (
        [{"ref": f"{s.recipient.scheme}:{s.recipient.value}", "how": "to"}] if s.recipient else []
    )
    return ToldView(
        id=s.pk, event=s.event_id, at=s.at, words=s.words, channel=s.channel, by=by,
        recipients=tuple(Recipient(str(r["ref"]), str(r.get("how", "to"))) for r in to), claims=tuple(s.claims),
        said=said_of(s, zone, about), kept=tuple(s.kept), helped=s.helped, state=standing.state,  # type: ignore[arg-type]
        against=standing.against, changed_at=standing.since,
    )  # fmt: skip


def said_of(s: Statement, zone: str, about: str) -> tuple[Said, ...]:
    """Its typed claims: as they were stored, or, from before they were, those that its answer's sentences make."""
    if s.said or s.helped:
        return tuple(Said.from_json(one) for one in s.said)
    found: list[Said] = []
    for claim in s.claims:
        start = s.words.find(claim["text"])
        for one in read(claim["text"], s.at, zone, about=about).said if start >= 0 else ():
            span = (one.span[0] + start, one.span[1] + start)
            found.append(replace(one, span=span, facts=tuple(claim["facts"]), claim=claim["key"]))
    return tuple(found)


def as_told(view: ToldView, reference: str = "") -> Told:
    return Told(view.id, view.at, view.words, view.said, reference)


def statement_get(*, case: Any, id: int) -> Statement:
    """One statement of this case. Raises CaseNotFound."""
    found = Statement.objects.filter(case=getattr(case, "pk", case), pk=id).first()
    if found is None:
        raise CaseNotFound(f"This case has no statement {id}.")
    return found
