"""Whether what customers were told still holds, and how it is put right."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.actors import Actor
from cases.errors import BadInput, WrongState
from cases.measuring.noting import sources_of
from cases.models import Case, Statement, StatementStanding
from cases.selectors.telling import held_against, read_again
from cases.services.alerting import alert_tell
from cases.services.ending import ends_all
from cases.services.record import case_locked, event_add
from cases.told.amounts import same
from cases.told.matching import family
from cases.told.shapes import Contradiction, Said
from cases.views import CaseView
from cases.words import words_clean
from connectors.host.services import clock_tick

log = logging.getLogger(__name__)
BY_TOLD = Actor.rule("told", "What customers were told, held against the facts")


def statements_follow(case: Case, view: CaseView) -> int:
    """After facts changed: statements that hold no longer are found, their owner is told, the case comes back to the
    queue; those that hold again are settled. Returns how many changed; raises only what ends all work."""
    try:
        if not view.told:
            return 0
        now = held_against(view)
        if not any(now.values()) and not any(t.state != "holds" for t in view.told):
            return 0
        return _followed(case, view, now)
    except Exception as error:
        if ends_all(error):
            raise
        log.exception("What the customer of case %s was told could not be held against the facts", case.pk)
        return 0


def _followed(case: Case, view: CaseView, now: Mapping[int, tuple[Contradiction, ...]]) -> int:
    with case_locked(case) as locked:
        rows = {r.pk: r for r in StatementStanding.objects.filter(statement__case=locked)}
        return sum(
            _one(locked, view, id_, found, rows.get(id_)) for id_, found in sorted(now.items())
        )  # fmt: skip


def _one(case: Case, view: CaseView, id_: int, found: Sequence[Contradiction], row: StatementStanding | None) -> bool:
    """One statement, held against the facts as one view has them. A slower reader never overwrites a later one."""
    if row is not None and row.checked_at >= view.as_of:
        return False
    before = {c["key"] for c in row.against} if row else set()
    fresh = [c for c in found if c.key not in before]
    against = [c.as_json() for c in found]
    if fresh:
        _standing(id_, "broken", against, view.as_of)
        _broken(case, id_, against, fresh, view)
        return True
    if row is None or row.state == "holds" or found:
        return False
    _standing(id_, "holds", [], view.as_of)
    if row.state == "broken":
        event_add(case, "told.settled", BY_TOLD, {"statement": id_, "how": "facts", "by": None, "why": ""})
    return row.state == "broken"


def _standing(id_: int, state: str, against: list[dict[str, Any]], at: datetime) -> None:
    StatementStanding.objects.update_or_create(
        statement_id=id_, defaults={"state": state, "against": against, "checked_at": at}
    )


def _broken(
    case: Case, id_: int, against: list[dict[str, Any]], fresh: Sequence[Contradiction], view: CaseView
) -> None:
    """Into the history and to the owner, once; a case that waits or is closed is on the table again."""
    text = broken_words(against)
    keys = [c.key for c in fresh]
    sources = sources_of(view.evidence, {f for c in fresh for f in c.facts})
    data = {"statement": id_, "keys": keys, "against": against, "text": text, "sources": sources}
    at = clock_tick()
    if case.state != "open":
        case.state = data["state"] = "open"  # type: ignore[assignment]
        case.save(update_fields=["state"])
    event = event_add(case, "told.broken", BY_TOLD, data, at)
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    alert_tell(
        person=case.owner_id, case=case, kind="told.broken", at=at, key=f"told:{id_}:{digest}:{event.seq}",
        text=f"Case {case.reference}: what you told the customer no longer holds. {text} Send the correction.",
    )  # fmt: skip


def broken_words(against: Iterable[Mapping[str, Any]]) -> str:
    """What was said and what the facts say now, in a sentence for each."""
    found = []
    for one in against:
        said = " ".join(str(one["said"]).split())
        if one["by"] == "gone":
            found.append(f"“{said}” was told; the source has taken that back.")
        else:
            found.append(f"“{said}” was told; the facts now say {one['text']}.")
    return " ".join(found)


# -- putting it right -----------------------------------------------------------------------------------
def statements_settle(case: Case, view: CaseView, by: Statement, actor: Actor, named: Collection[int] = ()) -> int:
    """A message went out in a locked case: broken statements that it puts right are settled; returns how many.

    It does where it says what is so now of everything that no longer holds, or tells of the facts that speak against
    it, where it repeats what was told as told, or where its writer ``named`` the statement.
    """
    settled = 0
    for row in StatementStanding.objects.filter(statement__case=case, state="broken"):
        told = read_again(view, by)
        said = tuple(Said.from_json(s) for s in by.said)
        if row.pk in named or all(_addresses(c, said, told) for c in row.against):
            _settled(case, row, actor, {"how": "correction", "by": by.pk, "why": ""}, by.at)
            settled += 1
    return settled


def _addresses(one: Mapping[str, Any], said: Sequence[Said], told: Sequence[Said]) -> bool:
    old, new = str(one["value"]), str(one["now"])
    if any(s.type == one["type"] and _equal(s, old) for s in told):
        return True
    if one["facts"] and any(set(one["facts"]) & set(s.facts) for s in said):  # it tells of the very fact
        return True
    mine = [s for s in said if s.type == one["type"] and not s.hedged and family(s.topic) == family(one["topic"])]
    if one["by"] == "gone":
        return False
    if one["type"] == "status":
        return any(s.topic == one["topic"] and s.value == new for s in mine)
    return any(_equal(s, new) for s in mine)


def _equal(said: Said, value: str) -> bool:
    return same(said.value, value) if said.type == "amount" else said.value == value


def statement_settle(*, case: Case, statement: int, why: str, actor: Actor) -> Statement:
    """The customer knows already, or need not: said by a person, with the reason. Raises BadInput, WrongState."""
    why = words_clean(why, field="why", limit=2000)
    with case_locked(case) as locked:
        row = StatementStanding.objects.filter(statement__case=locked, pk=statement).first()
        if row is None and not Statement.objects.filter(case=locked, pk=statement).exists():
            raise BadInput(f"Case {locked.reference} has no statement {statement}.", "statement")
        if row is None or row.state != "broken":
            raise WrongState("This statement holds, or it has been put right already.")
        _settled(locked, row, actor, {"how": "said", "by": None, "why": why}, None)
    return row.statement


def _settled(case: Case, row: StatementStanding, actor: Actor, data: dict[str, Any], at: datetime | None) -> None:
    row.state = "settled"
    row.save(update_fields=["state"])
    event_add(case, "told.settled", actor, {"statement": row.pk, **data}, at)
