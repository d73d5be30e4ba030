"""The work of an import: some lines, stored together with how far that is."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from connectors.host.errors import HostError
from connectors.host.models import FileImport, ImportPiece, ImportRefusal
from connectors.host.services.imports.files import layout_kept
from connectors.host.services.imports.reading import Reader, reader_of
from connectors.host.services.imports.splitting import Record
from connectors.host.services.imports.storing import PIECE
from connectors.host.services.polling.alone import IMPORT, alone
from connectors.host.services.readings import Reading, clean, rows_read
from connectors.host.services.recording import Batch, facts_record_all
from connectors.host.services.sources_log import Level, source_note
from connectors.sdk import Row

log = logging.getLogger(__name__)
PIECE_S = 10.0
BATCH_LINES = 1000
"""Few enough that whoever stores the answer of a lookup meanwhile hardly waits: what is learned has one clock."""
BATCH_CHARACTERS = 4_000_000
MAX_REFUSALS = 1000
"""So many refused lines are kept with their text; beyond, they are counted."""
MAX_FAILURES = 10


@dataclass(frozen=True)
class Refused:
    line: int
    reason: str
    text: str


def imports_due() -> list[int]:
    """Ids of the imports that have work now."""
    rows = FileImport.objects.filter(Q(due_at=None) | Q(due_at__lte=timezone.now()), state__in=("waiting", "running"))
    return list(rows.order_by("due_at").values_list("pk", flat=True))


def import_work(*, import_id: int, seconds: float = PIECE_S) -> bool:
    """One piece of the work on an import, where it is due and nobody else is at it. True where it goes on at once.

    Lines and how far they reach are stored in one transaction, so a process may be killed at any instant: the next
    one goes on behind the last line that is stored.
    """
    with alone(IMPORT, import_id) as mine:
        if not mine or import_id not in imports_due():
            return False
        row = FileImport.objects.select_related("source").get(pk=import_id)
        try:
            return _Piece(row).run(seconds)
        except (DatabaseError, HostError) as error:
            log.exception("Importing %s failed", row.name)
            _failed(row, error)
            return False


class _Piece:
    def __init__(self, row: FileImport) -> None:
        self.row, self.source = row, row.source
        self.reader: Reader = reader_of(self.source, row.mapping)
        self.mine = FileImport.objects.filter(pk=row.pk)

    def run(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        layout = layout_kept(self.row.format, self.row.mapping["layout"])
        records = layout.records(chunks(self.row), self.row.line, self.row.offset)
        while batch := take(records):
            if not self._store(batch):
                return False
            if time.monotonic() > until:
                return True
        self._end()
        return False

    @transaction.atomic
    def _store(self, batch: Sequence[Record]) -> bool:
        """False where somebody paused or cancelled it, or has read on."""
        alive = self.mine.filter(state__in=("waiting", "running"), offset=self.row.offset)
        if not alive.select_for_update().exists():
            return False
        fine, refused = sorted_out(self.reader, batch)
        first = self.row.taken_at + timedelta(microseconds=batch[0].line)
        # A record that stands in a file twice is said twice: what stands further down is the later word.
        said = [
            Batch(self.source, rows, "import", first + timedelta(microseconds=n), connector=self.reader.connector)
            for n, rows in enumerate(waves([reading.row for reading in fine]))
        ]
        new = sum(recorded.new for recorded in facts_record_all(said)) if said else 0
        self._refuse(refused)
        now, last = timezone.now(), batch[-1]
        self.mine.update(
            state="running", line=last.last, offset=last.offset, new=F("new") + new, failures=0, reason="",
            refused=F("refused") + len(refused), progressed_at=now, due_at=now,
        )  # fmt: skip
        self.row.line, self.row.offset = last.last, last.offset
        return True

    def _refuse(self, refused: Sequence[Refused]) -> None:
        room = MAX_REFUSALS - ImportRefusal.objects.filter(file=self.row).count() if refused else 0
        ImportRefusal.objects.bulk_create(
            ImportRefusal(file=self.row, line=one.line, reason=one.reason, text=one.text)
            for one in refused[: max(room, 0)]
        )  # fmt: skip

    @transaction.atomic
    def _end(self) -> None:
        now = timezone.now()
        alive = self.mine.filter(state__in=("waiting", "running"))
        if alive.update(state="done", lines=F("line"), ended_at=now, due_at=None, reason=""):
            ImportPiece.objects.filter(file=self.row).delete()
            row = self.mine.get()
            refused = f", {row.refused} lines refused" if row.refused else ""
            sentence = f"{row.name} is imported: {row.line} lines, {row.new} new facts{refused}."
            level: Level = "warn" if row.refused else "info"
            source_note(source=self.source, what="import done", sentence=sentence, by=row.by, level=level)


def chunks(row: FileImport) -> Iterator[bytes]:
    """The bytes of a kept file from its offset on, a piece at a time."""
    number, skip = divmod(row.offset, PIECE)
    bodies = ImportPiece.objects.filter(file=row).values_list("body", flat=True)
    while (body := bodies.filter(number=number).first()) is not None:
        yield bytes(body[skip:])
        number, skip = number + 1, 0


def take(records: Iterator[Record]) -> list[Record]:
    """The next records, as many as fit into one transaction."""
    batch: list[Record] = []
    characters = 0
    for record in records:
        batch.append(record)
        characters += record.size
        if len(batch) >= BATCH_LINES or characters >= BATCH_CHARACTERS:
            break
    return batch


def sorted_out(reader: Reader, batch: Sequence[Record]) -> tuple[list[Reading], list[Refused]]:
    """What can be stored, and what can't. A line is stored whole or not at all."""
    rows: list[tuple[Record, Row]] = []
    refused: list[Refused] = []
    for record in batch:
        if record.body is None:
            refused.append(Refused(record.line, record.reason, record.text))
            continue
        try:
            rows.append((record, reader.row(record.body)))
        except Exception as error:  # noqa: BLE001 a mapping may meet anything; the line is refused
            refused.append(Refused(record.line, str(clean(str(error)[:500])), record.text))
    fine = []
    for (record, _), reading in zip(rows, rows_read(reader.connector, [row for _, row in rows]), strict=True):
        reason = " ".join(_plainly(kind, why) for kind, why in reading.problems)
        if reason:
            refused.append(Refused(record.line, reason[:1000], record.text))
        else:
            fine.append(reading)
    return fine, sorted(refused, key=lambda one: one.line)


def _plainly(kind: str, why: str) -> str:
    """What was wrong with a reading, without the names that only its author knows."""
    if why.startswith("KeyError: "):
        return f"The line has no {why.removeprefix('KeyError: ')}."
    why = why.removeprefix("ValueError: ")
    return f"{kind}: {why}" if kind and kind not in why else why


def waves(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows apart in such a way that none holds a record twice, in their order."""
    found: list[list[Row]] = []
    times: dict[tuple[str, str], int] = {}
    for row in rows:
        n = times[row.type, row.id] = times.get((row.type, row.id), -1) + 1
        if n == len(found):
            found.append([])
        found[n].append(row)
    return found


def _failed(row: FileImport, error: Exception) -> None:
    """Nothing of the batch is stored: try again later, and stop where that was no use so often."""
    full = getattr(error.__cause__, "sqlstate", "") == "53100"
    why = str(error) if isinstance(error, HostError) else f"The database {'has no room' if full else 'failed'}."
    with transaction.atomic():
        row = FileImport.objects.select_for_update(of=("self",)).select_related("source").get(pk=row.pk)
        row.failures += 1
        row.due_at = timezone.now() + timedelta(seconds=min(300.0, 2.0**row.failures))
        row.reason = f"{why} It goes on behind line {row.line}; nothing is lost."
        if row.failures >= MAX_FAILURES and row.state in ("waiting", "running"):
            row.state = "paused"
            row.reason = f"Paused: {why} Resume it, and it goes on behind line {row.line}; nothing is lost."
            source_note(source=row.source, what="import paused", sentence=row.reason, level="error")
        row.save(update_fields=["failures", "due_at", "reason", "state"])
