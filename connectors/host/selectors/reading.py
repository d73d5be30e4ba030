"""How far reading is: cursors, backfills, imports, and fields that changed. Rows for pages, commands and the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from connectors.host.errors import BadImport
from connectors.host.models import Backfill, FileImport, ImportRefusal, Source, SourceCursor, SourceField
from connectors.host.registry import connector_classes


@dataclass(frozen=True)
class CursorView:
    """How a source is polled: ``next_at`` is the next try, ``failures`` how many failed in a row."""

    source: str
    poll_s: float | None
    paused: bool
    cursor: str | None
    moved_at: datetime | None
    next_at: datetime | None
    failures: int
    can_backfill: bool


@dataclass(frozen=True)
class BackfillView:
    """One reading of the past. There is no estimate of its end: a source does not say how much it has."""

    id: int
    source: str
    state: str
    since: datetime | None
    pages_a_minute: int
    pages: int
    rows: int
    new: int
    malformed: int
    failures: int
    reason: str
    by: str
    next_at: datetime | None
    created_at: datetime
    progressed_at: datetime | None
    ended_at: datetime | None

    @property
    def rows_a_minute(self) -> int:
        """On the average since it began, pauses included; 0 before the first page."""
        took = (self.progressed_at - self.created_at).total_seconds() if self.progressed_at else 0.0
        return round(60 * self.rows / max(took, 1.0)) if self.rows else 0

    @property
    def sentence(self) -> str:
        read = f"{_count(self.pages, 'page')}, {_count(self.rows, 'row')}, {_count(self.new, 'new fact')}"
        if self.state == "running" and self.failures:
            return f"{self.reason} It is tried again by itself; {read} so far."
        words = {
            "waiting": "Waits for a worker", "running": "Reading", "paused": "Paused", "done": "Done",
            "cancelled": "Cancelled",
        }  # fmt: skip
        more = f" {self.reason}" if self.state == "paused" and self.reason else ""
        return f"{words.get(self.state, self.state)}: {read}.{more}"


@dataclass(frozen=True)
class ImportView:
    """One file. ``percent`` is of its bytes, so it is honest; ``line`` is the last line that is stored."""

    id: int
    source: str
    name: str
    state: str
    format: str
    size: int
    percent: int
    line: int
    lines: int | None
    new: int
    refused: int
    reason: str
    by: str
    created_at: datetime
    progressed_at: datetime | None
    ended_at: datetime | None

    @property
    def sentence(self) -> str:
        refused = f", {_count(self.refused, 'line')} refused" if self.refused else ""
        told = f"{_count(self.line, 'line')}, {_count(self.new, 'new fact')}{refused}"
        words = {
            "waiting": "Waits for a worker", "running": f"{self.percent} %", "paused": "Paused", "done": "Imported",
            "cancelled": "Cancelled",
        }  # fmt: skip
        more = f" {self.reason}" if self.reason else ""
        return f"{words.get(self.state, self.state)}: {told}.{more}"


@dataclass(frozen=True)
class Refusal:
    """A line that was not stored, and why. ``text`` is its beginning."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True)
class FieldChange:
    """``what`` is new, shape or lost."""

    record_type: str
    path: str
    shape: str
    what: str
    at: datetime


def cursor_get(source: Source) -> CursorView:
    state = SourceCursor.objects.filter(source=source).first() or SourceCursor(source=source)
    cls = connector_classes().get(source.connector)
    able = bool(cls and cls.can("changes") and cls.can("cursor_at"))
    return CursorView(
        source.name, source.poll_s, source.paused, state.cursor, state.moved_at, state.due_at, state.failures, able
    )


def backfills_list(source: Source, limit: int = 20) -> list[BackfillView]:
    """The newest first."""
    rows = Backfill.objects.filter(source=source).select_related("source").order_by("-id")[:limit]
    return [backfill_view(row) for row in rows]


def backfill_view(row: Backfill) -> BackfillView:
    return BackfillView(
        row.pk, row.source.name, row.state, row.since, row.pages_a_minute, row.pages, row.rows, row.new, row.malformed,
        row.failures, row.reason, row.by, row.due_at, row.created_at, row.progressed_at, row.ended_at,
    )  # fmt: skip


def imports_list(source: Source | None = None, limit: int = 20) -> list[ImportView]:
    """The newest first, of one source or of all."""
    rows = FileImport.objects.select_related("source").order_by("-id")
    return [_import(row) for row in (rows.filter(source=source) if source else rows)[:limit]]


def import_get(import_id: int) -> ImportView:
    """Raises BadImport where there is none of this number."""
    row = FileImport.objects.select_related("source").filter(pk=import_id).first()
    if row is None:
        raise BadImport(f"There is no import {import_id}.")
    return _import(row)


def refusals(import_id: int, after: int = 0, limit: int = 200) -> list[Refusal]:
    """Refused lines behind line ``after``, in the file's order."""
    rows = ImportRefusal.objects.filter(file=import_id, line__gt=after).order_by("line")[:limit]
    return [Refusal(row.line, row.reason, row.text) for row in rows]


def refusals_all(import_id: int) -> Iterator[Refusal]:
    """Every refused line that was kept."""
    rows = ImportRefusal.objects.filter(file=import_id).order_by("line")
    for line, reason, text in rows.values_list("line", "reason", "text").iterator():
        yield Refusal(line, reason, text)


def drift_list(source: Source) -> list[FieldChange]:
    """What changed in the rows of a source and was not accepted yet."""
    rows = list(SourceField.objects.filter(source=source).order_by("record_type", "path", "shape"))
    known = {(row.record_type, row.path) for row in rows if row.known}
    found = []
    for row in rows:
        if row.missing_at:
            found.append(FieldChange(row.record_type, row.path, row.shape, "lost", row.missing_at))
        elif not row.known:
            what = "shape" if (row.record_type, row.path) in known else "new"
            found.append(FieldChange(row.record_type, row.path, row.shape, what, row.first_at))
    return found


def plain(view: Any) -> dict[str, Any]:
    """A view as JSON: times as ISO texts, its sentence too."""
    found = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(view).items()}
    return {**found, "sentence": view.sentence} if hasattr(view, "sentence") else found


def _import(row: FileImport) -> ImportView:
    done = 100 if row.state == "done" else min(99, 100 * row.offset // max(row.size, 1))
    return ImportView(
        row.pk, row.source.name, row.name, row.state, row.format, row.size, done, row.line, row.lines, row.new,
        row.refused, row.reason, row.by, row.created_at, row.progressed_at, row.ended_at,
    )  # fmt: skip


def _count(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
