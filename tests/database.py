"""The test database: made and emptied by the owner, used by the tests as the application's role."""

import hashlib
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def url_with_name(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _tables_digest() -> str:
    """Of everything that says what tables there are and who may do what to them."""
    root = Path(__file__).parents[1]
    told = ("migrations", "models", "models.py", "roles.py", "apps.py", "settings.py", "requirements.txt")
    files = sorted(
        path
        for top in ("connectors", "customers", "cases", "workspace")
        for path in (root / top).rglob("*.*")
        if path.suffix == ".sql" or (path.suffix == ".py" and {path.name, path.parent.name} & set(told))
    )
    content = b"".join(path.read_bytes() for path in [*files, root / "requirements.txt"])
    return hashlib.sha256(content).hexdigest()[:16]


TEMPLATE = f"template_tests_{_tables_digest()}"
_LEFT = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'
"""


@dataclass
class TestDatabase:
    """A database of one test run. The name is unique: several runs share a server without meeting."""

    __test__ = False

    app_url: str
    owner_url: str
    name: str = field(default_factory=lambda: f"test_{os.getpid()}_{uuid.uuid4().hex[:8]}")
    kept: dict[str, bytes] = field(default_factory=dict)
    sequences: dict[str, int | None] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    migrated: bool = False
    """It began as a copy of a database in which everything is migrated already."""

    @contextmanager
    def made(self) -> Iterator[None]:
        """Creates it, and drops it at the end whoever is still connected."""
        with psycopg.connect(self.owner_url, autocommit=True) as server:
            self.migrated = _exists(server, TEMPLATE)
            _copied(server, self.name, TEMPLATE if self.migrated else "template0")
            # It need not outlive a loss of power, so nobody waits for the disk.
            server.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(self.name)))
        try:
            yield
        finally:
            with psycopg.connect(self.owner_url, autocommit=True) as server:
                # WITH (FORCE) would fail where autovacuum is at work in it; a plain DROP ends autovacuum itself.
                server.execute(_LEFT, [self.name])
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(self.name)))

    def connect(self, *, as_owner: bool = False) -> psycopg.Connection:
        """A connection of one's own, outside Django and its transaction."""
        return psycopg.connect(url_with_name(self.owner_url if as_owner else self.app_url, self.name))

    def keep_template(self) -> None:
        """On a server that outlives the run, the next run with the same migrations begins with a copy of this one."""
        with psycopg.connect(self.owner_url, autocommit=True) as server:
            old = server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template_tests_%' ORDER BY oid")
            for (name,) in old.fetchall()[:-3]:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            if not _exists(server, TEMPLATE):
                _copied(server, TEMPLATE, self.name)
        self.migrated = True

    def keep_migrated_rows(self) -> None:
        """Remembers the rows that migrations made, so that emptying brings them back."""
        with self.connect(as_owner=True) as owner:
            self.kept = {name: _rows(owner, name) for name in _full(owner)}
            self.sequences = _sequences(owner)
            self.order = _parents_first(owner, list(self.kept))

    def empty(self) -> None:
        """Back to the state right after the migrations, once nobody works with what is in it any more."""
        threads_rest(15)
        for again in range(5):
            try:
                return self._emptied()
            except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
                if again == 4:
                    raise
        return None

    def _emptied(self) -> None:
        """The guards of history step aside for this alone. Few rows go faster one by one than tables do at once."""
        with self.connect(as_owner=True) as owner:
            owner.execute("SET lock_timeout = '15s'")
            # What somebody is still writing is waited for, and goes too.
            names = sql.SQL(", ").join(map(sql.Identifier, _tables(owner)))
            owner.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
            full = [name for name in _full(owner) if name not in self.kept or _rows(owner, name) != self.kept[name]]
            many = _many(owner, full)
            full = _tables(owner) if many else full
            _each(owner, full, "ALTER TABLE {} DISABLE TRIGGER USER")
            if many:
                owner.execute(sql.SQL("TRUNCATE {}").format(names))
            owner.execute("SET CONSTRAINTS ALL DEFERRED")
            _each(owner, [] if many else full, "DELETE FROM {}")
            for name in self.order:
                if name in full:
                    with owner.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
                        copy.write(self.kept[name])
            for name, value in _sequences(owner).items():
                was = self.sequences.get(name)
                if value != was and was is not None:
                    owner.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [name, was])
                elif value != was:
                    owner.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(name)))
            owner.execute("SET CONSTRAINTS ALL IMMEDIATE")  # tables with checks still to do can't be altered
            _each(owner, full, "ALTER TABLE {} ENABLE TRIGGER USER")


def _exists(server: psycopg.Connection, name: str) -> bool:
    return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _copied(server: psycopg.Connection, name: str, template: str) -> None:
    """A copy can't be made while somebody else makes one."""
    for again in range(50):
        try:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            server.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
            return
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # two at once
            return
        except psycopg.errors.ObjectInUse:
            if again == 49:
                raise
            time.sleep(0.2)


def threads_rest(seconds: float) -> None:
    """Waits until the pools of this process have nothing left to do: the news of an answer is told after it is stored,
    so a gathering's last threads may still write when a test has seen all it wanted."""
    ends, quiet = time.monotonic() + seconds, 0
    while quiet < 2 and time.monotonic() < ends:
        quiet = quiet + 1 if _idle() else 0
        if quiet < 2:
            time.sleep(0.005)


def _idle() -> bool:
    from connectors.host.services.gathering import lanes  # it needs Django to be ready

    with lanes._lock:
        places = [places for _, places in lanes._pools.values()]
    more = any(thread.name in ("desk-more", "hedge") for thread in threading.enumerate())
    return not more and all(one._value == one._initial_value for one in places)  # type: ignore[attr-defined]


def _tables(owner: psycopg.Connection) -> list[str]:
    found = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT relispartition AND relname <> 'django_migrations' ORDER BY relname"
    )
    return [row[0] for row in found]


def _full(owner: psycopg.Connection) -> list[str]:
    """The tables that have rows, asked in one go."""
    one = sql.SQL("SELECT {}::text WHERE EXISTS (SELECT 1 FROM {})")
    asked = [one.format(sql.Literal(name), sql.Identifier(name)) for name in _tables(owner)]
    return [row[0] for row in owner.execute(sql.SQL(" UNION ALL ").join(asked))] if asked else []


def _many(owner: psycopg.Connection, names: list[str]) -> bool:
    """Whether one of them has so many rows that looking for what refers to each would take longer than all tables."""
    one = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} OFFSET 2000)")
    return any(owner.execute(one.format(sql.Identifier(name))).fetchone() == (True,) for name in names)


def _rows(owner: psycopg.Connection, name: str) -> bytes:
    with owner.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as copy:
        return b"".join(bytes(chunk) for chunk in copy)


def _each(owner: psycopg.Connection, names: list[str], words: LiteralString) -> None:
    for name in names:
        owner.execute(sql.SQL(words).format(sql.Identifier(name)))


def _sequences(owner: psycopg.Connection) -> dict[str, int | None]:
    found = owner.execute("SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'")
    return dict(found.fetchall())


def _parents_first(owner: psycopg.Connection, names: list[str]) -> list[str]:
    """Tables in an order in which foreign keys between them hold."""
    edges = owner.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
    ).fetchall()
    needs = {name: {b for a, b in edges if a == name and b != name and b in names} for name in names}
    ordered: list[str] = []
    while needs:
        free = sorted(name for name, parents in needs.items() if parents <= set(ordered))
        ordered += free or sorted(needs)
        needs = {name: parents for name, parents in needs.items() if name not in ordered}
    return ordered
