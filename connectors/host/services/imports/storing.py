"""Keeping a file until it is read: all of it, or none."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from connectors.host.errors import BadImport
from connectors.host.models import FileImport, ImportPiece, Source
from connectors.host.services.imports.files import layout_of
from connectors.host.services.imports.reading import reader_of
from connectors.host.services.polling import source_get
from connectors.host.services.sources_log import source_note

PIECE = 1_048_576


def import_create(
    *,
    source: str,
    name: str,
    data: BinaryIO | Iterable[bytes],
    format: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    taken_at: datetime | None = None,
    by: str = "",
) -> FileImport:
    """Keep a file of facts to be read by any worker. ``data`` is read once, a piece at a time; memory stays flat.

    ``taken_at`` (aware) is when the file was taken out of its source; without it, now, or what was said when the same
    file came before. Raises UnknownSource, and BadImport where the file can't be imported: nothing of it is kept then.
    """
    row, mapping = source_get(source), dict(mapping or {})
    if taken_at is not None and (taken_at.tzinfo is None or taken_at > timezone.now()):
        raise BadImport("taken_at: give a past time with its zone, e.g. 2026-01-01T00:00:00+02:00.")
    reader_of(row, mapping)
    pieces = _pieces(data)
    try:
        first = next(pieces, b"")
        layout = layout_of(first, name, format, mapping.get("encoding", "utf-8"))
        with transaction.atomic():
            made = FileImport.objects.create(
                source=row, state="storing", name=name[:200], format=layout.format, by=by[:150], digest="", size=0,
                mapping={**mapping, "layout": layout.kept()}, line=layout.line, offset=layout.offset,
                taken_at=taken_at or timezone.now(), created_at=timezone.now(), due_at=timezone.now(),
            )  # fmt: skip
            _store(made, itertools.chain([first], pieces))
            made.taken_at = taken_at or _before(row, made) or made.taken_at
            made.state = "waiting"
            made.save(update_fields=["state", "digest", "size", "taken_at"])
            sentence = f"{made.name} ({made.size} bytes) waits to be imported."
            source_note(source=row, what="import started", sentence=sentence, by=by)
    except DatabaseError as error:
        full = getattr(error.__cause__, "sqlstate", "") in ("53100", "53400", "54000")
        why = "the database has no room for it. Make room" if full else "the database refused it. See the server's log"
        raise BadImport(f"{name} was not imported: {why}, then send it again. Nothing of it was kept.") from error
    except OSError as error:
        raise BadImport(f"{name} could not be read to its end ({error.strerror}). Nothing of it was kept.") from error
    return made


def _pieces(data: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of one size."""
    chunks = iter(lambda: data.read(PIECE), b"") if hasattr(data, "read") else iter(data)
    rest = bytearray()
    for chunk in chunks:
        rest += chunk
        while len(rest) >= PIECE:
            yield bytes(rest[:PIECE])
            del rest[:PIECE]
    if rest:
        yield bytes(rest)


def _store(made: FileImport, pieces: Iterable[bytes]) -> None:
    digest, size = hashlib.sha256(), 0
    for number, body in enumerate(pieces):
        ImportPiece.objects.create(file=made, number=number, body=body)
        digest.update(body)
        size += len(body)
    made.digest, made.size = digest.hexdigest(), size
    kept = ImportPiece.objects.filter(file=made)
    again = hashlib.sha256()
    for found in kept.order_by("number").values_list("body", flat=True).iterator(chunk_size=4):
        again.update(found)
    if kept.aggregate(n=Sum(Length("body")))["n"] != size or again.hexdigest() != made.digest:
        raise DatabaseError("The pieces of the file are not what was sent.")


def _before(source: Source, made: FileImport) -> datetime | None:
    """The same file again is the same word of the same time."""
    same = FileImport.objects.filter(source=source, digest=made.digest, state="done")
    return same.order_by("id").values_list("taken_at", flat=True).first()
