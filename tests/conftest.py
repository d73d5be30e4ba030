"""What every test may use: a database of its own as the application's role, real transactions, a real browser."""

import os
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.database import TestDatabase, url_with_name

# Playwright's own event loop makes Django believe that the test is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# Connectors that read files are held to folders made here.
os.environ.setdefault("CSV_DROP_ROOT", tempfile.gettempdir())

# A run that is told to stop takes its database and its servers' files along.
signal.signal(signal.SIGTERM, signal.default_int_handler)

pytest_plugins = ["tests.browser"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Reports travel between the processes of a run as UTF-8, which half a surrogate pair in a log is not."""
    report = yield
    report.sections = [(name, words.encode("utf-8", "backslashreplace").decode()) for name, words in report.sections]
    return report


LONG = ("demo", "docs/test_first_connector", "ground/test_celery", "ground/test_lint", "ground/test_embedded")
"""Groups that begin before all others: one that began last would keep a single process busy while the rest is done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the run, a file stays with one of them, and so do all tests on one running demo."""
    groups = {item: _group(item.path) for item in items}
    for item, group in groups.items():
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: groups[item] not in LONG)


def _group(path: Path) -> str:
    folder = path.parent.name
    return folder if folder == "demo" else f"{folder}/{path.stem}"


@pytest.fixture(scope="session")
def server_urls() -> Iterator[tuple[str, str]]:
    """The PostgreSQL server of this run as (app, owner): the one that is set, else an embedded one of its own."""
    app = os.environ.get("DATABASE_URL", "")
    if app:
        yield app, os.environ.get("DATABASE_OWNER_URL") or app
        return
    from workspace.embedded import postgres

    with postgres.temporary() as server:
        yield server.app_url, server.owner_url


@pytest.fixture(scope="session")
def test_database(server_urls: tuple[str, str]) -> Iterator[TestDatabase]:
    """The database of this run, still without tables. `connect()` gives a connection outside Django."""
    database = TestDatabase(*server_urls)
    with database.made():
        yield database


@pytest.fixture(scope="session")
def django_db_setup(test_database: TestDatabase, django_db_blocker: object) -> Iterator[None]:
    """Migrates as the owner, then lets Django in as the application's role."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.test import TransactionTestCase

    from workspace.env import database as parsed
    from workspace.env import env

    urls = {"default": test_database.app_url, "owner": test_database.owner_url}
    for alias, url in urls.items():
        mine = url_with_name(url, test_database.name)
        settings.DATABASES[alias].update(parsed(mine), CONN_MAX_AGE=0)
        connections[alias].settings_dict.update(parsed(mine), CONN_MAX_AGE=0)
        # Processes that a test starts meet the same database.
        os.environ["DATABASE_URL" if alias == "default" else "DATABASE_OWNER_URL"] = mine
    settings.LISTEN_URL = os.environ["LISTEN_URL"] = os.environ["DATABASE_URL"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one is slow by intent
    env.cache_clear()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if not test_database.migrated:
            call_command("migrate", verbosity=0)
            connections.close_all()
            test_database.keep_template()
    test_database.keep_migrated_rows()
    # The application's role may not truncate, so what Django would flush the owner empties.
    TransactionTestCase._fixture_teardown = lambda self: test_database.empty()  # type: ignore[method-assign]
    yield
    connections.close_all()


@pytest.fixture
def committed_db(transactional_db: None, test_database: TestDatabase) -> TestDatabase:
    """For tests whose threads, processes or second connections must see each other's commits; emptied afterwards."""
    return test_database


@pytest.fixture(autouse=True)
def var_dir(tmp_path: Path, settings: object) -> Path:
    """Nothing a test does writes into the checkout's own state folder."""
    settings.VAR_DIR = tmp_path / "var"  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    return tmp_path / "var"
