"""Several people and processes at the same case, over connections of their own."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection

from cases.models import Case, OutboxMail
from cases.selectors import case_view, chain_verify
from cases.services import Actor, case_gather, message_receive, message_send, note_add, outbox_send
from cases.services.record import CHANNEL
from customers.models import Customer
from tests.cases.conftest import Say, opened
from tests.database import TestDatabase


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    def own(call: Callable[[], Any]) -> Any:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(own, calls))


def test_all_that_happens_at_once_stands_in_one_chain(committed_db: TestDatabase, case: Case, dana: User):
    who = Actor.person(dana)
    at_once(*[lambda n=n: note_add(case=case, text=f"Note {n}", actor=who) for n in range(4)],
            *[lambda: message_receive(case=case, text="Hello?", channel="chat") for _ in range(3)])  # fmt: skip
    assert chain_verify(case).intact
    seen = [e.seq for e in case_view(case=case).events]
    assert seen == list(range(1, len(seen) + 1)) and len(seen) == 7 + 2


def test_two_outboxes_send_a_letter_once(committed_db: TestDatabase, case: Case, dana: User):
    for n in range(4):
        digest = case_view(case=case).answer.digest
        message_send(case=case, text=f"Letter {n}", answer_digest=digest, actor=Actor.person(dana))
    at_once(outbox_send, outbox_send, outbox_send)
    assert sorted(m.body for m in mail.outbox) == [f"Letter {n}" for n in range(4)]
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {"sent"}


def test_two_cases_opened_at_once_make_one_customer(committed_db: TestDatabase, maya: Say, dana: User):
    cases = at_once(*[lambda: opened(dana) for _ in range(4)])
    assert Customer.objects.count() == 1
    assert {Case.objects.get(pk=c.pk).customer_id for c in cases} == {Customer.objects.get().pk}


def test_the_news_of_an_event_comes_after_its_commit_and_names_the_case_alone(
    committed_db: TestDatabase, case: Case, dana: User
):
    with committed_db.connect() as listener:
        listener.autocommit = True
        listener.execute(f"LISTEN {CHANNEL}")
        note_add(case=case, text="Secret", actor=Actor.person(dana))
        told = [json.loads(n.payload) for n in listener.notifies(timeout=5, stop_after=1)]
    assert told == [{"case": case.reference}]


@pytest.mark.alone
def test_asking_the_sources_about_a_case_returns_at_once(committed_db: TestDatabase, case: Case):
    begun = datetime.now(UTC)
    gathering = case_gather(case)
    assert (datetime.now(UTC) - begun).total_seconds() < 2
    gathering.wait(5)
