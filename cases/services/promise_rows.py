"""The rows of promises and their events, for the verbs that hold the case."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.actors import Actor
from cases.errors import BadInput, WrongState
from cases.models import Case, Commitment, Statement
from cases.promises import Promised
from cases.promises.pacing import warn_at
from cases.selectors.owning import team_hours
from cases.selectors.promises import keeping_fact, matter_of
from cases.services.alerting import alert_tell, alerts_settle
from cases.services.ending import ends_all
from cases.services.record import case_locked, event_add
from cases.views import CaseView
from connectors.host.services import clock_tick, refs_intern
from connectors.sdk import Ref

log = logging.getLogger(__name__)
MOST_OPEN = 50
BY_FACTS = Actor.rule("promise-kept-by-fact", "What a source says")


def promises_open(case: Case) -> tuple[Commitment, ...]:
    """The case's open promises, the first due first."""
    rows = Commitment.objects.filter(case=case, state="open").select_related("owner", "keeps_ref")
    return tuple(rows.order_by("due_at", "pk"))


def row_made(
    case: Case, given: Promised, owner: Any, actor: Actor, *, view: CaseView, at: datetime | None = None, key: str = "",
    statement: Statement | None = None, follows: Commitment | None = None,
) -> Commitment:  # fmt: skip
    """The row and its event, in a transaction that holds the case."""
    if case.state == "closed":
        raise WrongState("The case is closed. Reopen it, then promise.")
    if len(promises_open(case)) >= MOST_OPEN:
        raise WrongState(f"The case has {MOST_OPEN} open promises. Answer for those first.")
    ref = _keeps_ref(view, given)
    ref_id = refs_intern([ref])[ref] if ref else None
    at = at or clock_tick()
    made = Commitment.objects.create(
        case=case, owner=owner, what=given.what, phrase=given.phrase, due_at=given.due_at, zone=given.zone,
        rule=given.rule, keeps_kind=given.keeps_kind, keeps_ref_id=ref_id, statement=statement, follows=follows,
        key=key or None, made_at=at, warn_at=warn_at(at, given.due_at, given.zone, *team_hours(case)),
    )  # fmt: skip
    event_add(
        case, "commitment.made", actor,
        {"commitment": made.pk, "what": made.what, "phrase": made.phrase, "due_at": made.due_at.isoformat(),
         "zone": made.zone, "rule": made.rule, "promise_owner": owner.pk,
         "promise_owner_name": Actor.person(owner).name, "keeps_kind": made.keeps_kind, "keeps_ref": str(ref or ""),
         "follows": follows.pk if follows else None, "statement": statement.pk if statement else None}, at,
    )  # fmt: skip
    if (actor.kind, actor.id) != ("person", str(owner.pk)):
        text = f"{actor.name or 'Somebody'} promised a customer something in your name: {made.what}."
        alert_tell(person=owner, case=case, kind="promise.made", text=text, key=f"promise.{made.pk}.made", at=at)
    return made


def row_replaced(
    before: Commitment, actor: Actor, at: datetime, *, due_at: datetime, why: str, told: str,
    statement: int | None = None,
) -> None:  # fmt: skip
    """An open promise ends because another takes its place, and the customer knows. Raises WrongState."""
    evidence = {"why": why, "told": told, "new_due_at": due_at.isoformat(), "statement": statement}
    row_ended(before, "renegotiated", actor, evidence, at)


def _keeps_ref(view: CaseView, given: Promised) -> Ref | None:
    if not given.keeps_kind:
        return None
    try:
        return Ref.parse(given.keeps_ref) if given.keeps_ref else matter_of(view)
    except ValueError as error:
        raise BadInput(str(error), "keeps_ref") from error


def row_ended(
    promise: Commitment, state: str, actor: Actor, evidence: Mapping[str, Any], at: datetime | None = None
) -> Commitment:
    """An open promise of a locked case ends for good; its event says why. Raises WrongState."""
    if promise.state != "open":
        raise WrongState(f"This promise is {promise.state} already. Make a new one instead.")
    at = at or clock_tick()
    promise.state, promise.ended_at, promise.evidence = state, at, dict(evidence)
    promise.save(update_fields=["state", "ended_at", "evidence"])
    over = [f"promise.{promise.pk}.{told}" for told in ("warned", "late", "escalated")]
    alerts_settle(case=promise.case, keys=over, at=at)
    data = {"commitment": promise.pk, "what": promise.what, **evidence}
    event_add(promise.case, f"commitment.{state}", actor, data, at)
    return promise


def row_unsaid(promise: Commitment, actor: Actor, view: CaseView) -> None:
    """The letter that made an open promise never left. One whose place it took is owed again, as it was."""
    before = promise.follows
    row_ended(promise, "withdrawn", actor, {"why": "The reply that promised it was taken back before it left."})
    if before is not None:
        ref = f"{before.keeps_ref.scheme}:{before.keeps_ref.value}" if before.keeps_ref else ""
        given = Promised(
            before.what, before.due_at, before.phrase, before.rule, before.zone, before.keeps_kind, ref
        )
        row_made(promise.case, given, promise.owner, actor, view=view, follows=promise)


def commitments_follow(case: Case, view: CaseView) -> int:
    """Promises whose fact has arrived are kept, with that fact as evidence. Returns how many; raises only what ends all
    work."""
    try:
        return _follow(case, view)
    except Exception as error:
        if ends_all(error):
            raise
        log.exception("Whether promises of case %s are kept could not be seen", case.pk)
        return 0


def _follow(case: Case, view: CaseView) -> int:
    waiting = Commitment.objects.filter(case=case, state="open").exclude(keeps_kind="")
    found = {p.pk: fact for p in waiting.select_related("keeps_ref") if (fact := keeping_fact(p, view.evidence))}
    if not found:
        return 0
    kept = 0
    with case_locked(case) as locked:
        for promise in Commitment.objects.filter(case=locked, pk__in=found, state="open").order_by("pk"):
            fact = found[promise.pk]
            promise.case = locked
            why = f"{fact.source_title}: {fact.said}"
            row_ended(promise, "kept", BY_FACTS, {"why": why, "fact": fact.id, "source": fact.source})
            kept += 1
    return kept
