"""The commands: what they print, how they end, and what they are asked for wrongly."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors.host.models import FileImport, Source
from connectors.host.services import import_pause
from connectors.host.services.imports import import_work
from tests.reading.conftest import state, texts
from tests.reading.notes import Book

LINE = '{"id": "e%s", "kind": "notes.written", "refs": ["order:o1"], "said": "A note", "data": {"text": "hello"}}\n'


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def said(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(*arguments, "--json").splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl"
    path.write_text(LINE % 1 + "broken\n" + LINE % 3)
    return path


def test_a_backfill_is_started_followed_to_its_end_and_shown(notes: Source, book: Book) -> None:
    book.fill(3)
    shown = run("source_backfill", "notes", "--since", "2026-01-01", "--pages-a-minute", "6000", "--watch")
    assert shown.splitlines()[-1] == "Done: 2 pages, 3 rows, 3 new facts."
    (view,) = said("source_backfill", "notes", "--status")
    assert (view["state"], view["rows"], view["by"]) == ("done", 3, "command line")


def test_a_backfill_is_paused_resumed_and_cancelled(notes: Source) -> None:
    run("source_backfill", "notes", "--since", "beginning")
    assert run("source_backfill", "notes", "--pause").startswith("Paused: 0 pages")
    assert "Waits for a worker" in run("source_backfill", "notes", "--resume")
    assert "Cancelled" in run("source_backfill", "notes", "--cancel")
    with pytest.raises(CommandError, match="none is waiting or running"):
        run("source_backfill", "notes", "--pause")


@pytest.mark.parametrize(("arguments", "why"), [
    (["nobody", "--since", "2026-01-01"], "There is no source 'nobody'"), (["notes", "--since", "soon"], "--since"),
    (["notes", "--since", "2999-01-01"], "past time"), (["notes", "--status"], "No backfill"),
])  # fmt: skip
def test_what_a_backfill_is_asked_wrongly_is_told(notes: Source, arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        run("source_backfill", *arguments)


def test_the_cursor_is_shown_and_set(notes: Source, book: Book) -> None:
    book.fill(3)
    assert "none yet" in run("source_cursor", "notes") and "Can be backfilled:  yes" in run("source_cursor", "notes")
    run("source_cursor", "notes", "--to", "2")
    assert state().cursor == "2"
    run("source_cursor", "notes", "--since", "2026-01-01")
    assert said("source_cursor", "notes")[0]["cursor"] == "0"
    run("source_cursor", "notes", "--now")
    assert state().cursor is None


def test_a_file_is_imported_and_the_refused_lines_are_reported(notes: Source, file: Path, tmp_path: Path) -> None:
    report = tmp_path / "refused.jsonl"
    shown = run("facts_import", "notes", str(file), "--report", str(report))
    assert shown.splitlines()[-1] == "Imported: 3 lines, 2 new facts, 1 line refused."
    (refused,) = map(json.loads, report.read_text().splitlines())
    assert (refused["line"], refused["text"]) == (2, "broken")
    assert said("facts_import", "notes", str(file))[0]["new"] == 0


def test_a_preview_stores_nothing(notes: Source, file: Path) -> None:
    shown = run("facts_import", "notes", str(file), "--preview")
    assert "line 2: refused. The line is not sound JSON" in shown and "notes.written  time unknown  order:o1" in shown
    assert not FileImport.objects.exists()


def test_an_import_that_was_paused_is_resumed(notes: Source, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(CommandError, match="It is paused"):
        patch.setattr(
            "connectors.host.management.commands.facts_import.import_work",
            lambda import_id, seconds: import_pause(import_id=import_id) and import_work(import_id=import_id),
        )
        run("facts_import", "notes", str(file))
    run("facts_import", "notes", "--resume", str(FileImport.objects.get().pk))
    assert len(texts()) == 2


@pytest.mark.parametrize(("arguments", "why"), [
    ([], "Name a file"), (["/no/such/file"], "can't be opened"), (["--resume", "99"], "no import 99"),
])  # fmt: skip
def test_what_an_import_is_asked_wrongly_is_told(notes: Source, arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        run("facts_import", "notes", *arguments)


def test_a_mapping_comes_from_a_toml_file(notes: Source, tmp_path: Path) -> None:
    data, mapping = tmp_path / "notes.csv", tmp_path / "mapping.toml"
    data.write_text("number;order;text\nn1;o1;hello\n")
    mapping.write_text('[rows]\ntype = "note"\nid = "{number}"\n')
    run("facts_import", "notes", str(data), "--mapping", str(mapping))
    assert texts() == {"n1": "hello"}
