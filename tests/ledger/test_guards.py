"""Everything that is history is guarded by triggers against every role, and covered by a digest or a chain."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection, models

from cases.selectors.ledger.kinds import KINDS
from tests.database import TestDatabase

CHAINED = {"cases_event", "cases_eventpayload"}
ELSEWHERE = {
    "host_checkref": "in the leaf of its check",
    "host_factref": "in the salted content of its fact version",
    "host_refvalue": "in the salted content of the fact versions that carry it",
    "host_factpayload": "its salted digest is in the leaf of its fact version",
    "host_digestday": "signed by the anchor of its day",
    "host_digestpart": "leads to the root of its day",
    "cases_anchor": "signed, and chained",
    "cases_ledgerkey": "what it signed names it, and exports keep it",
    "cases_mailfile": "read from its letter, named by the digest of its bytes",
}
"""History that has no leaf of its own, and why it needs none."""


def histories() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if getattr(m, "history_updates", None) is not None and m._meta.managed]


def test_all_history_enters_a_digest_a_chain_or_says_why_not(db: None):
    covered = {table for kind in KINDS for table in kind.tables} | CHAINED
    tables = {model._meta.db_table for model in histories()}
    assert tables - covered - set(ELSEWHERE) == set() and set(ELSEWHERE) <= tables


def test_every_table_of_history_has_its_triggers_enabled_for_every_role(db: None):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'O'"
                       " AND tgname IN ('history_rows', 'history_truncate')")  # fmt: skip
        found = {(table.replace('"', ""), name) for table, name in cursor.fetchall()}
    wanted = {(m._meta.db_table, name) for m in histories() for name in ("history_rows", "history_truncate")}
    assert wanted <= found


def test_the_application_has_no_right_to_change_remove_or_switch_off(test_database: TestDatabase, db: None):
    import psycopg

    with test_database.connect() as app:
        for model in histories():
            table = model._meta.db_table
            for change in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"ALTER TABLE {table} DISABLE TRIGGER USER"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(change)
                app.rollback()


def _said(settings: Any, **given: Any) -> dict[str, str]:
    for name, value in given.items():
        setattr(settings, name, value)
    return {m.id: m.msg for m in run_checks(tags=["security"]) if m.id in ("throughline.E010", "throughline.W010")}


def test_production_is_told_that_no_key_signs_or_that_it_can_not_be_read(settings: Any, own_key: str):
    assert _said(settings, DEBUG=False, DEMO=False) == {}
    assert list(_said(settings, LEDGER_KEY="")) == ["throughline.W010"]
    assert "is missing" in _said(settings, LEDGER_KEY="env:SOURCE_NO_SUCH_KEY")["throughline.E010"]
    settings.LEDGER_KEY = own_key
    assert own_key not in _said(settings)["throughline.E010"]
