"""Rows that come to look different are told of once, and stored all the same."""

from typing import Any

import pytest

from connectors.host.models import Source, SourceField
from connectors.host.selectors.reading import drift_list
from connectors.host.services import drift_accept, drift_note, source_poll
from connectors.host.services.drift import drift_glance, noting
from connectors.host.services.drift.noting import drift_forget
from connectors.host.services.drift.shapes import fields
from connectors.sdk import Row
from tests.reading.conftest import log, texts
from tests.reading.notes import Book

USUAL = {"number": "48-1193", "total": 10, "customer": {"name": "Maya"}, "lines": [{"sku": "a"}], "note": None}


def sends(source: Source, count: int = 40, **changed: Any) -> None:
    body = {k: v for k, v in {**USUAL, **changed}.items() if v != "gone"}
    drift_note(source=source, rows=[Row("order", str(n), body) for n in range(count)])


def changes(source: Source) -> set[tuple[str, str, str]]:
    return {(one.path, one.shape, one.what) for one in drift_list(source)}


def test_fields_are_paths_and_shapes() -> None:
    assert fields({"a": {"b": [1, {"c": None}]}, "1f-9": True}) == {
        ("", "object"), ("a", "object"), ("a.b", "list"), ("a.b[]", "number"), ("a.b[]", "object"),
        ("a.b[].c", "null"), ("*", "boolean"),
    }  # fmt: skip


def test_what_is_new_in_the_first_rows_is_learned_without_a_word(notes: Source) -> None:
    for n in range(20):
        sends(notes, 1, **{f"field_{n}": 1})
    assert changes(notes) == set() and log() == []


def test_a_new_field_is_told_once_even_by_two_processes(notes: Source) -> None:
    sends(notes)
    sends(notes, colour="red", lines=[{"sku": "a", "tax": 1}])
    drift_forget()
    sends(notes, colour="red")
    assert changes(notes) == {("colour", "text", "new"), ("lines[].tax", "number", "new")}
    assert log() == [
        "Rows of type order have a new field: colour (text), lines[].tax (number). They are still stored; check that"
        " its connector reads them as meant."
    ]


def test_another_shape_is_told_but_a_value_that_is_missing_is_none(notes: Source) -> None:
    sends(notes)
    sends(notes, total="10,00", customer=None, note="kept")
    assert changes(notes) == {("total", "text", "shape")}


def test_a_field_that_was_always_there_is_told_when_it_stays_away(notes: Source) -> None:
    sends(notes)
    sends(notes, 20, total="gone")
    assert changes(notes) == set()
    sends(notes, 20, total="gone")
    assert changes(notes) == {("total", "number", "lost")}
    sends(notes, 40, total="gone")
    assert len(log()) == 1 and "have lost a field: total" in log()[0]
    sends(notes, 1)
    assert changes(notes) == set() and "have a field again: total" in log()[-1]


def test_what_is_inside_an_object_that_was_always_empty_is_no_drift(notes: Source) -> None:
    sends(notes)
    sends(notes, note={"by": "Aino", "at": "noon"})
    assert changes(notes) == set()


def test_what_is_accepted_is_known(notes: Source) -> None:
    sends(notes)
    sends(notes, colour="red", total="gone")
    assert drift_accept(source=notes, by="Aino") == 2
    sends(notes, colour="red", total="gone")
    assert changes(notes) == set() and "accepted" in log()[-1]


def test_trouble_with_noting_never_reaches_who_brought_the_rows(
    notes: Source, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(noting, "_note", broken)
    sends(notes)
    assert "could not be noted" in caplog.text


def test_polling_notes_what_it_brings(notes: Source, book: Book) -> None:
    book.page = 100
    source_poll(name="notes")
    book.fill(40)
    source_poll(name="notes")
    book.write("new", "a note", mood="calm")
    source_poll(name="notes")
    assert changes(notes) == {("mood", "text", "new")} and len(texts()) == 41
    assert SourceField.objects.get(path="text").rows == 41


def test_lookups_are_glanced_at_now_and_then(notes: Source) -> None:
    for _ in range(3):
        drift_glance(source=notes, rows=[Row("order", "1", USUAL)])
    assert SourceField.objects.get(path="number").rows == 1
