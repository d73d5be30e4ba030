"""History holds against the application's role, and against the owner's."""

from collections.abc import Iterator
from typing import Any, cast

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models

from tests.database import TestDatabase
from workspace.roles import history_columns, table_guard

HISTORY = [m for m in apps.get_models() if history_columns(m) is not None]


@pytest.fixture
def scratch(django_db_setup: None, test_database: TestDatabase) -> Iterator[TestDatabase]:
    """A history table of its own whose column `closed` may be set once, with one row."""
    with test_database.connect(as_owner=True) as owner:
        owner.execute("CREATE TABLE scratch (id int, said text, closed text)")
        app = psycopg.conninfo.conninfo_to_dict(test_database.app_url)["user"]
        table_guard(cast(Any, owner.cursor()), "scratch", ("closed",), str(app))
        owner.execute("INSERT INTO scratch VALUES (1, 'received', NULL)")
    yield test_database
    with test_database.connect(as_owner=True) as owner:
        owner.execute("DROP TABLE scratch")


REWRITES = ["UPDATE scratch SET said = 'lost'", "DELETE FROM scratch", "TRUNCATE scratch"]


@pytest.mark.parametrize("statement", REWRITES)
def test_the_application_may_not_rewrite_history(statement: str, scratch: TestDatabase) -> None:
    with scratch.connect() as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


@pytest.mark.parametrize("statement", REWRITES)
def test_nor_may_the_owner_by_accident(statement: str, scratch: TestDatabase) -> None:
    with scratch.connect(as_owner=True) as owner, pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        owner.execute(statement)


def test_a_declared_column_is_set_once_and_then_stays(scratch: TestDatabase) -> None:
    with scratch.connect() as app:
        app.execute("UPDATE scratch SET closed = 'superseded'")
        app.commit()
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="set already"):
            app.execute("UPDATE scratch SET closed = NULL")


@pytest.mark.django_db
@pytest.mark.parametrize("model", HISTORY, ids=lambda m: m._meta.label)
def test_each_history_table_is_guarded(model: type[models.Model]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        rights = {}
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, right])
            rights[right] = cursor.fetchone() == (True,)
        assert rights == {"SELECT": True, "INSERT": True, "UPDATE": False, "DELETE": False, "TRUNCATE": False}
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        assert cursor.fetchone()[0] >= 2


@pytest.mark.django_db
def test_ordinary_tables_are_written_but_never_truncated() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'auth_user', 'INSERT, UPDATE, DELETE')")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT has_table_privilege(current_user, 'auth_user', 'TRUNCATE')")
        assert cursor.fetchone() == (False,)
