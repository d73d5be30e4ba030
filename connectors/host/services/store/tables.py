"""New rows into tables: by COPY where there are many, else all tables in one statement."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

COLUMNS: dict[str, tuple[str, ...]] = {
    "host_rawrow": ("id", "record_id", "body", "digest", "url", "learned_at"),
    "host_fact": (
        "id", "record_id", "source_id", "raw_id", "kind", "version", "order_no", "started_at", "occurred", "day",
        "sort_at", "how", "implied", "payload_digest", "learned_at", "superseded_at", "closed_as",
    ),
    "host_factpayload": ("fact_id", "data", "said", "salt"),
    "host_factref": ("fact_id", "ref_id", "place"),
    "host_facthead": ("record_id", "kind", "fact_id", "versions", "order_no", "started_at"),
    "host_check": (
        "id", "source_id", "how", "started_at", "took_ms", "late", "outcome", "reason", "detail", "learned_at",
    ),
    "host_checkref": (
        "check_row_id", "source_id", "ref_id", "outcome", "complete", "kinds", "reason", "learned_at",
    ),
}  # fmt: skip
"""Tables that one batch fills, parents first."""
JSON_COLUMNS = frozenset({"body", "data"})
"""Their values are JSON text already."""
COPY_FROM = 150
"""Rows from which COPY, two round trips a table, is faster than one long statement."""

Statement = tuple[str, Sequence[Any]]


class NewRows:
    """Rows to insert, by table; values are numbers, booleans, None, lists of texts, or text as PostgreSQL reads it."""

    def __init__(self) -> None:
        self.of: dict[str, list[tuple[Any, ...]]] = defaultdict(list)

    def insert(self, then: Sequence[Statement]) -> None:
        """Insert them all, and run ``then`` behind them; where they are few, all in one round trip."""
        statements = list(then)
        with connection.cursor() as cursor:
            if sum(map(len, self.of.values())) >= COPY_FROM:
                for table, rows in self._ordered():
                    with cursor.copy(f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
            else:
                statements = [_insert(table, rows) for table, rows in self._ordered()] + statements
            run(cursor, statements)

    def _ordered(self) -> list[tuple[str, list[tuple[Any, ...]]]]:
        return [(table, self.of[table]) for table in COLUMNS if self.of.get(table)]


def _insert(table: str, rows: Sequence[tuple[Any, ...]]) -> Statement:
    """All rows as one JSON parameter: many parameters cost more than the inserting itself."""
    columns = ", ".join(COLUMNS[table])
    text = f"[{','.join(_object(COLUMNS[table], row) for row in rows)}]"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)", [text]


def _object(columns: Sequence[str], row: Sequence[Any]) -> str:
    plain = {c: v for c, v in zip(columns, row, strict=True) if c not in JSON_COLUMNS}
    json_texts = "".join(f',"{c}":{v}' for c, v in zip(columns, row, strict=True) if c in JSON_COLUMNS)
    return f"{json.dumps(plain, default=str)[:-1]}{json_texts}}}"


def array(values: Iterable[Any]) -> str:
    """An array of ids, digests, numbers or times, as PostgreSQL reads it; nothing in it needs a quote."""
    return "{" + ",".join(["NULL" if v is None else str(v) or '""' for v in values]) + "}"


def run(cursor: Any, statements: Sequence[Statement]) -> None:
    """Several statements in one round trip."""
    if statements:
        cursor.execute("; ".join(sql for sql, _ in statements), [value for _, values in statements for value in values])


def results(cursor: Any, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    """Several statements in one round trip: the rows of each, empty for one that gives none."""
    run(cursor, statements)
    found = []
    for _ in statements:
        found.append(cursor.fetchall() if cursor.description else [])
        cursor.nextset()
    return found
