"""A case at any moment of its past, by the same selectors as its page, with what came before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from cases.answers import Answer, cited
from cases.judging.recorded import answer_of, differences
from cases.judging.stops import at_stop, history, stops
from cases.models import Case, Event
from cases.selectors.case import answer_before, case_view, view_before
from cases.selectors.judging import statement_judged
from cases.selectors.rows import case_row
from cases.views import CaseView, Judgement, TimelineEntry
from cases.views.replaying import Clock, Look, Recorded, Replay
from connectors.host.selectors import facts_learned


def case_replay(*, case: Case | int | str, as_of: datetime | None = None, clock: Clock = "known") -> Replay:
    """The page of a case as it was at ``as_of`` (None: as it is), read-only, in a fixed number of queries.

    A moment before the case was open is that of its opening, one in the future is now. Raises CaseNotFound.
    """
    row = case_row(case)
    now, then = _views(row, as_of)
    view, today = then, then.answer
    recorded = _recorded(row, view, now)
    if recorded is not None and recorded.current and recorded.differs:
        view = replace(view, answer=recorded.answer, draft="")
    found = stops(_history(now, view), clock, view.as_of, row.opened_at, now.as_of)
    seq, digest = _head(row, view.as_of)
    judged = _judgement(row, view, now)
    return Replay(
        view=view, today=today, now=now, clock=clock, stops=found, at_stop=at_stop(found), is_now=then is now,
        recorded=recorded, looks=_looks(row, view, recorded, today, judged), judgement=judged, seq=seq, digest=digest,
    )  # fmt: skip


def case_moment(
    *, case: Case | int | str, stop: int, clock: Clock = "known", as_of: datetime | None = None
) -> datetime | None:
    """The instant at which a stop of the replay of ``as_of`` is looked at; None for the last, which is now. Raises
    CaseNotFound."""
    row = case_row(case)
    now, view = _views(row, as_of)
    found = stops(_history(now, view), clock, view.as_of, row.opened_at, now.as_of)
    return found[stop].moment if 0 <= stop < len(found) - 1 else None


def _views(row: Case, as_of: datetime | None) -> tuple[CaseView, CaseView]:
    """The case now, and as it was: the same where the moment is now."""
    now = replace(case_view(case=row), live=False, proposal=None)
    if as_of is None or as_of >= now.at:
        return now, now
    return now, view_before(now, row, max(as_of, row.opened_at))


def _history(now: CaseView, view: CaseView) -> tuple[TimelineEntry, ...]:
    evidences = (now.evidence, view.evidence)
    refs = {r for e in evidences for r in (*e.refs, *e.seeds) if r.is_matter}
    return history(now, facts_learned(refs=sorted(refs), until=now.as_of), cited(now.answer))


def _judgement(row: Case, view: CaseView, now: CaseView) -> Judgement | None:
    """Of the last message that the customer had been told by then; one that was taken back was told to nobody."""
    return statement_judged(case=row, statement=view.told[0].id, until=now) if view.told else None


def _head(row: Case, as_of: datetime) -> tuple[int, str]:
    found = Event.objects.filter(case=row, at__lte=as_of).order_by("-seq").values_list("seq", "digest").first()
    return (int(found[0]), str(found[1])) if found else (0, "")


# -- what was shown -------------------------------------------------------------------------------------
def _recorded(row: Case, view: CaseView, now: CaseView) -> Recorded | None:
    """The last answer that anybody was shown of what was known by then, and whether it is that of the moment."""
    shown = _of_what_was_known(row, "answer.shown", view.as_of).order_by("-seq")
    found = shown.values_list("id", "at", "payload__data").first()
    if found is None or not found[2]:
        return None
    event, at, data = found
    same = data["digest"] == view.answer.digest
    again = view.answer if same else _again(row, data, now)
    changed = () if data["digest"] == again.digest else differences(data["content"], _plain(again.content()))
    return Recorded(
        event=event, shown_at=at, to=str(data.get("by") or ""), digest=str(data["digest"]), rules=str(data["rules"]),
        answer=answer_of(data["content"], view.answer, view.evidence), differs=changed,
        current=again.digest == view.answer.digest,
    )  # fmt: skip


def _again(row: Case, data: Mapping[str, Any], now: CaseView) -> Answer:
    """What today's rules make of what was known when that answer was shown."""
    as_of, at = (datetime.fromisoformat(str(data[k])) for k in ("as_of", "at"))
    return answer_before(now, row, as_of, at).answer


def _plain(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """With lists where JSON has them."""
    following = content["next"]
    return {**content, "next": list(following) if following else None}


def _of_what_was_known(row: Case, kind: str, as_of: datetime) -> QuerySet[Event]:
    """Pages whose state was that of the moment or an earlier one: they were recorded a little after they were made."""
    made = Cast(KeyTextTransform("as_of", "payload__data"), DateTimeField())
    return Event.objects.filter(case=row, kind=kind).annotate(made=made).filter(made__lte=as_of)


def _looks(
    row: Case, view: CaseView, recorded: Recorded | None, today: Any, judged: Judgement | None
) -> tuple[Look, ...]:
    """Who had the case open as it was then, each person's last look, the latest first. At the moment of a message, only
    what was seen before it counts."""
    as_of = view.as_of
    viewed = _of_what_was_known(row, "case.viewed", as_of).filter(payload__data__live=True)
    if judged is not None and judged.at == as_of:
        viewed = viewed.filter(at__lte=as_of)
    last = viewed.order_by("actor_kind", "actor", "-seq").distinct("actor_kind", "actor")
    rows = list(last.values_list("actor", "at", "payload__data__by", "payload__data__digest"))
    said = _headlines(row, as_of, {digest for *_, digest in rows})
    shown = recorded.digest if recorded is not None and recorded.current else today.digest
    looks = [
        Look(actor, str(by or "Somebody"), at, str(digest or ""), said.get(digest, ""), digest == shown)
        for actor, at, by, digest in rows
    ]  # fmt: skip
    return tuple(sorted(looks, key=lambda look: look.at, reverse=True))


def _headlines(row: Case, as_of: datetime, digests: set[str]) -> dict[str, str]:
    """By digest: the sentence that was shown."""
    shown = _of_what_was_known(row, "answer.shown", as_of).filter(payload__data__digest__in=digests)
    return dict(shown.order_by("seq").values_list("payload__data__digest", "payload__data__content__headline"))
