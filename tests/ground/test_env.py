"""What the environment may set, and what is said when it cannot be used."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks

from workspace.env import BadEnvironment, Env, database, env, running_servers, secret_key


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment read anew, and again as it was afterwards."""
    env.cache_clear()
    yield monkeypatch
    env.cache_clear()


def test_a_variable_that_cannot_be_read_is_named(fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv("PORT", "eighty")
    with pytest.raises(BadEnvironment, match="PORT: .*eighty"):
        env()


def test_any_store_but_postgresql_is_refused() -> None:
    with pytest.raises(BadEnvironment, match="DATABASE_URL must begin with postgres://"):
        database("mysql://root@localhost/x")


def test_a_url_is_taken_apart_with_its_options() -> None:
    found = database("postgres://a%40b:p%2Fw@db.example:6432/lines?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("a@b", "p/w", "db.example", "6432")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_the_owner_is_the_application_where_only_one_url_is_set(fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv("DATABASE_URL", "postgres://one@db/x")
    fresh.delenv("DATABASE_OWNER_URL", raising=False)
    fresh.delenv("LISTEN_URL", raising=False)
    assert (env().database_owner_url, env().listen_url) == ("postgres://one@db/x", "postgres://one@db/x")


def test_servers_of_a_run_that_ended_are_not_believed(tmp_path: Path) -> None:
    (tmp_path / "servers.json").write_text(json.dumps({"pid": os.getpid(), "broker_url": "redis://here"}))
    assert running_servers(tmp_path) == {"broker_url": "redis://here"}
    (tmp_path / "servers.json").write_text(json.dumps({"pid": 2**22 - 3, "broker_url": "redis://gone"}))
    assert running_servers(tmp_path) == {}


def test_the_demos_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    found = Env(demo=True, var_dir=tmp_path, secret_key="")
    assert secret_key(found) == secret_key(found)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_server_without_a_key_and_a_broker_is_told_so(fresh: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "BROKER_URL", "DEMO", "DEBUG"):
        fresh.delenv(name, raising=False)
    fresh.setenv("VAR_DIR", "nowhere")
    found = {message.id: message.hint for message in run_checks(tags=["security", "compatibility"])}
    assert "throughline.E002" in found and "throughline.W002" in found
    assert all(found[i] for i in found if i.startswith("throughline."))
