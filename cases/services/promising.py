"""Promises are made and moved. One active person answers for each at every instant; no event of others ends one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cases.actors import Actor
from cases.errors import BadDue, BadInput
from cases.models import Case, Commitment, Statement
from cases.promises import Due, Promised, due_read
from cases.promises.saying import due_words
from cases.selectors.case import case_view
from cases.selectors.promises import Calendar, calendar_of, default_due
from cases.services.alerting import alert_tell
from cases.services.follow import case_follow
from cases.services.people import person_find
from cases.services.promise_rows import promises_open, row_made, row_replaced
from cases.services.record import case_locked, event_add
from cases.views import CaseView
from cases.words import words_clean
from connectors.host.selectors import moment
from connectors.sdk import Ref

FARTHEST = timedelta(days=1100)

__all__ = ["commitment_make", "commitments_from_statement", "commitments_move", "due_given", "promises_open"]


def commitment_make(
    *, case: Case, what: str, due_at: datetime | None = None, phrase: str = "", owner: Any = None, keeps_kind: str = "",
    keeps_ref: Ref | str = "", actor: Actor, key: str = "", at: datetime | None = None,
) -> Commitment:  # fmt: skip
    """Promise something: by ``due_at``, else as ``phrase`` says, else as the policy in force has it for ``keeps_kind``.

    ``owner`` (default: the case's) is a user or a user name. A fact of ``keeps_kind`` about ``keeps_ref`` (default: the
    case's matter) that is learned later keeps it by itself. Under the same ``key`` it is the same promise. Words are
    read at ``at`` (default: now) in the customer's calendar. Raises BadDue where no time can be held to, BadInput,
    BadWords, WrongState.
    """
    what = words_clean(what, field="what", limit=300)
    phrase = words_clean(phrase, field="phrase", required=False, limit=300)
    key = words_clean(key, field="key", required=False, limit=120)
    with case_locked(case) as locked:
        if key and (same := Commitment.objects.filter(key=key).first()):
            return _same(same, locked, what)
        view = case_view(case=locked)
        where = calendar_of(view.evidence)
        due, rule = due_given(view, where, due_at, phrase, keeps_kind, at or moment()[1])
        given = Promised(what, due, phrase, rule, where.zone, keeps_kind, str(keeps_ref))
        person = person_find(owner if owner else locked.owner, "owner")
        made = row_made(locked, given, person, actor, view=view, key=key)
    case_follow(locked)
    return made


def commitments_from_statement(
    *, case: Case, view: CaseView, statement: Statement, promises: Sequence[Promised], actor: Actor
) -> tuple[Commitment, ...]:
    """Promises that a letter's writer has confirmed, made in the sending transaction, at its tick, while its lock on
    the case is held; ``view`` is the case as it was read for the letter. One that names another in ``follows`` takes
    its place: the letter is how the customer was told. Raises as ``commitment_make``."""
    at, made = statement.at, []
    for asked in promises:
        due = _ahead(asked.due_at, at)
        given = replace(
            asked, what=words_clean(asked.what, field="what", limit=300), due_at=due, phrase=asked.phrase[:300],
            rule=asked.rule or "given", zone=asked.zone or calendar_of(view.evidence).zone,
        )  # fmt: skip
        owner = person_find(_user(asked.owner_id) if asked.owner_id else case.owner, "owner")
        before = _replaced(case, asked.follows) if asked.follows else None
        if before is not None:
            row_replaced(before, actor, at, due_at=due, why="", told="letter", statement=statement.pk)
        made.append(row_made(case, given, owner, actor, view=view, at=at, statement=statement, follows=before))
    return tuple(made)


def commitments_move(*, case: Case, to: Any, actor: Actor, at: datetime, why: str = "") -> int:
    """Every open promise of a locked case gets a new owner, who is told; returns how many. ``at`` is the
    transaction's tick. For handovers and people who leave."""
    moved = [p for p in promises_open(case) if p.owner_id != to.pk]
    if not moved:
        return 0
    Commitment.objects.filter(pk__in=[p.pk for p in moved]).update(owner=to)
    name = Actor.person(to).name
    event = event_add(
        case, "commitment.moved", actor,
        {"commitments": [p.pk for p in moved], "what": [p.what for p in moved], "promise_owner": to.pk,
         "promise_owner_name": name, "why": why}, at,
    )  # fmt: skip
    first = f"{moved[0].what}, {due_words(moved[0].due_at, moved[0].zone)}"
    many = f"{len(moved)} promises are yours now. The first: {first}."
    text = many if len(moved) > 1 else f"A promise is yours now: {first}."
    alert_tell(person=to, case=case, kind="promise.moved", text=text, key=f"promise.moved.{event.pk}", at=at)
    return len(moved)


def due_given(
    view: CaseView, where: Calendar, due_at: datetime | None, phrase: str, keeps_kind: str, at: datetime
) -> tuple[datetime, str]:
    """When it is due and by which rule. Raises BadDue, whose sentence asks for what is missing."""
    if due_at is not None:
        return _ahead(due_at, at), "given"
    if phrase:
        read = due_read(phrase, at, where.zone, where.holidays)
        if isinstance(read, Due):
            return read.at, read.rule
        raise BadDue(read.ask if read else "No time can be read in that. Say by when: a day, or a time.", "phrase")
    default = default_due(view.evidence, keeps_kind, at)
    if default is None:
        raise BadDue("Say by when: a day, or a time. No policy sets one for this.", "due_at")
    return default


def _ahead(due_at: datetime, at: datetime) -> datetime:
    if due_at.tzinfo is None:
        raise BadDue("The time needs a zone, e.g. 2026-11-27T15:00:00+02:00.", "due_at")
    if not at < due_at <= at + FARTHEST:
        raise BadDue("A promise is due in the future, within three years. Give another time.", "due_at")
    return due_at.astimezone(UTC)


def _same(found: Commitment, case: Case, what: str) -> Commitment:
    if (found.case_id, found.what) != (case.pk, what):
        raise BadInput("This key was used for another promise. Take a new one.", "key")
    return found


def _replaced(case: Case, id: int) -> Commitment:
    found = Commitment.objects.select_related("case").filter(case=case, pk=id, state="open").first()
    if found is None:
        raise BadInput(f"Promise {id} is not open in this case; nothing can take its place.", "follows")
    return found


def _user(id: int) -> Any:
    from django.contrib.auth import get_user_model

    found = get_user_model().objects.filter(pk=id).first()
    return found if found is not None else str(id)
