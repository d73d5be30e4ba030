"""Whatever comes in whatever order: no promise is lost, none is told of twice, and the past stays as it was."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cases.errors import CaseError, WrongState
from cases.models import Alert, Case, Commitment, Event
from cases.promises.pacing import ESCALATE_AFTER
from cases.selectors import case_view
from cases.services import (
    Actor,
    case_close,
    case_open,
    case_reopen,
    case_wait,
    commitment_break,
    commitment_keep,
    commitment_make,
    commitment_renegotiate,
    commitment_withdraw,
    customers_merge,
    customers_unmerge,
    message_receive,
    message_send,
    note_add,
    owner_change,
    person_deactivate,
    promises_sweep,
    promising,
)
from cases.services import promise_clock as clock
from connectors.host.selectors import moment
from customers.models import Customer
from customers.selectors import merges_of
from tests.examples import examples

NUMBERS = itertools.count()
ENDS = {"kept": commitment_keep, "broken": commitment_break, "withdrawn": commitment_withdraw}
AHEAD, PICK = st.integers(1, 30), st.integers(0, 9)
ONCE = ("commitment.made", "commitment.warned", "commitment.late", "commitment.escalated")


class Dies(RuntimeError):
    """A process that is killed in the middle of a sweep."""


class Promises(RuleBasedStateMachine):
    """One case, two reps and a supervisor. ``owed`` is what must be so: promise to (state, due time)."""

    def __init__(self) -> None:
        super().__init__()
        self.room = transaction.atomic()
        self.room.__enter__()
        number = next(NUMBERS)
        self.reps = [self._user(f"rep{number}{n}", "rep") for n in "ab"]
        self.sofia = self._user(f"sofia{number}", "supervisor")
        self.now = datetime.now(UTC)
        self.owed: dict[int, tuple[str, datetime]] = {}
        self.past: list[tuple[datetime, Any]] = []
        first = Actor.person(self.reps[0])
        self.case = case_open(question="refund-status", refs=[f"order:{number}"], message="Where is it?", actor=first)
        self.people = [Customer.objects.create(name=name, learned_at=self.now) for name in ("Maya", "M. Lindqvist")]
        Case.objects.filter(pk=self.case.pk).update(customer=self.people[0])

    @staticmethod
    def _user(name: str, role: str) -> User:
        user = User.objects.create_user(name)
        user.groups.add(Group.objects.get_or_create(name=role)[0])
        return user

    @property
    def me(self) -> Actor:
        return Actor.person(Case.objects.get(pk=self.case.pk).owner)

    @rule(hours=AHEAD)
    def makes(self, hours: int) -> None:
        due = self.now + timedelta(hours=hours)
        with suppress(WrongState):  # the case is closed
            made = commitment_make(case=self.case, what=f"Thing {len(self.owed)}", due_at=due, actor=self.me)
            self.owed[made.pk] = ("open", due)

    @precondition(lambda self: self.owed)
    @rule(pick=PICK, end=st.sampled_from(sorted(ENDS)))
    def answers(self, pick: int, end: str) -> None:
        id_ = list(self.owed)[pick % len(self.owed)]
        try:
            ENDS[end](commitment=id_, why="Because", actor=self.me)
            assert self.owed[id_][0] == "open"
            self.owed[id_] = (end, self.owed[id_][1])
        except WrongState:
            assert self.owed[id_][0] != "open"

    @precondition(lambda self: self.owed)
    @rule(pick=PICK, hours=AHEAD)
    def agrees_another_time(self, pick: int, hours: int) -> None:
        id_, due = list(self.owed)[pick % len(self.owed)], self.now + timedelta(hours=hours)
        with suppress(WrongState):
            new = commitment_renegotiate(commitment=id_, due_at=due, why="Later", told="phone", actor=self.me)
            self.owed[id_] = ("renegotiated", self.owed[id_][1])
            self.owed[new.pk] = ("open", due)

    @rule(words=st.sampled_from(["Thanks!", "Where is it?", "Cancel everything"]))
    def the_customer_writes(self, words: str) -> None:
        message_receive(case=self.case, text=words, channel="chat")

    @rule()
    def we_write(self) -> None:
        digest = case_view(case=self.case).answer.digest
        message_send(case=self.case, text="Hello.", answer_digest=digest, actor=self.me, channel="chat")
        note_add(case=self.case, text="Wrote to her", actor=self.me)

    @rule()
    def its_customer_is_merged_with_another_or_parted_again(self) -> None:
        keep, other = self.people
        standing = merges_of([keep.pk], moment()[0])
        if standing:
            customers_unmerge(merge=standing[0].id, why="Two people", actor=self.me)
        else:
            customers_merge(keep=keep.pk, other=other.pk, why="One person", actor=self.me, case=self.case)

    @rule(to=st.integers(0, 1))
    def the_case_changes_hands(self, to: int) -> None:
        with suppress(CaseError):
            owner_change(case=self.case, owner=self.reps[to], actor=Actor.person(self.sofia), why="Balance")

    @rule(who=st.integers(0, 1))
    def somebody_leaves_and_comes_back(self, who: int) -> None:
        heir = self.reps[1 - who]
        person_deactivate(person=self.reps[who], to=heir, actor=Actor.person(self.sofia), why="Leaves")
        User.objects.filter(pk=self.reps[who].pk).update(is_active=True)
        self.reps[who].refresh_from_db()

    @rule(move=st.sampled_from([case_close, case_wait, case_reopen]))
    def the_case_is_closed_or_opened(self, move: Any) -> None:
        with suppress(WrongState):
            move(case=self.case, actor=self.me)

    @rule(hours=st.integers(0, 20))
    def time_passes_and_the_clock_sweeps(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        promises_sweep(at=self.now)
        open_ = {i: due for i, (state, due) in self.owed.items() if state == "open"}
        late = {i for i, due in open_.items() if due <= self.now}
        assert {i for i in open_ if self._told(i, "late")} == late
        assert {i for i, due in open_.items() if due <= self.now - ESCALATE_AFTER} == {
            i for i in open_ if self._told(i, "escalated")
        }

    @rule(hours=st.integers(0, 20), after=st.integers(1, 3))
    def a_sweep_dies_in_the_middle(self, hours: int, after: int) -> None:
        self.now += timedelta(hours=hours)
        real, calls = clock.alert_tell, itertools.count(1)

        def dying(**given: Any) -> bool:
            told = real(**given)
            if next(calls) == after:
                raise Dies
            return told

        with patch.object(clock, "alert_tell", dying):
            promises_sweep(at=self.now)

    @rule()
    def the_past_is_remembered(self) -> None:
        view = case_view(case=self.case)
        self.past.append((view.as_of, view.promises))

    def _told(self, id_: int, what: str) -> int:
        return Event.objects.filter(kind=f"commitment.{what}", payload__data__commitment=id_).count()

    @invariant()
    def nothing_is_lost_and_everybody_answers_for_theirs(self) -> None:
        rows = Commitment.objects.filter(case=self.case).select_related("owner")
        assert {r.pk: (r.state, r.due_at) for r in rows} == self.owed
        assert all(r.owner.is_active for r in rows if r.state == "open")
        told = {p.id: (p.state, p.due_at, p.owner_id) for p in case_view(case=self.case).promises}
        assert told == {r.pk: (r.state, r.due_at, told[r.pk][2]) for r in rows}
        assert all(told[r.pk][2] == r.owner_id for r in rows if r.state == "open")
        closed = Case.objects.get(pk=self.case.pk).state == "closed"
        assert not (closed and promising.promises_open(self.case))

    @invariant()
    def nothing_is_told_twice(self) -> None:
        for id_, (state, _) in self.owed.items():
            counts = {kind: self._told(id_, kind.split(".")[1]) for kind in ONCE}
            assert counts.pop("commitment.made") == 1 and max(counts.values()) <= 1
            assert sum(self._told(id_, end) for end in (*ENDS, "renegotiated")) == (state != "open")
            late = Alert.objects.filter(key=f"promise.{id_}.late").count()
            assert late == counts["commitment.late"]

    def teardown(self) -> None:
        try:
            for as_of, promises in self.past:
                assert case_view(case=self.case, as_of=as_of).promises == promises
        finally:
            transaction.set_rollback(True)
            self.room.__exit__(None, None, None)


@pytest.mark.django_db
def test_no_promise_is_lost_or_told_of_twice_in_any_order_and_the_past_never_changes():
    few = settings(
        max_examples=examples(4), stateful_step_count=12, deadline=None,
        suppress_health_check=list(HealthCheck), database=None,
    )  # fmt: skip
    run_state_machine_as_test(Promises, settings=few)
