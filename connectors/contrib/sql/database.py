"""One connection to a PostgreSQL database that can only read, and only within the time of the present call.

What ``self.http`` does for connectors over HTTP is done here: the address is looked up once, checked and kept, the
call's watchdog can cut the connection, and every error is named after what happens next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import set_json_loads

from connectors.sdk import BadCredentials, BadSettings, Missing, Refused, SourceError, TryAgain, Unreadable
from connectors.sdk.calls import Call, Cutter, call
from connectors.sdk.wire import checked, resolve

LIMIT_S = 10.0
"""For one statement, where the call around it has no earlier end."""
_NO_LOGIN = (
    "password authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "not permitted to log in",
)
_FROM_ADDRESS = {"host", "port", "dbname", "user", "password", "sslmode", "sslrootcert"}
_BOUNDS = """SELECT set_config('statement_timeout', %s, true), set_config('TimeZone', %s, true),
                    set_config('DateStyle', 'ISO', true)"""


class Database:
    """An open connection. Every statement is a read-only transaction with what is left of the call's time."""

    def __init__(self, connection: psycopg.Connection[Any], name: str, zone: str) -> None:
        self.connection, self.name, self.zone = connection, name, zone
        self._cutter = Cutter(_Handle(connection.pgconn.socket))  # type: ignore[arg-type]
        connection.read_only = True
        set_json_loads(_loads, connection)

    def rows(self, query: sql.Composed | sql.SQL, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement; values travel as parameters. Raises Missing for a value that no such column
        could hold, and other SourceErrors."""
        with call(LIMIT_S) as within:
            within.count_request()
            within.uses(self._cutter)
            left_ms = int(950 * within.left_s)
            try:
                if left_ms <= 0:
                    raise psycopg.errors.QueryCanceled
                self.connection.execute(_BOUNDS, [str(left_ms), self.zone])
                found = self.connection.execute(query, values).fetchall()
                self.connection.commit()
                return found
            except psycopg.Error as error:
                trouble = meaning(error, self.name, within)
            with suppress(psycopg.Error):
                self.connection.rollback()
        raise trouble


@contextmanager
def connected(settings: Any, name: str) -> Iterator[Database]:
    """A connection, closed at the end; ``name`` is the source's in sentences. Raises SourceError."""
    connection = _open(settings, name)
    try:
        yield Database(connection, name, str(settings.zone))
    finally:
        connection.close()


class _Handle:
    """A socket's number where a socket is expected: only that is used of it."""

    def __init__(self, number: int) -> None:
        self._number = number

    def fileno(self) -> int:
        return self._number


def _open(settings: Any, name: str) -> psycopg.Connection[Any]:
    place = _place(settings)
    host, port = str(place["host"]), int(place.get("port") or 5432)
    trouble: SourceError = TryAgain(f"{name} could not be reached.")
    with call(LIMIT_S) as within:
        try:
            addresses = checked(host, resolve(host, port, within.left_s), settings.internal)
        except OSError as error:
            raise TryAgain(f"{name} could not be reached.", f"{host}: {type(error).__name__}") from None
        for address in addresses:
            try:
                return psycopg.connect(
                    **{**place, "hostaddr": address}, connect_timeout=max(2, int(within.left_s)),
                    application_name="throughline", client_encoding="utf8", prepare_threshold=None,
                )  # fmt: skip
            except psycopg.Error as error:
                trouble = meaning(error, name, within)
            if within.expired or isinstance(trouble, BadSettings):
                break
    raise trouble


def _place(settings: Any) -> dict[str, Any]:
    """Where and who, from the settings; of a whole address only what a role that reads needs."""
    if not settings.address_secret:
        return {"host": settings.host, "port": settings.port, "dbname": settings.database, "user": settings.user,
                "password": settings.password, "sslmode": settings.sslmode}  # fmt: skip
    try:
        found = conninfo_to_dict(settings.address_secret)
    except psycopg.Error:
        raise BadSettings("The database's address must look like postgresql://user:password@host/database.") from None
    host = str(found.get("host") or "")
    if not host or host.startswith(("/", "@")) or "," in host:
        raise BadSettings("The database's address must name one host.")
    return {"sslmode": settings.sslmode, **{key: value for key, value in found.items() if key in _FROM_ADDRESS}}


def meaning(error: psycopg.Error, name: str, within: Call) -> SourceError:
    """What a failure means, named after what happens next; none of the statement's values is repeated."""
    text = str(error)
    said = str(error.diag.message_primary or (text.splitlines() or ["no reason given"])[0])[:200]
    detail = f"{type(error).__name__} {error.sqlstate or ''}: {said}"
    if within.expired or isinstance(error, psycopg.errors.QueryCanceled):
        return TryAgain(f"{name} did not answer within {within.limit_s:g} s.", detail)
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return Refused(f"{name} does not let this role read what was asked: grant it SELECT on the view.", detail)
    if (error.sqlstate or "").startswith("42") or isinstance(error, psycopg.errors.InvalidSchemaName):
        return BadSettings(f"The mapping does not fit the database: {said}.", detail)
    if any(one in text for one in _NO_LOGIN) or (error.sqlstate or "").startswith("28"):
        return BadCredentials(f"{name} does not accept our credentials: reconnect it.", detail)
    if isinstance(error, psycopg.DataError):
        return Missing(f"{name} has no such value.", type(error).__name__)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        if "database" in text and "does not exist" in text:
            return BadSettings(f"{name} has no such database.", detail)
        return TryAgain(f"{name} could not be reached.", detail)
    return Unreadable(f"{name} could not answer the question.", detail)


def _loads(data: str | bytes) -> Any:
    return json.loads(data, parse_float=Decimal)
