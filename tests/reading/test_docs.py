"""The page about reading: its connector works, and its mappings and lines are read."""

import json
import re
import tomllib
import types
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.host import registry
from connectors.host.models import Fact, Source, SourceCursor
from connectors.host.services import import_preview, source_poll
from connectors.host.services.imports.reading import reader_of
from connectors.sdk.testing import Server, in_turn, say
from connectors.sdk.times import instant
from tests.reading.conftest import save
from tests.reading.notes import Book

PAGE = (Path(__file__).parents[2] / "docs" / "reading.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


def test_the_connector_with_an_overlap_reads_late_rows_and_its_cursor_never_steps_back(
    db: None, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("page")
    exec(compile(blocks("python")[0], "reading.md", "exec"), module.__dict__)
    monkeypatch.setattr(registry, "_discovered", lambda: ({"parcels": module.Parcels}, {}))
    late = {"id": "p1", "order": "o1", "changed": "2026-11-19T13:59:00Z"}
    with Server(in_turn(say(200, {"now": "2026-11-19T14:00:00Z"}), say(200, [late]))) as source:
        book.server = source
        save(book, "parcels", "parcels")
        assert (source_poll(name="parcels"), source_poll(name="parcels")) == (0, 1)
    since = instant(source.asked[1].params["since"])
    assert instant("2026-11-19T14:00:00Z") - since == timedelta(seconds=120)
    assert SourceCursor.objects.get().cursor == "2026-11-19T14:00:00Z" and Fact.objects.count() == 1


def test_its_line_is_read_as_a_fact(notes: Source) -> None:
    line = blocks("json")[0].encode()
    assert json.loads(line)
    (found,) = import_preview(source="notes", data=line).lines
    assert found.facts[0]["refs"] == ["return:RMA-77120", "order:48-1193"] and not found.reason


def test_its_mappings_can_be_used(notes: Source) -> None:
    rows, record = map(tomllib.loads, blocks("toml"))
    assert reader_of(notes, rows).row({"number": "48-1193", "revision": 3}).version == 3
    text = b"RMA;Order;State;Date;Who\nR1;o1;IN;19.11.2026;Aino\n"
    (found,) = import_preview(source="notes", data=text, name="returns.csv", mapping=record).lines
    assert (found.facts[0]["occurred"], found.facts[0]["data"]) == ("2026-11-19", {"by": "Aino"})
