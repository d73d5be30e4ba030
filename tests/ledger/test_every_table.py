"""Each table of history: the owner of the database edits, removes or slips in one row, and the ledger names it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models

from cases.models import Access, Case, Erasure, Event, Statement
from cases.selectors.ledger import ledger_verify
from cases.services import Actor, access_record, note_add
from cases.services.ledger import ledger_seal
from connectors.host.models import Clock
from tests.ledger.conftest import as_owner, day_passes, tampered
from tests.ledger.test_guards import ELSEWHERE, histories
from tests.retention.conftest import crier, maya, teller, whole

__all__ = ["crier", "maya", "teller", "whole"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])

EDITS = {
    "access_accessgrant": "granted = NOT granted", "cases_event": "actor = '99'", "cases_eventpayload": "data = '{}'",
    "cases_anchor": "signature = repeat('0', 128)", "cases_ledgerkey": "public = repeat('0', 64)",
    "cases_access": "what = 'list'", "cases_inmail": "raw = '\\x00'", "cases_erasure": "why = 'No.'",
    "cases_erasedrow": "row = row + 1", "cases_reviewreason": "rule = 'share'",
    "cases_reviewverdict": "blind = NOT blind", "cases_reviewanswer": "kind = 'accept'",
    "cases_statement": "words = 'No.'", "customers_merge": "by = 'someone'",
    "customers_link": "fact_id = fact_id + 1", "host_refvalue": "value = 'x' || value",
    "host_sourceterms": "freshness_s = 9", "host_check": "outcome = 'nothing'", "host_checkref": "outcome = 'nothing'",
    "host_unheard": "started_at = started_at - interval '1 hour'", "host_rawrow": "body = '{}'",
    "host_fact": "how = 'import'", "host_factpayload": "said = 'No.'", "host_factref": "place = place + 7, ref_id = 1",
    "host_malformed": "reason = 'Nothing.'", "host_inbound": "body = '\\x00'", "host_digestday": "count = count + 1",
    "host_digestpart": "leaves = substring(leaves from 33) || substring(leaves for 32)",
    "host_sourcelog": "sentence = 'Nothing.'",
}  # fmt: skip
"""What is changed in the last row of each table."""
UNSEEN = {"cases_mailfile": "read from its letter, whose bytes are digested"}
OTHER = {
    "cases_event": {"seq": "seq + 1"}, "cases_statement": {"event_id": "event_id + 10000"},
    "cases_erasedrow": {"row": "row + 1"}, "host_fact": {"version": "version + 1"},
    "host_digestday": {"day": "day + 2"}, "host_digestpart": {"number": "number + 1"},
    "cases_anchor": {"day": "day + 2"}, "host_factref": {"place": "place + 7"},
}  # fmt: skip
"""What a copy must have of its own, by table; the rest is that of the last row."""
ONCE = {
    "cases_eventpayload": "one for each event", "host_factpayload": "one for each fact version",
    "host_refvalue": "a ref that nothing names says nothing",
    "cases_ledgerkey": "a key that signed nothing says nothing",
}  # fmt: skip
"""Where nothing can be slipped in, or what was has no meaning."""


def made(label: str, **given: Any) -> Any:
    return apps.get_model(label).objects.create(**given)


@pytest.fixture(autouse=True)
def owner(db: None) -> Iterator[None]:
    with as_owner():
        yield


@pytest.fixture
def filled(whole: Case, dana: User, tom: User) -> Case:
    """A day on which each table of history got a row, anchored, as is the one after it."""
    at: datetime = Clock.objects.get().last
    access_record(actor=Actor.person(dana), what="search", case=whole)
    people_fill(whole, dana, tom, at)
    sources_fill(at)
    day_passes(2)
    note_add(case=whole, text="Later.", actor=Actor.person(dana))
    assert ledger_seal() == 2 and ledger_verify().intact
    return whole


def people_fill(case: Case, dana: User, tom: User, at: datetime) -> None:
    grant = {"decided_by": tom, "decided_at": at, "granted": True, "answer": "Yes.", "until": at, "ended_at": at}
    made("access.AccessGrant", asker=dana, case=case, classes=["card"], why="It.", minutes=5, asked_at=at, **grant)
    event, told = case.events.latest("seq"), Statement.objects.latest("pk")
    review = made("cases.Review", case=case, event=event, statement=told, person=dana, wanted_at=at)
    made("cases.ReviewReason", review=review, subject=event, rule="overdue", event=event, at=at)
    verdict = made("cases.ReviewVerdict", review=review, reviewer=tom, verdict="right", blind=True, to_person=False,
                   event=event, at=at)  # fmt: skip
    made("cases.ReviewAnswer", verdict=verdict, kind="appeal", event=event, at=at)
    keep = case.customer
    other = made("customers.Customer", learned_at=at)
    made("customers.Merge", keep=keep, other=other, by="dana", why="Same.", from_at=at, to_at=at, ended_by="tom")
    with connection.cursor() as cursor:
        for table in ("cases_erasure", "cases_erasedrow"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        rule = made("cases.Erasure", rule="raw_rows", before=at, done_by="rule", why="Old.", at=at, xact=1, counts={})
        made("cases.ErasedRow", erasure=rule, what="host_rawrow", row=10**12)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table in ("cases_erasure", "cases_erasedrow"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert Access.objects.exists() and Erasure.objects.exists()


def sources_fill(at: datetime) -> None:
    source, ref = (
        apps.get_model("host.Source").objects.earliest("pk"),
        apps.get_model("host.RefValue").objects.earliest("pk"),
    )
    check = made("host.Check", source=source, how="page", started_at=at, took_ms=5, late=False, outcome="found",
                 reason="", detail="", learned_at=at)  # fmt: skip
    made("host.CheckRef", check_row=check, source=source, ref=ref, outcome="found", complete=True, kinds=[],
         reason="", learned_at=at)  # fmt: skip
    made("host.Unheard", source=source, ref=ref, started_at=at, ended_at=at, learned_at=at)
    raw = apps.get_model("host.RawRow").objects.latest("pk")
    made("host.Malformed", source=source, raw=raw, kind="refund.paid", reason="No amount.", refs=[], learned_at=at)


def key_of(table: str) -> str:
    model = next(m for m in histories() if m._meta.db_table == table)
    assert model._meta.pk is not None
    return model._meta.pk.column


def last_of(table: str) -> str:
    """The row that is tampered with: the newest of the anchored day, of facts the first that carries refs."""
    key = key_of(table)
    narrowed = {"host_digestday": "WHERE kind = 'facts' AND count > 0", "host_digestpart": "WHERE kind = 'facts'",
                "cases_event": "WHERE seq = 2", "host_refvalue": "WHERE scheme = 'email'",
                "cases_anchor": "WHERE body ->> 'number' = '1'"}  # fmt: skip
    return f"{key} = (SELECT max({key}) FROM {table} {narrowed.get(table, '')})"


def edit(table: str) -> str:
    return f"UPDATE {table} SET {EDITS[table]} WHERE {last_of(table)}"


def delete(table: str) -> str:
    return f"DELETE FROM {table} WHERE {last_of(table)}"


def insert(table: str) -> str:
    model = next(m for m in histories() if m._meta.db_table == table)
    columns = [f.column for f in model._meta.fields if not isinstance(f, models.AutoField)]
    values = [OTHER.get(table, {}).get(column, f'"{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE {last_of(table)}"


def loosened(table: str) -> list[str]:
    """Without what else keeps a row in its place: an owner drops foreign and unique keys first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f'"
                       " AND %(table)s::regclass IN (confrelid, conrelid) OR contype IN ('u', 'c')"
                       " AND conrelid = %(table)s::regclass", {"table": table})  # fmt: skip
        dropped = [f"ALTER TABLE {on} DROP CONSTRAINT {name}" for on, name in cursor.fetchall()]
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index i WHERE indrelid = %s::regclass AND indisunique"
                       " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid"
                       " AND c.conrelid = i.indrelid)", [table])  # fmt: skip
        return dropped + [f"DROP INDEX {name}" for (name,) in cursor.fetchall()]


def test_one_row_of_any_table_of_history_is_found_and_named(filled: Case):
    unseen = []
    for table in sorted({model._meta.db_table for model in histories()} - set(UNSEEN)):
        for change in (edit, delete) if table in ONCE else (edit, delete, insert):
            with tampered(*loosened(table), change(table)):
                if ledger_verify().intact:
                    unseen.append((change.__name__, table))
    assert unseen == []


def test_every_table_is_tampered_with(db: None):
    tables = {model._meta.db_table for model in histories()}
    assert set(EDITS) | set(UNSEEN) == tables and set(UNSEEN) <= set(ELSEWHERE) and Event._meta.db_table in EDITS
