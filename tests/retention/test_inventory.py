"""Nobody adds a column for words without saying what becomes of it when a customer is erased."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

import cases.retention
from workspace.roles import ERASABLE, history_columns

INVENTORY = tomllib.loads((Path(cases.retention.__file__).parent / "inventory.toml").read_text())
_COLUMNS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
WHERE c.relkind IN ('r', 'p', 'm') AND coalesce(e.typcategory, t.typcategory) NOT IN ('N', 'D', 'B', 'T')
"""
WAYS = {"erased", "gone", "none", "staff", "kept"}


@pytest.mark.django_db
def test_every_column_that_can_hold_words_is_decided_about():
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        found = set(cursor.fetchall())
    named = {(table, column) for table, columns in INVENTORY.items() for column in columns}
    assert found - named == set(), "decide about these in cases/retention/inventory.toml"
    assert named - found == set(), "these columns are gone"


def test_what_is_kept_says_why():
    said = [value for columns in INVENTORY.values() for value in columns.values()]
    assert {value.partition(":")[0] for value in said} == WAYS
    assert all(len(value) > 25 for value in said if value.startswith("kept"))


def test_history_that_is_erased_can_be_and_no_other():
    history = {m._meta.db_table for m in apps.get_models() if history_columns(m) is not None}
    erased = {
        table for table, columns in INVENTORY.items() if table in history
        and any(v in ("erased", "gone") or "digest of the letter" in v for v in columns.values())
    }  # fmt: skip
    assert erased | {"host_factref"} == set(ERASABLE)
