"""Learning what rows look like. A process keeps what it knows; the database hears only what is new."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone

from connectors.host.models import Source, SourceField
from connectors.host.services.drift.knowing import LEARN, Known, News
from connectors.host.services.drift.shapes import ROOT, Field
from connectors.host.services.sources_log import source_note
from connectors.sdk import Row

log = logging.getLogger(__name__)
SAMPLE = 50
"""So many rows of one batch and type are looked at, spread evenly."""
KEEP_S = 60.0
RELOAD_S = 300.0
GLANCE_S = 10.0
NAMED = 8
"""So many fields are named in one sentence."""


@dataclass
class _Entry:
    known: Known
    loaded: float = field(default_factory=time.monotonic)
    kept: float = field(default_factory=time.monotonic)


_lock = threading.Lock()
_entries: dict[tuple[int, int, str], _Entry] = {}
_glanced: dict[tuple[int, int], float] = {}


def drift_note(*, source: Source, rows: Sequence[Row]) -> None:
    """Learn the fields of these rows; tell in the source's log of a field that is new, lost, or of another shape.

    Call it after the rows are stored, outside their transaction. It never raises and changes no fact.
    """
    try:
        by_type: dict[str, list[Row]] = {}
        for row in rows:
            by_type.setdefault(str(row.type)[:100], []).append(row)
        for type_, several in by_type.items():
            _note(source, type_, several[:: max(1, len(several) // SAMPLE)])
    except Exception:
        log.exception("The fields of rows of %s could not be noted", source.name)


def drift_glance(*, source: Source, rows: Sequence[Row]) -> None:
    """``drift_note`` for what lookups bring, now and then: they are in a hurry, and much alike."""
    now, key = time.monotonic(), (os.getpid(), source.pk)
    with _lock:
        if not rows or now - _glanced.get(key, -GLANCE_S) < GLANCE_S:
            return
        _glanced[key] = now
    drift_note(source=source, rows=rows)


def drift_forget() -> None:
    """Drop what this process remembers; the database still knows."""
    with _lock:
        _entries.clear()
        _glanced.clear()


@transaction.atomic
def drift_accept(*, source: Source, by: str = "") -> int:
    """What turned up is fine from now on, and what was lost is expected no more. Gives how many fields that are."""
    fields = SourceField.objects.filter(source=source)
    lost, _ = fields.exclude(missing_at=None).delete()
    accepted = lost + fields.filter(known=False).update(known=True)
    if accepted:
        sentence = f"{accepted} changed fields were accepted: the rows are known as they are now."
        source_note(source=source, what="drift accepted", sentence=sentence, by=by)
        transaction.on_commit(drift_forget)
    return accepted


def _note(source: Source, type_: str, rows: Sequence[Row]) -> None:
    key = (os.getpid(), source.pk, type_)
    with _lock:
        entry = _entries.get(key)
    now = time.monotonic()
    if entry is None or now - entry.loaded > RELOAD_S:
        if entry is not None:
            _count(source, type_, entry.known)
        entry = _Entry(_load(source, type_))
    with _lock:
        _entries[key] = entry
        news = entry.known.note(row.body for row in rows)
        learning = entry.known.seen(ROOT) < 2 * LEARN
    if news.learned or news.told or news.lost or news.back:
        _keep(source, type_, news)
    if learning or now - entry.kept > KEEP_S:
        _count(source, type_, entry.known)
        entry.kept = now


def _load(source: Source, type_: str) -> Known:
    known = Known()
    for row in SourceField.objects.filter(source=source, record_type=type_):
        known.learn(row.path, row.shape, row.rows)
        if row.missing_at:
            known.lost.add(row.path)
    return known


@transaction.atomic
def _keep(source: Source, type_: str, news: News) -> None:
    """Store what is new. Whoever stores it first tells it, so that it is told once."""
    _insert(source, type_, news.learned, known=True)
    told = _insert(source, type_, news.told, known=False)
    fields = SourceField.objects.filter(source=source, record_type=type_)
    paths = set(fields.filter(path__in={path for path, _ in told}, known=True).values_list("path", flat=True))
    now = timezone.now()
    lost = [p for p in sorted(news.lost) if fields.filter(path=p, missing_at=None).update(missing_at=now)]
    back = [p for p in sorted(news.back) if fields.filter(path=p).exclude(missing_at=None).update(missing_at=None)]
    new = [f"{path} ({kind})" for path, kind in told if path not in paths]
    bent = [f"{path} (now {kind} too)" for path, kind in told if path in paths]
    for what, names in (("have a new field", new), ("have a field in another shape", bent),
                        ("have lost a field", lost), ("have a field again", back)):  # fmt: skip
        if names:
            _tell(source, type_, what, names)


def _insert(source: Source, type_: str, found: Iterable[Field], *, known: bool) -> list[Field]:
    """Those that nobody stored before."""
    wanted = sorted(found)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO host_sourcefield (source_id, record_type, path, shape, first_at, last_at, rows, known)"
            " SELECT %s, %s, n.path, n.shape, now(), now(), 0, %s"
            " FROM unnest(%s::text[], %s::text[]) n(path, shape)"
            " ON CONFLICT (source_id, record_type, path, shape) DO NOTHING RETURNING path, shape",
            [source.pk, type_, known, [path for path, _ in wanted], [kind for _, kind in wanted]],
        )
        return sorted(cursor.fetchall())


def _tell(source: Source, type_: str, what: str, names: Sequence[str]) -> None:
    shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    calm = what == "have a field again"
    sentence = f"Rows of type {type_} {what}: {shown}."
    if not calm:
        sentence += " They are still stored; check that its connector reads them as meant."
    source_note(source=source, what="drift", sentence=sentence, level="info" if calm else "warn")


def _count(source: Source, type_: str, known: Known) -> None:
    with _lock:
        counts, known.pending = known.pending, type(known.pending)()
    if not counts:
        return
    wanted = sorted(counts.items())  # in one order, so that two processes never wait for each other in a ring
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH n AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) n(path, shape, rows)),"
            " mine AS (SELECT f.id, n.rows FROM host_sourcefield f JOIN n USING (path, shape)"
            " WHERE f.source_id = %s AND f.record_type = %s ORDER BY f.id FOR UPDATE OF f)"
            " UPDATE host_sourcefield f SET rows = f.rows + mine.rows, last_at = now() FROM mine WHERE f.id = mine.id",
            [[path for (path, _), _ in wanted], [kind for (_, kind), _ in wanted], [n for _, n in wanted],
             source.pk, type_],
        )  # fmt: skip
