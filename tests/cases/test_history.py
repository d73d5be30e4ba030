"""What happened in a case stays as it was written, and whoever changes it is found out."""

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import ProgrammingError, connection, transaction

from cases.chain import Link, payload_digest, verify
from cases.models import Case
from cases.selectors import answers_shown, case_view, chain_verify
from cases.services import Actor, answer_shown, case_close, case_viewed, message_send, note_add
from tests.cases.conftest import Say, opened
from tests.database import TestDatabase

HISTORY = ["cases_event", "cases_eventpayload", "cases_statement", "customers_link"]


def test_every_event_continues_the_one_before_it(case: Case, dana: User):
    note_add(case=case, text="Called the warehouse.", actor=Actor.person(dana))
    case_close(case=case, actor=Actor.person(dana))
    verdict = chain_verify(case)
    assert verdict.intact and verdict.events == case.events.count() >= 4
    assert verdict.head == case.events.order_by("-seq").first().digest


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {}"])
def test_the_application_cannot_rewrite_history(case: Case, table: str, change: str):
    column = {"cases_event": "kind = 'x'", "cases_eventpayload": "salt = 'x'", "cases_statement": "words = 'x'"}
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table, column.get(table, "fact_id = 1")))


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        ("UPDATE cases_event SET actor = '7' WHERE seq = 2", "Event 2 was changed"),
        ("UPDATE cases_event SET at = at - interval '1 day' WHERE seq = 1", "Event 1 was changed"),
        ("UPDATE cases_eventpayload SET data = data || '{\"text\": \"no\"}'", "content of event"),
        ("DELETE FROM cases_eventpayload p USING cases_event e WHERE p.event_id = e.id AND e.kind = 'note';"
         "DELETE FROM cases_event WHERE kind = 'note'", "is missing"),
    ],
)  # fmt: skip
def test_who_tampers_as_the_owner_is_found_out(
    committed_db: TestDatabase, case: Case, dana: User, tamper: str, says: str
):
    for words in ("one", "two"):
        note_add(case=case, text=words, actor=Actor.person(dana))
    note_kind = case.events.filter(kind="note").first()
    case_close(case=case, actor=Actor.person(dana))
    assert note_kind and chain_verify(case).intact
    _as_owner(committed_db, tamper)
    assert says in chain_verify(case).fault


def test_erasing_words_leaves_the_chain_whole(committed_db: TestDatabase, case: Case, dana: User):
    note_add(case=case, text="Her neighbour's address", actor=Actor.person(dana))
    _as_owner(committed_db, """
        DELETE FROM cases_eventpayload p USING cases_event e WHERE p.event_id = e.id AND e.kind = 'note'""")
    assert "is gone, and no erasure is on record" in chain_verify(case).fault
    _as_owner(committed_db, """
        WITH erasure AS (
            INSERT INTO cases_erasure (rule, asked_by, done_by, why, at, xact)
            VALUES ('messages', '', '', 'It was asked for.', now(), 0) RETURNING id)
        INSERT INTO cases_erasedrow (erasure_id, what, row)
        SELECT erasure.id, 'cases_event', e.id FROM erasure, cases_event e WHERE e.kind = 'note'""")
    verdict = chain_verify(case)
    assert verdict.intact and verdict.erased == 1
    assert "content erased" in case_view(case=case).events[-1].title


def _as_owner(database: TestDatabase, statements: str) -> None:
    """What only somebody with the owner's password and bad intent could do."""
    with database.connect(as_owner=True) as owner:
        for table in ("cases_event", "cases_eventpayload"):
            owner.execute(psycopg.sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(psycopg.sql.Identifier(table)))
        owner.execute(statements)
        owner.commit()
        for table in ("cases_event", "cases_eventpayload"):
            owner.execute(psycopg.sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(psycopg.sql.Identifier(table)))


def test_a_digest_covers_every_column_it_names():
    from dataclasses import replace
    from datetime import UTC, datetime

    salted = payload_digest("s", {"a": 1})
    link = Link(1, 1, "note", "person", "3", datetime(2026, 1, 1, tzinfo=UTC), "", salted, "", "s", {"a": 1})
    good = replace(link, digest=link.computed())
    assert verify([good]).intact
    changes = {"case": 2, "kind": "x", "actor_kind": "rule", "actor": "4", "payload_digest": "0", "salt": "t"}
    for name, value in changes.items():
        assert not verify([replace(good, **{name: value})]).intact, name


def test_an_answer_is_recorded_when_it_changes_and_not_before(case: Case, dana: User, tom: User, paid: Say):
    view = case_view(case=case)
    for who in (dana, tom, dana):
        answer_shown(case=case, answer=view.answer, as_of=view.as_of, at=view.at, actor=Actor.person(who))
    paid("refund.failed", {"amount": {"amount": "84.90", "currency": "EUR"}}, "refund:re_1", "payment:pi_1", ago=1)
    later = case_view(case=case)
    answer_shown(case=case, answer=later.answer, as_of=later.as_of, at=later.at, actor=Actor.person(tom))
    shown = answers_shown(case)
    assert [s["digest"] for s in shown] == list(dict.fromkeys([view.answer.digest, later.answer.digest]))
    assert shown[0]["content"]["headline"] == str(view.answer.headline) and shown[0]["by"] == "Dana Okafor"


def test_looking_twice_in_one_visit_is_one_look(case: Case, dana: User, tom: User):
    view = case_view(case=case)
    for who in (dana, dana, tom):
        case_viewed(case=case, actor=Actor.person(who), as_of=view.as_of, at=view.at, digest=view.answer.digest)
    assert case.events.filter(kind="case.viewed").count() == 2
    assert chain_verify(case).intact


def test_what_was_told_is_tied_to_the_chain(paid: Say, dana: User):
    from cases.selectors import told_verify

    case = opened(dana)
    view = case_view(case=case)
    statement = message_send(case=case, text=view.draft or "Hello", answer_digest=view.answer.digest,
                             actor=Actor.person(dana))  # fmt: skip
    assert told_verify(statement) == "told"
    statement.kept = [{"key": "k", "warning": "w", "why": "said later"}]
    assert told_verify(statement) == "changed"
