"""Processes that are killed in the middle: nothing is lost, nothing is doubled, and another goes on at once."""

import json
import signal
import subprocess
import threading
import time
from pathlib import Path

from connectors.host.models import Backfill, Fact, FileImport, RawRow
from connectors.host.services import backfill_start, backfill_work, import_create, import_work, imports_due
from connectors.sdk.testing import Asked
from tests.database import TestDatabase
from tests.reading.conftest import eventually, save, start, texts
from tests.reading.notes import Book


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)


def test_a_backfill_whose_process_is_killed_is_gone_on_with_at_once(committed_db: TestDatabase, book: Book) -> None:
    save(book)
    book.fill(40)
    answer = book.server.behaviour

    def slowly(sock: object, asked: Asked) -> None:
        time.sleep(0.05)
        answer(sock, asked)  # type: ignore[arg-type]

    book.server.behaviour = slowly
    process = start("source_backfill", "notes", "--since", "2026-01-01", "--pages-a-minute", "6000", "--watch")
    assert eventually(lambda: Fact.objects.count() >= 6, 40)
    kill(process)
    stored = Fact.objects.count()
    assert 6 <= stored < 40
    row = Backfill.objects.get()
    assert (row.rows, row.new, row.cursor) == (stored, stored, str(stored))
    killed = time.monotonic()
    while Backfill.objects.get().state != "done":
        assert time.monotonic() - killed < 15
        if not backfill_work(backfill_id=row.pk):
            time.sleep(0.05)
    row.refresh_from_db()
    assert (len(texts()), Fact.objects.count(), row.rows, row.new) == (40, 40, 40, 40)


def test_an_import_whose_process_is_killed_is_gone_on_with(
    committed_db: TestDatabase, book: Book, tmp_path: Path
) -> None:
    save(book)
    path = tmp_path / "notes.jsonl"
    lines = [{"id": f"n{n % 3000}", "order": "o1", "text": f"note {n}"} for n in range(4_000)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('rows = { type = "note", id = "{id}" }\n')
    process = start("facts_import", "notes", str(path), "--mapping", str(mapping))
    assert eventually(lambda: FileImport.objects.filter(line__gt=0).exists(), 60)
    kill(process)
    row = FileImport.objects.get()
    assert 0 < row.line < 4_000 and row.state == "running" and row.line == Fact.objects.count()
    assert imports_due() == [row.pk]
    while import_work(import_id=row.pk):
        pass
    row.refresh_from_db()
    assert (row.state, row.line, row.new, Fact.objects.count(), RawRow.objects.count()) == ("done", *[4_000] * 4)
    assert texts()["n0"] == "note 3000" and len(texts()) == 3000


def test_two_workers_at_one_backfill_and_one_import_store_everything_once(
    committed_db: TestDatabase, book: Book
) -> None:
    save(book)
    book.fill(20)
    backfill = backfill_start(source="notes", since=None, pages_a_minute=6000).pk
    lines = "".join(json.dumps({"id": f"i{n}", "order": "o", "text": "x"}) + "\n" for n in range(500))
    file = import_create(
        source="notes", name="a.jsonl", data=iter([lines.encode()]), mapping={"rows": {"type": "note", "id": "{id}"}}
    ).pk

    def works() -> None:
        from django.db import connection

        until = time.monotonic() + 10
        while time.monotonic() < until and Backfill.objects.exclude(state="done").exists():
            backfill_work(backfill_id=backfill)
            import_work(import_id=file, seconds=0)
        import_work(import_id=file)
        connection.close()

    workers = [threading.Thread(target=works) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (Backfill.objects.get().rows, FileImport.objects.get().new) == (20, 500)
    assert (len(texts()), Fact.objects.count(), len(book.asked)) == (520, 520, 10)
