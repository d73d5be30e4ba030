"""Tokens that were kept as plain text: their rows become digests, and whoever holds one goes on using it."""

from __future__ import annotations

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from workspace.access.services.tokens import digest

OLD = """
CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created timestamptz NOT NULL,
                              user_id integer NOT NULL UNIQUE REFERENCES auth_user DEFERRABLE INITIALLY DEFERRED);
INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, is_staff, is_active, date_joined)
SELECT name, '', false, '', '', '', false, true, now() FROM unnest(ARRAY['bot', 'feed']) name;
INSERT INTO authtoken_token SELECT md5(username) || '0000aaaa', '2026-01-02 03:04:05+00', id FROM auth_user
WHERE username IN ('bot', 'feed');
INSERT INTO django_migrations (app, name, applied) VALUES ('authtoken', '0001_initial', now());
"""


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Nothing of the application's own role holds a table that is about to go."""


@pytest.mark.django_db(databases=["owner"])
def test_rows_of_the_old_table_become_digests_and_the_table_goes() -> None:
    owner = connections["owner"]
    MigrationExecutor(owner).migrate([("access", None)])
    with owner.cursor() as cursor:
        cursor.execute(OLD)
        cursor.execute("SELECT u.username, t.key FROM authtoken_token t JOIN auth_user u ON u.id = t.user_id")
        held = dict(cursor.fetchall())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        executor = MigrationExecutor(owner)
        executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] == "access"])
        cursor.execute("SELECT u.username, digest, ending, made_at::text, name, scopes, second_step, ended_at IS NULL"
                       " FROM access_apitoken t JOIN auth_user u ON u.id = t.user_id ORDER BY 1")  # fmt: skip
        rows = cursor.fetchall()
        cursor.execute("SELECT to_regclass('authtoken_token'), count(*) FROM django_migrations WHERE app = 'authtoken'")
        assert cursor.fetchone() == (None, 0)
    assert [row[:3] for row in rows] == [(name, digest(held[name]), "aaaa") for name in ("bot", "feed")]
    assert all(row[3].startswith("2026-01-02") and row[4:] == ("", "[]", False, True) for row in rows)
