"""Nothing goes by one person alone, nothing that the request does not cover, nothing behind the function's back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from cases.errors import BadInput, NotYours, WrongState
from cases.models import Case, ErasureRequest, EventPayload
from cases.selectors import chain_verify
from cases.selectors.erasing import erasure_plan
from cases.services import Actor, note_add
from cases.services.retention import erasure_approve, erasure_ask, erasure_decide, legal_hold_lift, legal_hold_set
from cases.signals import content_erased
from connectors.host.models import Check, Inbound, Source, SourceLog
from connectors.host.services import Asked, RefOutcome, facts_record
from connectors.sdk import Ref
from tests.database import TestDatabase
from tests.retention.conftest import MAYA, NAME, NEEDLES, NOW, Say, deliver, erased, opened, row
from tests.retention.searching import found_in


def ask(customer: int, by: User) -> Any:
    return erasure_ask(customer=customer, why="Ticket P-9", actor=Actor.person(by))


def test_who_asked_cannot_say_yes(customer: int, ada: User):
    asked = ask(customer, ada)
    with pytest.raises(NotYours, match="somebody else"):
        erasure_approve(request=asked.id, digest="", actor=Actor.person(ada))


def test_a_reason_may_not_name_them(customer: int, ada: User):
    with pytest.raises(BadInput, match="may not name"):
        erasure_ask(customer=customer, why=f"{NAME} wrote to us", actor=Actor.person(ada))


def test_what_stands_against_it_is_decided_first(customer: int, whole: Case, ada: User, ben: User):
    asked = ask(customer, ada)
    plan = erasure_plan(customer=customer)
    assert {a.key for a in plan.against} == {"cases", "promises"} and not plan.ready
    with pytest.raises(WrongState, match="still open"):
        erasure_approve(request=asked.id, digest=plan.digest, actor=Actor.person(ben))
    whole.refresh_from_db()
    assert whole.state == "open" and EventPayload.objects.filter(event__case=whole).exists()


def test_what_stops_it_halfway_leaves_cases_and_promises_as_they_were(
    customer: int, whole: Case, ada: User, ben: User
):
    def refuse(sender: object, **_: Any) -> None:
        raise WrongState("Not now.")

    content_erased.connect(refuse, dispatch_uid="refuse")
    try:
        with pytest.raises(WrongState, match=r"Not now\."):
            erased(customer, ada, ben)
    finally:
        content_erased.disconnect(dispatch_uid="refuse")
    whole.refresh_from_db()
    assert whole.state == "open" and whole.commitments.filter(state="open").exists()
    assert found_in(NEEDLES) and ErasureRequest.objects.get().state == "asked"


def test_a_list_that_has_grown_is_read_again(customer: int, maya: Case, ada: User, ben: User, dana: User):
    asked = ask(customer, ada)
    decided = {"cases": "close", "promises": "withdraw"}
    erasure_decide(request=asked.id, decisions=decided, actor=Actor.person(ada))
    digest = erasure_plan(customer=customer, decisions=decided).digest
    note_add(case=maya, text="Another call", actor=Actor.person(dana))
    with pytest.raises(WrongState, match="Read it again"):
        erasure_approve(request=asked.id, digest=digest, actor=Actor.person(ben))


def test_a_legal_hold_stands_until_it_is_lifted(customer: int, ada: User, ben: User):
    hold = legal_hold_set(customer=customer, why="Court file 7", actor=Actor.person(ada))
    with pytest.raises(WrongState, match="legal hold"):
        erased(customer, ada, ben)
    legal_hold_lift(hold=hold, actor=Actor.person(ben))
    ErasureRequest.objects.update(state="withdrawn")
    assert erased(customer, ada, ben).counts


def test_being_named_in_another_s_case_is_a_person_s_decision(
    customer: int, ada: User, ben: User, dana: User, say: Say
):
    other = opened(dana, "order:50-7007", message=f"My neighbour {MAYA} has it")
    plan = erasure_plan(customer=customer)
    assert any(a.key == "mentions" and other.reference in a.sentence for a in plan.against)
    erased(customer, ada, ben, mentions="leave")
    assert set(found_in(NEEDLES)) == {"cases_eventpayload"}
    assert chain_verify(other).erased == 0


CHEATS = {
    "no request": lambda p: {"rows": {"event": p["events"]}},
    "nobody said yes": lambda p: {"request": p["request"], "rows": {"event": p["events"]}},
    "a rule that is in a hurry": lambda p: {"rule": "data:x", "before": "2999-01-01", "rows": {"event": p["events"]}},
    "a rule for an open case": lambda p: {"rule": "data:x", "before": "2026-01-01", "rows": {"event": p["events"]}},
    "another kind of row": lambda p: {"request": p["request"], "rows": {"anchor": [1]}},
    "a word that is everywhere": lambda p: {"request": p["request"], "rows": {}, "needles": ["e"]},
}


def test_the_function_itself_refuses(customer: int, maya: Case, ada: User):
    asked = ask(customer, ada)
    events = list(maya.events.values_list("pk", flat=True))
    for cheat in CHEATS.values():
        act = json.dumps(cheat({"request": asked.id, "events": events}))
        with pytest.raises(DatabaseError, match="erasure"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT history_erase(%s::jsonb)", [act])
    assert EventPayload.objects.filter(event__in=events).count() == len(events)


IDA = {"id": "r10", "row": row("order.changed", {"status": "open"}, "order:50-7007", "email:ida@example.com")}


def refusal(mail: str) -> int:
    """The number of an asking about an e-mail, which was refused in words."""
    outcome = RefOutcome(Ref("email", mail), "refused", reason=f"{mail} is blocked")
    asked = Asked(took_ms=3, outcome="refused", reason=f"No {mail}", refs=(outcome,))
    facts_record(source=Source.objects.get(name="order"), rows=[], how="lookup", started_at=NOW, asked=asked)
    return Check.objects.latest("pk").pk


def test_it_takes_no_row_of_somebody_else(customer: int, ada: User, ben: User, dana: User):
    other = opened(dana, "order:50-7007", message="Where is mine?")
    asked = ask(customer, ada)
    ErasureRequest.objects.filter(pk=asked.id).update(state="approved", decided_by=ben)
    deliver(IDA, "msg_2")
    rows = {"event": other.events.latest("pk").pk, "delivery": Inbound.objects.latest("pk").pk,
            "check": refusal("ida@x.fi"), "log": SourceLog.objects.earliest("pk").pk}  # fmt: skip
    beyond = [{"rows": {what: [id_]}} for what, id_ in rows.items()]
    for cheat in (*beyond, {"rows": {}, "needles": ["Ida Storm"]}):
        act = json.dumps({"request": asked.id, **cheat})
        with pytest.raises(DatabaseError, match="not covered"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT history_erase(%s::jsonb)", [act])


def test_the_guards_hold_for_whoever_only_says_that_they_erase(committed_db: TestDatabase, maya: Case):
    with committed_db.connect(as_owner=True) as owner:
        owner.execute("SELECT set_config('throughline.erasing', '1', true)")
        with pytest.raises(Exception, match="history: DELETE of cases_eventpayload"):
            owner.execute("DELETE FROM cases_eventpayload")


def test_words_that_went_without_a_record_are_found_out(committed_db: TestDatabase, maya: Case):
    with committed_db.connect(as_owner=True) as owner:
        owner.execute("ALTER TABLE cases_eventpayload DISABLE TRIGGER USER")
        owner.execute("DELETE FROM cases_eventpayload")
        owner.execute("ALTER TABLE cases_eventpayload ENABLE TRIGGER USER")
    assert "no erasure is on record" in chain_verify(maya).fault
