"""Imports: a file of facts, line by line; nothing in it stops the rest, and nothing is stored twice."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from connectors.host.errors import BadImport
from connectors.host.models import Fact, FileImport, ImportPiece, ImportRefusal, Record, Source
from connectors.host.selectors.reading import import_get, refusals
from connectors.host.services import (
    import_cancel,
    import_create,
    import_preview,
    import_resume,
    import_work,
    imports_due,
)
from connectors.host.services.imports import storing, work
from connectors.host.services.imports.splitting import MAX_LINE, lines_of
from tests.database import TestDatabase
from tests.reading.conftest import log, save, texts
from tests.reading.notes import Book

ROWS = {"rows": {"type": "note", "id": "{id}"}}


def said(n: int, text: str = "", **more: Any) -> dict[str, Any]:
    return {"id": f"e{n}", "kind": "notes.written", "refs": ["order:48-1193"], "said": "A note",
            "occurred": "2026-11-01T10:00:00Z", "data": {"text": text or f"note {n}"}, **more}  # fmt: skip


def jsonl(*lines: Any) -> bytes:
    return b"".join(line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines)


def create(data: bytes, name: str = "notes.jsonl", **more: Any) -> FileImport:
    return import_create(source="notes", name=name, data=io.BytesIO(data), by="Aino", **more)


def imported(data: bytes, name: str = "notes.jsonl", **more: Any) -> FileImport:
    made = create(data, name, **more)
    while import_work(import_id=made.pk):
        pass
    return FileImport.objects.get(pk=made.pk)


def reasons(made: FileImport) -> dict[int, str]:
    return {one.line: one.reason for one in refusals(made.pk)}


def test_a_line_that_says_a_fact_is_stored_as_one(notes: Source) -> None:
    made = imported(jsonl(said(1), said(2, refs="order:48-1193 payment:p1", occurred="2026-11-01")))
    assert (made.state, made.line, made.lines, made.new, made.refused) == ("done", 2, 2, 2, 0)
    first, second = Fact.objects.order_by("record__record_id")
    assert (first.how, first.occurred, second.day) == ("import", datetime(2026, 11, 1, 10, tzinfo=UTC), datetime(
        2026, 11, 1, tzinfo=UTC).date())  # fmt: skip
    assert [str(ref.ref.value) for ref in second.fact_refs.order_by("place")] == ["48-1193", "p1"]
    assert not ImportPiece.objects.exists() and "2 lines, 2 new facts" in log()[-1]


def test_an_event_in_a_file_is_the_event_that_was_pushed(notes: Source) -> None:
    event = {"specversion": "1.0", "id": "e1", "source": "notes", "type": "notes.written", "subject": "order:48-1193",
             "time": "2026-11-01T10:00:00Z", "data": {"text": "note 1"}, "said": "A note"}  # fmt: skip
    assert (imported(jsonl(event)).new, imported(jsonl(said(1))).new, Record.objects.count()) == (1, 0, 1)


def test_the_same_file_again_is_no_news_even_where_it_says_a_record_twice(notes: Source) -> None:
    notes_twice = [{"id": "n1", "order": "o", "text": text} for text in ("first", "second", "first")]
    assert imported(jsonl(*notes_twice), mapping=ROWS).new == 3
    assert texts() == {"n1": "first"}
    assert imported(jsonl(*notes_twice), "again.jsonl", mapping=ROWS).new == 0


def test_a_file_taken_earlier_never_replaces_what_was_learned_since(notes: Source) -> None:
    imported(jsonl({"id": "n1", "order": "o", "text": "now"}), mapping=ROWS)
    old = jsonl({"id": "n1", "order": "o", "text": "long ago"})
    imported(old, mapping=ROWS, taken_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert texts() == {"n1": "now"} and Fact.objects.count() == 2


def test_lines_that_can_not_be_stored_are_refused_with_their_reasons_and_cost_the_others_nothing(notes: Source) -> None:
    made = imported(jsonl(
        said(1), b"\n", b"{broken\n", b"[1]\n", b'{"id": "caf\xe9"}\n', said(6, refs=[]), said(7, kind="refund.paid"),
        b'{"a": "' + b"x" * (MAX_LINE + 5) + b'"}\n', b"\x00\n", b'{"a": NaN}\n', said(11), b"   \n", said(13, id=None),
        said(14, occurred="yesterday"), json.dumps(said(15)).encode(),
    ))  # fmt: skip
    assert (made.state, made.new, made.refused, made.line, made.offset) == ("done", 3, 10, 15, made.size)
    found = reasons(made)
    assert list(found) == [3, 4, 5, 6, 7, 8, 9, 10, 13, 14]
    assert "not sound JSON" in found[3] and "not a JSON object" in found[4] and "0xe9 at place 12" in found[5]
    assert found[6].startswith("subject:") and "amount" in found[7] and "longer than" in found[8]
    assert "NUL" in found[9] and "NaN" in found[10] and found[13].startswith("id:") and found[14].startswith("day:")
    assert all(len(one.text) <= 300 for one in refusals(made.pk))


def test_refused_lines_are_kept_up_to_a_number_and_counted_beyond(
    notes: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MAX_REFUSALS", 3)
    monkeypatch.setattr(work, "BATCH_LINES", 2)
    made = imported(b"{x\n" * 10)
    assert (made.refused, ImportRefusal.objects.count(), made.state) == (10, 3, "done")


CSV = [
    ("semicolons", "id;order;text\nn1;o1;one\nn2;o1;two\n", {"n1": "one", "n2": "two"}),
    ("tabs", "id\torder\ttext\nn1\to1\tone, and more\n", {"n1": "one, and more"}),
    ("quotes and line breaks", 'id,order,text\nn1,o1,"one\nand ""more"", yes"\nn2,o1,two\n',
     {"n1": 'one\nand "more", yes', "n2": "two"}),
    ("windows", "id,order,text\r\nn1,o1,one\r\n\r\nn2,o1,two", {"n1": "one", "n2": "two"}),
    ("a mark at the start", "\ufeffid,order,text\nn1,o1,one\n", {"n1": "one"}),
    ("an inch", 'id,order,text\nn1,o1,5" screen\nn2,o1,two\n', {"n1": '5" screen', "n2": "two"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [case[1:] for case in CSV], ids=[case[0] for case in CSV])
def test_csv_in_its_dialects(notes: Source, text: str, wanted: dict[str, str]) -> None:
    assert imported(text.encode(), "notes.csv", mapping=ROWS).refused == 0
    assert texts() == wanted


def test_csv_lines_that_do_not_fit_their_header_are_refused(notes: Source) -> None:
    made = imported(b'id,order,text\nn1,o1\nn2,o1,two,more\nn3,o1,"never closed\nn4,o1,four\n', "n.csv", mapping=ROWS)
    found = reasons(made)
    assert texts() == {"n4": "four"} and list(found) == [2, 3, 4]
    assert found[2] == "The line has 2 fields, but the header names 3." and "not closed" in found[4]


def test_columns_with_dots_are_objects(notes: Source) -> None:
    text = "id,kind,refs,occurred,said,data.text\ne1,notes.written,order:o1 payment:p1,2026-11-01,A note,hello\n"
    imported(text.encode(), "facts.csv")
    assert texts() == {"e1": "hello"}


def test_a_mapping_is_written_like_the_record_of_a_manifest(notes: Source) -> None:
    record = {"return": {
        "id": "{RMA}", "refs": {"return": "{RMA}", "order": "{Order}"}, "status": "{State}",
        "statuses": {"IN": ["return.received"], "NEW": []}, "status_at": {"time": "{Date}", "format": "%d.%m.%Y"},
        "fact": {"return.received": {"by": "{Who}"}},
    }}  # fmt: skip
    text = "RMA;Order;State;Date;Who\nR1;o1;IN;19.11.2026;Aino\nR2;o2;LOST;19.11.2026;\nR3;o3;NEW;;\n"
    made = imported(text.encode(), "returns.csv", mapping={"record": record})
    fact = Fact.objects.select_related("payload").get()
    assert (fact.kind, str(fact.day), fact.payload.data) == ("return.received", "2026-11-19", {"by": "Aino"})
    assert list(reasons(made)) == [3] and "LOST" in reasons(made)[3]


@pytest.mark.parametrize(("mapping", "why"), [
    ({"colour": 1}, "'colour' is not known"), ({"rows": {"type": "note"}}, "rows = "),
    ({"rows": {"type": "note", "id": "{id + 1}"}}, "is no field"), ({"record": {}}, "give one record"),
    ({"record": {"return": {"id": "{id}"}}}, "record.return.refs"), ({"encoding": "ebcdic"}, "encoding"),
])  # fmt: skip
def test_a_mapping_that_can_not_work_says_what_to_write(notes: Source, mapping: dict[str, Any], why: str) -> None:
    with pytest.raises(BadImport, match=why.replace("+", r"\+")):
        create(jsonl(said(1)), mapping=mapping)
    assert not FileImport.objects.exists()


@pytest.mark.parametrize(("data", "name", "why"), [
    (b"", "a.csv", "is empty"), ("id\n1".encode("utf-16"), "a.csv", "UTF-16"), (b"PK\x03\x04..", "a.xlsx", "workbook"),
    (b"\x1f\x8b...", "a.gz", "unpack"), (b"a,a\n1,2\n", "a.csv", "'a' twice"), (b"a,,b\n", "a.csv", "without a name"),
    (b"what is this", "a.bin", "say what it is"), (b'"a\n' * 500, "a.csv", "header can't be read"),
])  # fmt: skip
def test_a_file_that_can_not_be_imported_says_why_and_is_not_kept(
    notes: Source, data: bytes, name: str, why: str
) -> None:
    with pytest.raises(BadImport, match=why):
        create(data, name)
    assert not FileImport.objects.exists()


def test_an_older_encoding_is_read_where_it_is_named(notes: Source) -> None:
    text = "id,order,text\nn1,o1,käytetty\n".encode("cp1252")
    assert imported(text, "notes.csv", mapping=ROWS).refused == 1
    imported(text, "notes.csv", mapping={**ROWS, "encoding": "cp1252"})
    assert texts() == {"n1": "käytetty"}


def test_a_preview_shows_facts_and_reasons_and_stores_nothing(notes: Source) -> None:
    found = import_preview(source="notes", data=jsonl(said(1), b"{\n", *(said(n) for n in range(9))), lines=3)
    assert [(line.line, bool(line.reason)) for line in found.lines] == [(1, False), (2, True), (3, False)]
    assert found.lines[0].facts[0] == {
        "kind": "notes.written", "said": "A note", "refs": ["order:48-1193"], "occurred": "2026-11-01T10:00:00+00:00",
        "precision": "instant", "data": {"text": "note 1"},
    }  # fmt: skip
    assert not FileImport.objects.exists() and not Fact.objects.exists()


def test_it_goes_on_behind_the_last_line_that_is_stored(notes: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "PIECE", 100)
    monkeypatch.setattr(work, "PIECE", 100)
    monkeypatch.setattr(work, "BATCH_LINES", 3)
    lines = [["id", "order", "text"], *([f"n{n}", "o1", f"a\nb{n}"] for n in range(20))]
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    made, pieces = create(out.getvalue().encode(), "notes.csv", mapping=ROWS), 0
    while import_work(import_id=made.pk, seconds=0):
        pieces += 1
        assert Fact.objects.count() == min(3 * pieces, 20) and 0 < import_get(made.pk).percent < 100
    assert pieces == 7 and len(texts()) == 20 and FileImport.objects.get().line == 41


def test_a_batch_that_fails_leaves_nothing_of_itself_and_is_tried_again(
    notes: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create(jsonl(*(said(n) for n in range(5))))
    from django.db import OperationalError

    def full(*_: Any, **__: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(work._Piece, "_refuse", full)
        assert import_work(import_id=made.pk) is False
    assert not Fact.objects.exists() and imports_due() == []
    assert "nothing is lost" in import_get(made.pk).reason
    FileImport.objects.update(due_at=timezone.now())
    import_work(import_id=made.pk)
    assert (import_get(made.pk).state, len(texts())) == ("done", 5)


def test_a_cancelled_import_keeps_its_facts_and_lets_its_file_go(notes: Source) -> None:
    made = create(jsonl(said(1)))
    import_cancel(import_id=made.pk, by="Aino")
    assert (import_work(import_id=made.pk), ImportPiece.objects.count()) == (False, 0)
    with pytest.raises(BadImport, match="is cancelled"):
        import_resume(import_id=made.pk)


def test_a_disk_that_is_full_while_a_file_is_kept_leaves_no_half_of_it(committed_db: TestDatabase, book: Book) -> None:
    save(book)
    with committed_db.connect(as_owner=True) as owner:
        owner.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.number > 1 THEN"
            " RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END $$"
        )
        owner.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON host_importpiece FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    try:
        with pytest.raises(BadImport, match=r"no room for it.*Nothing of it was kept"):
            create(jsonl(*(said(n, "x" * 1000) for n in range(3000))))
    finally:
        with committed_db.connect(as_owner=True) as owner:
            owner.execute("DROP FUNCTION full_disk CASCADE")
    assert not FileImport.objects.exists() and not ImportPiece.objects.exists()


def test_a_file_that_breaks_off_while_it_is_read_is_not_kept(notes: Source) -> None:
    def chunks() -> Iterator[bytes]:
        yield jsonl(said(1))
        raise OSError(5, "Input/output error")

    with pytest.raises(BadImport, match=r"could not be read to its end"):
        import_create(source="notes", name="a.jsonl", data=chunks())
    assert not FileImport.objects.exists()


def test_lines_are_the_same_however_the_bytes_come() -> None:
    data = "ä\n\nb\r\n".encode() + b"x" * (MAX_LINE + 10) + b"\nlast"
    whole = list(lines_of([data], 0, 0))
    assert [line.text for line in whole][:3] == ["ä", "", "b"] and whole[-1].offset == len(data)
    for size in (1000, 7919, MAX_LINE):
        parts = [data[at : at + size] for at in range(0, len(data), size)]
        assert list(lines_of(parts, 0, 0)) == whole
