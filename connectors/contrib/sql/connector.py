"""Views of a PostgreSQL warehouse: asked by their columns, polled by the time at which their rows changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from psycopg import sql
from pydantic import Field, model_validator

from connectors.contrib.sql.database import Database, connected
from connectors.contrib.sql.views import View, Views
from connectors.sdk import BadSettings, Connector, Fact, Found, Missing, Page, Ref, Refused, Row, Undone
from connectors.sdk.manifest.mapping import MappedSettings, mapping_of, sound_for
from connectors.sdk.manifest.reading import facts_of, row_of

ROWS = 500
"""In one page of changes, and of one view about one ref."""
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
MORE = "There are more rows than were read."
PARTLY = "This view leaves out rows."

Position = tuple[str, str, bool]
"""The time and key of the last row read of a view, and whether it was the last that there was."""


class SqlSettings(MappedSettings):
    address_secret: str = Field(
        "", description="postgresql://user:password@host/database, as a reference: env:WAREHOUSE"
    )
    host: str = Field("", description="Instead of the whole address: the server")
    port: int = Field(5432, ge=1, le=65535, description="Its port")
    database: str = Field("", description="The name of the database")
    user: str = Field("", description="A role that may only read")
    password: str = Field("", description="Its password, as a reference: env:WAREHOUSE_PASSWORD")
    sslmode: Literal["disable", "prefer", "require", "verify-ca", "verify-full"] = Field(
        "prefer", description="How the connection is encrypted; verify-full outside your own network"
    )
    views: Annotated[str, sound_for(Views)] = Field(
        min_length=1, description="What to read: the whole path of a .toml file with [record.…], or its text"
    )
    overlap_s: int = Field(300, ge=0, le=86400, description="How far back polling reads again, for late commits")

    @model_validator(mode="after")
    def one_place(self) -> SqlSettings:
        if not self.address_secret and not (self.host and self.database and self.user):
            raise ValueError("give address_secret, or host, database, user and password")
        return self


class SqlConnector(Connector):
    title = "PostgreSQL views"
    domain = "warehouse"
    Settings = SqlSettings
    accepts = ("order", "return", "payment", "refund", "invoice", "credit_note", "shipment", "email", "sql.customer")
    identifying = ("email", "sql.customer")
    overlap_s = 300

    @property
    def mapping(self) -> Views:
        return mapping_of(self.settings.views, Views)

    def check(self) -> str:
        with self._connected() as database:
            for view in self.mapping.record.values():
                empty = [sql.SQL("t.{} IS NULL").format(sql.Identifier(c)) for c in view.columns.values()]
                database.rows(self._select(view, sql.SQL(" AND ").join([sql.SQL("false"), *empty])))
                if view.updated:
                    self._since(database, view, BEGINNING.isoformat(), limit=0)
                writes = "SELECT has_table_privilege(%s::regclass, 'INSERT, UPDATE, DELETE, TRUNCATE')"
                if database.rows(sql.SQL(writes), [_table(view).as_string(database.connection)])[0][0]:
                    raise BadSettings(f"This role may write to {view.view}: give the source a role that may only read.")
        names = ", ".join(view.view for view in self.mapping.record.values())
        return f"The database answers; {names} can be read."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        refused: Refused | None = None
        with self._connected() as database:
            for ref in refs:
                try:
                    yield self._of(database, ref)
                except Refused as error:  # what the role may not see of one ref says nothing about the next
                    refused = error
        if refused:
            raise refused

    def changes(self, cursor: str | None) -> Iterator[Page]:
        with self._connected() as database:
            if cursor is None:
                yield Page((), self.cursor_at(database.rows(sql.SQL("SELECT now()"))[0][0]))
                return
            places: dict[str, Position] = {name: tuple(at) for name, at in json.loads(cursor).items()}
            for name, view in self.mapping.record.items():
                if view.updated:
                    yield from self._changed(database, name, view, places)

    def cursor_at(self, since: datetime | None) -> str:
        # In the source's own zone, so that columns without a zone are compared with the time they mean.
        at = (since or BEGINNING).astimezone(self.zone).isoformat()
        return _cursor(dict.fromkeys(self.mapping.record, (at, "", True)))

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        return facts_of(self.mapping.record[row.type], self.mapping.times, row.body, self.zone)

    # -- asking --------------------------------------------------------------------------------------

    def _connected(self) -> Any:
        return connected(self.settings, self.http.name)

    def _of(self, database: Database, ref: Ref) -> Found:
        rows: list[Row] = []
        kinds: list[str] = []
        reasons = []
        for name, view in self.mapping.record.items():
            column = view.columns.get(ref.scheme)
            if column is None:
                continue
            kinds += view.kinds
            try:
                found = database.rows(self._select(view, self._equals(column, ref)), [ref.value])
            except Missing:  # a word where the column holds numbers
                found = []
            rows += self._rows(name, found)
            reasons += [MORE] * (len(found) >= ROWS) + [PARTLY] * (not view.complete)
        return Found(ref, rows, complete=not reasons, kinds=tuple(dict.fromkeys(kinds)), reason="".join(reasons[:1]))

    def _equals(self, column: str, ref: Ref) -> sql.Composable:
        """So that an index on the column serves; for addresses, whose case does not matter, one on lower(column)."""
        said = sql.SQL("lower(t.{}) = %s" if ref.scheme == "email" else "t.{} = %s")
        return said.format(sql.Identifier(column))

    def _select(self, view: View, where: sql.Composable) -> sql.Composed:
        return sql.SQL("SELECT to_jsonb(t) FROM {} AS t WHERE {} ORDER BY t.{} LIMIT {}").format(
            _table(view), where, sql.Identifier(view.key), sql.Literal(ROWS)
        )

    def _rows(self, name: str, found: Sequence[tuple[Any, ...]]) -> list[Row]:
        spec, times = self.mapping.record[name], self.mapping.times
        return [row_of(name, spec, times, one[0], {}, self.zone) for one in found]

    # -- polling -------------------------------------------------------------------------------------

    def _changed(self, database: Database, name: str, view: View, places: dict[str, Position]) -> Iterator[Page]:
        """Page after page in the order of time and key, so that rows of one instant are never lost between two pages.

        Only a pass that had reached the end goes back by the overlap: one that was cut short goes on where it was.
        """
        at, key, ended = places.get(name) or (BEGINNING.isoformat(), "", True)
        if ended:
            at, key = (datetime.fromisoformat(at) - timedelta(seconds=self.settings.overlap_s)).isoformat(), ""
        more = True
        while more:
            found = self._since(database, view, at, key)
            more = len(found) == ROWS
            if found:
                at, key = found[-1][1], found[-1][2]
                places[name] = (at, key, not more)
            elif name in places:
                places[name] = (*places[name][:2], True)
            yield Page(self._rows(name, found), _cursor(places))

    def _since(
        self, database: Database, view: View, at: str, key: str = "", limit: int = ROWS
    ) -> list[tuple[Any, ...]]:
        """Rows that changed at this time or later, those of the same instant only after ``key``."""
        after = "(t.{updated}, t.{key}) > (%s, %s)" if key else "t.{updated} >= %s"
        query = sql.SQL(
            "SELECT to_jsonb(t), t.{updated}::text, t.{key}::text FROM {table} AS t"
            " WHERE " + after + " AND t.{updated} <= now() ORDER BY t.{updated}, t.{key} LIMIT {limit}"
        )
        made = query.format(
            updated=sql.Identifier(view.updated or ""), key=sql.Identifier(view.key), table=_table(view),
            limit=sql.Literal(limit),
        )  # fmt: skip
        return database.rows(made, [at, key] if key else [at])


def _table(view: View) -> sql.Identifier:
    return sql.Identifier(*view.view.split("."))


def _cursor(places: dict[str, Position]) -> str:
    return json.dumps(places, sort_keys=True)
