"""A file is imported on its source's page: looked at first, then read by a worker; refused lines have their reasons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from connectors.host.models import Fact, FileImport, Source, SourceLog
from connectors.host.services import import_work, imports_due, mapping_read, mapping_sketch
from connectors.host.services.imports import work
from tests.sources.conftest import make, person
from workspace.pages.sources import uploads

MAPPING = """
times = "%d.%m.%Y"
[record.return]
id = "{RMA}"
refs = { return = "{RMA}", order = "{Order}" }
fact."return.received" = { at = "{Date}", by = "{Who}" }
"""
CSV = "RMA;Order;Date;Who\nR1;48-1193;19.11.2025;Aino\nR2;48-1194;never;Aino\nR3;48-1195;20.11.2025;\n"
PATH = "/sources/warehouse/import/"


@pytest.fixture(autouse=True)
def var_dir(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.VAR_DIR = tmp_path
    yield tmp_path


def file(text: str = CSV, name: str = "returns.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def look(client: Client, text: str = CSV, **more: Any) -> Any:
    return client.post(PATH, {"do": "look", "file": file(text), "mapping": MAPPING, **more})


def said(response: Any) -> str:
    return " ".join(response.content.decode().split())


def worked() -> None:
    """What a worker does."""
    for id_ in imports_due():
        while import_work(import_id=id_):
            pass


def test_a_file_is_shown_before_anything_of_it_is_stored(warehouse: Source, integrator: Client, var_dir: Path) -> None:
    shown = said(look(integrator))
    assert "Parcel received" in shown and "Aino" in shown and "48-1193" in shown and "Import all of it" in shown
    assert "1 would be refused" in shown and "Refused." in shown
    assert 'datetime="2025-11-19"' in shown and "time not given" not in shown
    assert not Fact.objects.exists() and not FileImport.objects.exists()
    (kept,) = (var_dir / "uploads").glob("*.file")
    assert kept.read_text() == CSV and kept.stat().st_mode & 0o077 == 0


def test_what_was_looked_at_is_imported_and_watched_to_its_end(
    warehouse: Source, integrator: Client, var_dir: Path
) -> None:
    look(integrator)
    begun = integrator.post(PATH, {"do": "import", "mapping": MAPPING}, follow=True)
    assert 'every 2s' in said(begun) and "0 % read" in said(begun) and not list((var_dir / "uploads").iterdir())
    worked()
    where = begun.redirect_chain[-1][0]
    ended = said(integrator.get(where))
    assert "100 % read" in ended and "One line was refused" in ended and "every 2s" not in ended
    part = integrator.get(where, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="import-now"') and Fact.objects.count() == 2
    assert SourceLog.objects.filter(what="import started", by="Integrator Virta").exists()
    assert "returns.csv" in said(integrator.get("/sources/warehouse/"))


def test_refused_lines_are_a_file_to_take_away(warehouse: Source, integrator: Client) -> None:
    look(integrator)
    integrator.post(PATH, {"do": "import", "mapping": MAPPING})
    worked()
    number = FileImport.objects.get().pk
    report = integrator.get(f"/sources/warehouse/imports/{number}/refused.jsonl")
    (line,) = b"".join(report.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert json.loads(line)["line"] == 3 and "never" in json.loads(line)["text"]
    assert "attachment" in report["Content-Disposition"]
    make("ledger")
    assert integrator.get(f"/sources/ledger/imports/{number}/refused.jsonl").status_code == 404


def test_an_import_is_paused_resumed_and_cancelled(
    warehouse: Source, integrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH_LINES", 1)
    look(integrator)
    integrator.post(PATH, {"do": "import", "mapping": MAPPING})
    made = FileImport.objects.get()
    act = f"/sources/warehouse/imports/{made.pk}/act/"
    import_work(import_id=made.pk, seconds=0)
    assert "Resume" in said(integrator.post(act, {"do": "pause"}, follow=True)) and imports_due() == []
    integrator.post(act, {"do": "resume"})
    worked()
    assert FileImport.objects.get().state == "done" and Fact.objects.count() == 2
    assert "is done" in said(integrator.post(act, {"do": "cancel"}, follow=True))


@pytest.mark.parametrize(("given", "why"), [
    ({"mapping": "[record"}, "neither sound TOML nor JSON"),
    ({"mapping": "colour = 1"}, "&#x27;colour&#x27; is not known"),
    ({"taken_at": "yesterday"}, "write a day and a time"), ({"encoding": "ebcdic"}, "encoding"),
    ({"file": file("", "empty.csv")}, "empty.csv is empty"), ({"file": file("PK\x03\x04", "a.xlsx")}, "is a workbook"),
    ({"file": ""}, "Choose a file"), ({"do": "import", "file": ""}, "is not here any more"),
])  # fmt: skip
def test_what_can_not_be_read_says_why_and_stores_nothing(
    warehouse: Source, integrator: Client, given: dict[str, Any], why: str
) -> None:
    if hasattr(given.get("file"), "seek"):
        given["file"].seek(0)
    found = look(integrator, **given)
    assert found.status_code == 422 and why in said(found)
    assert not FileImport.objects.exists()


def test_a_file_that_is_too_large_is_turned_away(
    warehouse: Source, integrator: Client, settings: Any, var_dir: Path
) -> None:
    settings.MAX_IMPORT_BYTES = 2000
    found = look(integrator, CSV * 100)
    assert found.status_code == 422 and "a file may have 2,000 here" in said(found)
    assert look(integrator, "x" * 300_000).status_code == 413
    assert not list(var_dir.rglob("*.file"))


def test_nobody_imports_without_the_right_or_without_the_token_of_the_form(warehouse: Source) -> None:
    assert look(person("rep")).status_code == 403 and look(person("program")).status_code == 403
    assert Client().post(PATH, {"do": "look", "file": file()}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = person("integrator").cookies
    assert look(strict).status_code == 403 and not FileImport.objects.exists()


def test_a_file_is_seen_by_nobody_else_and_let_go_after_a_day(
    warehouse: Source, integrator: Client, var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(integrator)
    aino = person("supervisor")
    User.objects.get(username="supervisor").groups.add(Group.objects.get(name="integrator"))
    assert "is not here any more" in said(aino.post(PATH, {"do": "import"}))
    monkeypatch.setattr(uploads, "KEPT_S", -60.0)
    look(aino)
    assert len(list((var_dir / "uploads").glob("*.file"))) == 1


def test_a_file_without_a_mapping_is_offered_one_to_begin_with(warehouse: Source, integrator: Client) -> None:
    shown = said(look(integrator, mapping=""))
    assert "A mapping to begin with" in shown and "id = &quot;{RMA}&quot;" in shown
    sketch = mapping_read(mapping_sketch(("RMA", "Order", "Date", "Who")))
    assert sketch["record"]["row"]["refs"] == {"order": "{Order}"}
    again = said(look(integrator, mapping=mapping_sketch(("RMA", "Order", "Date", "Who"))))
    assert "Parcel received" in again and "1 would be refused" in again
