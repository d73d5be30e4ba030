"""The second person's yes: everything that the list says goes, in one transaction, and that it went is on record."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db import connection, transaction

from cases.actors import Actor
from cases.errors import WrongState
from cases.models import Case, Commitment, Erasure, ErasureRequest, Event
from cases.retention.policy import MONEY
from cases.selectors.erasing import erasure_plan
from cases.services.accessing import access_record
from cases.services.filing import file_path
from cases.services.follow import followed_once, summary_refresh
from cases.services.promise_ends import commitment_withdraw
from cases.services.record import event_add
from cases.services.retention.asking import second_person, waiting
from cases.services.retention.clearing import cases_clear, files_of, letters_clear, refs_end, statements_clear
from cases.services.states import case_close
from cases.signals import content_erased
from cases.views.retention import Plan
from connectors.host.selectors import moment
from connectors.host.services.erasing import facts_reduce, records_lock, words_clear
from customers.services import customers_forget

log = logging.getLogger(__name__)
WHY_CLOSED = "The customer is erased on request"


def erasure_approve(*, request: int, digest: str, actor: Actor) -> Erasure:
    """Say yes to a request of somebody else's, and do it. ``digest`` is that of the list which the person has read.

    All of it is one transaction: where something stands against it, no case is closed and no promise withdrawn either.
    What sources tell of the customer from then on is new. Raises NotYours, and WrongState where something stands
    against it, or where the list is not the same any more.
    """
    with followed_once(), transaction.atomic():
        row = waiting(request)
        second_person(row, actor)
        plan = _held_still(row, digest)
        access_record(actor=actor, what="erasure", customer=row.customer_id, why=f"Yes to request {row.pk}")
        plan = _matters_end(plan, actor)
        row.state, row.decided_by_id, row.decided_at = "approved", int(actor.id), moment()[1]
        row.save()
        files = files_of(plan.rows["letter"])
        done = _erase(row.pk, plan, actor)
    files_delete(files)
    planner_forget()
    return done


def _held_still(row: ErasureRequest, digest: str) -> Plan:
    """The list, with nothing to be added to it any more: holds first, then cases, promises and records, and the clock
    after all of them."""
    with connection.cursor() as cursor:  # a hold is set before this and seen below, or it waits for the end
        cursor.execute("LOCK TABLE cases_legalhold IN SHARE MODE")
    seen = erasure_plan(customer=row.customer_id, decisions=row.decisions)
    list(Case.objects.select_for_update().filter(pk__in=seen.cases).order_by("pk"))
    list(Commitment.objects.select_for_update().filter(case__in=seen.cases).order_by("pk"))
    records_lock(seen.rows["fact"])
    plan = erasure_plan(customer=row.customer_id, decisions=row.decisions)
    if left := [a.sentence for a in plan.against if a.blocks]:
        raise WrongState(" ".join(left))
    if plan.digest != digest or plan.cases != seen.cases:
        raise WrongState("Something has been added since this list was made. Read it again, then say yes.")
    return plan


def _matters_end(plan: Plan, actor: Actor) -> Plan:
    """As was decided: promises are no longer owed, cases are closed. What says so goes with the rest."""
    for promise in Commitment.objects.filter(case__in=plan.cases, state="open").order_by("pk"):
        commitment_withdraw(commitment=promise, why=WHY_CLOSED, actor=actor)
    for case in Case.objects.filter(pk__in=plan.cases).exclude(state="closed").order_by("pk"):
        case_close(case=case, actor=actor, why=WHY_CLOSED)
    events = set(Event.objects.filter(case__in=plan.cases).values_list("pk", flat=True))
    return replace(plan, rows={**plan.rows, "event": tuple(sorted(events | set(plan.rows["event"])))})


def _erase(request: int, plan: Plan, actor: Actor) -> Erasure:
    cases = list(Case.objects.filter(pk__in=plan.cases).order_by("pk"))
    facts_reduce(ids=plan.kept_ids, keys=MONEY)
    done = history_erase({"request": request, "rows": plan.rows, "needles": plan.needles})
    statements_clear(statements=plan.rows["statement"])
    letters_clear(letters=plan.rows["letter"])
    words_clear(needles=plan.needles)
    cases_clear(cases=plan.cases, needles=plan.needles)
    refs_end(cases=plan.cases, at=done.at)
    customers_forget(members=plan.members)
    content_erased.send(Erasure, events=plan.rows["event"], cases=[c.reference for c in cases], needles=plan.needles)
    for case in cases:
        event_add(case, "case.erased", actor, {"erasure": done.pk})
        summary_refresh(case=case)
    return done


def history_erase(act: Mapping[str, Any]) -> Erasure:
    """Call the one database function that may; it checks everything again. In a transaction of the caller's."""
    said = {**act, "rows": {what: list(ids) for what, ids in act["rows"].items() if what != "case"}}
    with connection.cursor() as cursor:
        cursor.execute("SELECT history_erase(%s::jsonb)", [json.dumps(said)])
        found = cursor.fetchone()[0]
    found = json.loads(found) if isinstance(found, str) else found
    return Erasure.objects.get(pk=found["erasure"])


def planner_forget() -> None:
    """The planner's samples of the tables are made anew: the old ones may hold what has just gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT history_forgotten()")


def files_delete(digests: Collection[str]) -> int:
    """Delete files of letters that nobody's row names any more, once that is committed; gives how many."""
    gone = 0
    for digest in digests:
        try:
            file_path(digest).unlink(missing_ok=True)
            gone += 1
        except OSError:
            log.exception("A letter's file could not be deleted: %s", digest[:12])
    return gone
