"""Opening cases, and what they are about."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from cases import questions
from cases.actors import Actor
from cases.errors import UnknownQuestion
from cases.models import Case, CaseQuestion, CaseRef, Event
from cases.services.follow import case_follow
from cases.services.handing import case_pool
from cases.services.people import person_held
from cases.services.reading import question_chosen, words_read
from cases.services.record import case_locked, event_add
from cases.services.teams import Routed, case_route, team_for
from cases.words import MAX_REFS, channel_clean, refs_clean, words_clean
from connectors.host.services import clock_tick, refs_intern
from connectors.sdk import Ref

log = logging.getLogger(__name__)


def case_open(
    *,
    question: str = "",
    refs: Sequence[Ref | str],
    message: str = "",
    subject: str = "",
    actor: Actor,
    channel: str = "web",
    owner: Any = None,
    details: Mapping[str, Any] | None = None,
    also: Callable[[Case, Event], None] | None = None,
) -> Case:
    """Open a case about ``refs`` with the customer's words. Without a ``question`` the words propose it, together with
    ``subject``, and the references of a matter in them are the case's too. Its owner is ``owner``, else the person who
    opens it, else whom the routing of its question chooses. Where nobody of the team is at work, its lead has the case
    and it is offered to the team. ``details`` go into the event's payload; ``also`` is done in the same transaction.

    Raises UnknownQuestion, BadRef, BadWords, NoOwner.
    """
    message = words_clean(message, field="message", required=False)
    chosen = question_chosen(question, f"{subject}\n{message}")
    question = question_clean(chosen.question)
    refs = list(dict.fromkeys([*refs_clean(refs), *chosen.refs]))[:MAX_REFS]
    channel_clean(channel)
    with transaction.atomic():
        routed = _routed(question, actor, owner)
        user, team = routed.owner, routed.team or team_for(question)
        ids = refs_intern(refs)
        at = clock_tick()
        case = Case.objects.create(opened_at=at, channel=channel, owner=user, team=team)
        CaseQuestion.objects.create(case=case, name=question, main=True, added_at=at)
        CaseRef.objects.bulk_create(CaseRef(case=case, ref_id=ids[r], added_at=at) for r in refs)
        event = event_add(
            case, "case.opened", actor,
            {**(details or {}), "question": question, "refs": [str(r) for r in refs], "message": message,
             "channel": channel, "state": "open", "owner": user.pk, "owner_name": Actor.person(user).name,
             "team": team.name if team else "", "routed": routed.why, "chosen": chosen.how,
             "evidence": list(chosen.evidence), "read": words_read(message)}, at,
        )  # fmt: skip
        if also is not None:
            also(case, event)
    case_follow(case)
    if routed.pool is not None:
        case_pool(case=case, routed=routed)
    case.refresh_from_db()
    return case


def refs_add(*, case: Case, refs: Iterable[Ref | str], actor: Actor) -> Case:
    """Say that a case is also about these refs. Nothing is written where it is already. Raises BadRef."""
    wanted = refs_clean(refs)
    with case_locked(case) as locked:
        ids = refs_intern(wanted)
        held = set(locked.refs.filter(removed_at=None).values_list("ref_id", flat=True))
        new = [r for r in wanted if ids[r] not in held]
        if new:
            at = clock_tick()
            CaseRef.objects.bulk_create(CaseRef(case=locked, ref_id=ids[r], added_at=at) for r in new)
            event_add(locked, "ref.added", actor, {"refs": [str(r) for r in new]}, at)
    if new:
        case_follow(locked)
    return locked


def question_clean(question: str) -> str:
    """The name of a question that has rules. Raises UnknownQuestion, which lists them."""
    known = questions.names()
    if question not in known:
        raise UnknownQuestion(
            f"{str(question)[:60]!r} is not a question that can be answered. Use one of: {', '.join(sorted(known))}.",
            "question",
        )
    return question


def _routed(question: str, actor: Actor, owner: Any) -> Routed:
    """Whose the case is: the one given, else the person who opens it, else by its question."""
    person = owner or (get_user_model().objects.filter(pk=actor.id).first() if actor.kind == "person" else None)
    if person is not None and person_held(person):
        return Routed(person, None, "")
    return case_route(question)
