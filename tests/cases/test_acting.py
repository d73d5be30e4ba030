"""A source is asked to do something for a case: once, under one key, with its outcome in the case's history."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from cases.errors import BadInput, WrongState
from cases.models import ActionRun, Event
from cases.selectors import chain_verify
from cases.services import Actor, action_again, action_ask, action_try, actions_run, case_open
from connectors.host import registry
from connectors.host.models import Source
from connectors.host.selectors import actions_offered, evidence
from connectors.host.services import source_save
from connectors.sdk import Connector, Done, Fact, Found, Ref, Row, action
from connectors.sdk.testing import Server, hang, say
from tests.database import TestDatabase

PAYMENT = Ref("payment", "pi_1")


class Bank(Connector):
    """Gives money back on request; the server behind it decides how that goes."""

    title, domain, accepts = "Bank", "finance", ("payment",)

    def check(self) -> str:
        return "It works."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        return [Found(ref) for ref in refs]

    def read(self, row: Row) -> Iterable[Fact]:
        yield Fact("refund.submitted", {"amount": row.body["amount"]}, [PAYMENT, Ref("refund", row.id)],
                   datetime(2026, 11, 22, tzinfo=UTC))  # fmt: skip

    @action("Refund {amount} on payment {payment}?", refs=("payment",), dry_run=True)
    def refund(self, payment: Ref, amount: Decimal, key: str, dry_run: bool) -> Done:
        money = {"amount": str(amount), "currency": "EUR"}
        if dry_run:
            return Done(f"{amount} euros would go back.")
        sent = self.http.post("/refunds", json=money, idempotency_key=key)
        return Done(f"{amount} euros go back.", [Row("refund", sent["id"], {"amount": money})])


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"bank": Bank}, {}))

    with Server(say(200, {"id": "re_1"})) as server:
        source_save(name="bank", title="The bank", connector="bank", domain="finance", freshness_s=60,
                    source_limit_s=0.5, settings={"base_url": server.url, "internal": True})  # fmt: skip
        yield server


@pytest.fixture
def case(dana: Any, bank: Any) -> Any:
    return case_open(question="refund-status", refs=[PAYMENT], actor=Actor.person(dana))


def ask(case: Any, who: Any, amount: str = "84.90", **more: Any) -> ActionRun:
    wanted = {"payment": "payment:pi_1", "amount": amount}
    return action_ask(case=case, source="bank", action="refund", arguments=wanted, actor=Actor.person(who), **more)


def kinds(case: Any) -> list[str]:
    events = Event.objects.filter(case=case, kind__startswith="action").order_by("seq")
    return [f"{e.kind} {e.payload.data.get('outcome', '')}".strip() for e in events]


def test_it_is_done_once_and_what_the_source_sent_back_is_a_fact(case: Any, dana: Any, bank: Any) -> None:
    run = ask(case, dana)
    assert (run.confirm, kinds(case)) == ("Refund 84.90 on payment pi_1?", ["action.asked"])
    assert (actions_run(), actions_run()) == (1, 0)
    run.refresh_from_db()
    assert (run.state, run.sentence, len(bank.asked)) == ("done", "84.90 euros go back.", 1)
    assert bank.asked[0].headers["idempotency-key"] == run.key
    assert [f.kind for f in evidence(seeds=[PAYMENT]).facts] == ["refund.submitted"]
    assert kinds(case) == ["action.asked", "action.ended done"]
    assert chain_verify(case).intact


def test_pressing_twice_is_asking_once(case: Any, dana: Any, bank: Any) -> None:
    assert ask(case, dana) == ask(case, dana)
    assert ask(case, dana, key="mine") == ask(case, dana, key="mine")
    with pytest.raises(BadInput, match="sent already, for something else"):
        ask(case, dana, "1.00", key="mine")
    other = case_open(question="refund-status", refs=[Ref("payment", "pi_2")], actor=Actor.person(dana))
    with pytest.raises(BadInput, match="sent already, for something else"):
        ask(other, dana, key="mine")
    actions_run()
    assert ActionRun.objects.count() == len(bank.asked) == 2


def test_what_the_source_refuses_is_told_in_its_words(case: Any, dana: Any, bank: Any) -> None:
    bank.behaviour = say(400, {"error": "already refunded"})
    ask(case, dana)
    actions_run()
    run = ActionRun.objects.get()
    assert (run.state, "refused" in run.sentence) == ("refused", True)
    with pytest.raises(WrongState, match="only what failed or is unknown"):
        action_again(run=run, actor=Actor.person(dana))


def test_a_source_that_hangs_is_asked_again_under_the_same_key_and_then_nobody_knows(
    case: Any, dana: Any, bank: Any
) -> None:
    bank.behaviour = hang()
    ask(case, dana)
    for _ in range(6):
        actions_run()
        ActionRun.objects.update(due_at=timezone.now())
    run = ActionRun.objects.get()
    assert (run.state, len({a.headers["idempotency-key"] for a in bank.asked})) == ("unknown", 1)
    bank.behaviour = say(200, {"id": "re_1"})
    action_again(run=run, actor=Actor.person(dana))
    actions_run()
    assert kinds(case) == ["action.asked", "action.ended unknown", "action.asked", "action.ended done"]


def test_a_worker_that_dies_leaves_the_run_to_the_next(case: Any, dana: Any, bank: Any) -> None:
    run = ask(case, dana)
    ActionRun.objects.update(leased_until=timezone.now() + timedelta(seconds=60), attempts=1)
    assert actions_run() == 0
    ActionRun.objects.update(leased_until=timezone.now())
    assert actions_run() == 1
    run.refresh_from_db()
    assert run.state == "done"


def test_two_workers_do_it_once(committed_db: TestDatabase, case: Any, dana: Any, bank: Any) -> None:
    ask(case, dana)

    def work() -> None:
        actions_run()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(bank.asked) == 1


def test_wrong_arguments_are_refused_with_what_to_write(case: Any, dana: Any) -> None:
    for amount, says in (("", "Give amount"), ("much", "a number such as 84.90"), ("NaN", "a number")):
        with pytest.raises(BadInput, match=says) as caught:
            ask(case, dana, amount)
        assert caught.value.field == "amount"
    Source.objects.update(paused=True)
    with pytest.raises(BadInput, match="is paused"):
        ask(case, dana)


def test_what_would_happen_can_be_asked_without_doing_it(committed_db: TestDatabase, case: Any, bank: Any) -> None:
    wanted = {"payment": "payment:pi_1", "amount": "5"}
    assert action_try(source="bank", action="refund", arguments=wanted) == "5 euros would go back."
    assert bank.asked == []


def test_an_action_is_offered_where_a_reference_fits(case: Any) -> None:
    (offer,) = actions_offered([PAYMENT, Ref("order", "48-1")])
    assert (offer.title, offer.arguments) == ("Refund", (("payment", "Ref"), ("amount", "Decimal")))
    assert offer.suggested == (PAYMENT,)
    assert actions_offered([Ref("order", "48-1")]) == []


@pytest.mark.parametrize("sent", [None, Done("Done.", ["no row"]), Done("Done \ud800 a\x00b.")])  # type: ignore[list-item]
def test_whatever_an_action_gives_back_it_comes_to_an_end(
    sent: Any, case: Any, dana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = wraps(Bank.refund)(lambda self, **_: sent)
    monkeypatch.setattr(Bank, "refund", odd)
    ask(case, dana)
    for _ in range(6):
        actions_run()
        ActionRun.objects.update(due_at=timezone.now(), leased_until=None)
    assert ActionRun.objects.get().state == ("done" if sent and not sent.rows else "unknown")


@pytest.mark.parametrize("amount", ["1e5", "NaN", "1_0", "９", "Infinity", "9" * 16, "5\n.1"])
def test_an_amount_is_a_plain_number(amount: str, case: Any, dana: Any) -> None:
    with pytest.raises(BadInput, match="a number such as"):
        ask(case, dana, amount)
