"""What moves more money than its asker may waits for a second person's yes."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection

from cases.errors import BadInput, BadWords, CaseError, WrongState
from cases.limits import Money, limits_read, money_moved, second_needed
from cases.models import ActionRun, Alert, Case
from cases.selectors import actions_waiting, case_view, chain_verify
from cases.services import Actor, action_decide, action_withdraw, actions_run, limits_problem
from connectors.sdk import Ref
from tests.cases.test_acting import ask, bank, kinds
from tests.cases.test_acting import case as bank_case
from tests.database import TestDatabase

__all__ = ["bank", "bank_case"]
ABOVE = "250.00"


def supervisor(name: str) -> User:
    user = User.objects.create_user(name, first_name=name.title())
    user.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    return user


@pytest.fixture
def ruth(db: None) -> User:
    return supervisor("ruth")


def test_up_to_the_limit_nobody_is_asked(bank_case: Case, dana: User, ruth: User, bank: Any):
    assert ask(bank_case, dana, "200.00").state == "asked"
    assert not Alert.objects.exists()


def test_above_it_nothing_is_done_until_a_supervisor_says_yes(bank_case: Case, dana: User, ruth: User, bank: Any):
    run = ask(bank_case, dana, ABOVE)
    assert (run.state, actions_run(), len(bank.asked)) == ("waiting", 0, 0)
    assert "above the limit of 200.00" in run.limit and Alert.objects.get(person=ruth).kind == "action.waiting"
    assert [w["id"] for w in actions_waiting()] == [run.pk]
    action_decide(run=run, approve=True, actor=Actor.person(ruth))
    assert actions_run() == 1
    run.refresh_from_db()
    assert (run.state, run.decided_by, run.asked_by) == ("done", ruth, dana)
    assert kinds(bank_case) == ["action.waiting", "action.decided", "action.ended done"]
    assert Alert.objects.get(person=dana).kind == "action.decided" and chain_verify(bank_case).intact


def test_a_no_needs_its_reason_and_is_told_to_who_asked(bank_case: Case, dana: User, ruth: User, bank: Any):
    run = ask(bank_case, dana, ABOVE)
    with pytest.raises(BadWords):
        action_decide(run=run, approve=False, actor=Actor.person(ruth))
    action_decide(run=run, approve=False, why="She was refunded by card.", actor=Actor.person(ruth))
    run.refresh_from_db()
    assert (run.state, actions_run()) == ("withdrawn", 0)
    assert "She was refunded by card." in Alert.objects.get(person=dana).text


def test_nobody_approves_what_they_asked_for_themselves(bank_case: Case, ruth: User, dana: User, bank: Any):
    run = ask(bank_case, ruth, "2500.00")
    assert run.state == "waiting" and not Alert.objects.filter(person=ruth).exists()
    with pytest.raises(BadInput, match="second person"):
        action_decide(run=run, approve=True, actor=Actor.person(ruth))
    with pytest.raises(BadInput, match="Only a supervisor"):
        action_decide(run=run, approve=True, actor=Actor.person(dana))


def test_who_asked_can_take_it_back_while_it_waits(bank_case: Case, dana: User, ruth: User, bank: Any):
    run = ask(bank_case, dana, ABOVE)
    with pytest.raises(WrongState):
        action_withdraw(run=run, actor=Actor.person(ruth))
    action_withdraw(run=run, actor=Actor.person(dana))
    with pytest.raises(WrongState):
        action_decide(run=run, approve=True, actor=Actor.person(ruth))


def test_asking_twice_while_it_waits_is_asking_once(bank_case: Case, dana: User, ruth: User, bank: Any):
    assert ask(bank_case, dana, ABOVE) == ask(bank_case, dana, ABOVE)
    assert (ActionRun.objects.count(), Alert.objects.count()) == (1, 1)


def test_of_two_who_decide_at_once_one_has_decided(
    committed_db: TestDatabase, bank_case: Case, dana: User, ruth: User, bank: Any
):
    run, other = ask(bank_case, dana, ABOVE), supervisor("sofia")
    came: list[str] = []

    def decide(person: User, approve: bool) -> None:
        try:
            action_decide(run=run, approve=approve, why="No.", actor=Actor.person(person))
            came.append(f"{approve}")
        except CaseError as error:
            came.append(type(error).__name__)
        connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in ((ruth, True), (other, False), (other, True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came)[-2:] == ["WrongState", "WrongState"] and kinds(bank_case).count("action.decided") == 1
    assert ActionRun.objects.get().state == ("asked" if "True" in came else "withdrawn")


def test_a_currency_without_a_limit_waits():
    limits, money = limits_read("rep 200 SEK"), Money(Decimal("84.90"), "EUR")
    assert "no limit in EUR" in second_needed(limits, {"rep"}, money)
    assert second_needed(limits, {"rep"}, None) == second_needed(limits, {"rep"}, Money(Decimal(200), "SEK")) == ""


def test_a_deed_without_an_amount_moves_what_its_reference_is_about(case: Case, maya: Any):
    evidence = case_view(case=case).evidence
    assert str(money_moved(evidence, {"order": Ref("order", "48-1193")})) == "84.90 EUR"
    assert str(money_moved(evidence, {"order": Ref("order", "48-1193"), "amount": Decimal(10)})) == "10.00 EUR"
    assert money_moved(evidence, {"order": Ref("order", "none")}) is None


@pytest.mark.parametrize(
    "text", ["rep", "rep 200", "rep -1 EUR", "boss 200 EUR", "rep 1 EUR, rep 2 EUR", "rep 1e9 EUR", "rep NaN EUR"]
)
def test_limits_that_can_not_be_read_are_said_at_the_start(text: str):
    assert limits_problem(text)


def test_limits_are_read_by_role_and_currency():
    found = limits_read("rep 200 EUR, rep 2200 SEK, supervisor 2000 EUR")
    assert (found["rep"]["SEK"], found["supervisor"]["EUR"], limits_problem("")) == (2200, 2000, "")
