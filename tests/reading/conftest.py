"""The cast of the reading tests: one source of notes over real HTTP."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from connectors.host import registry
from connectors.host.models import Fact, Source, SourceCursor, SourceLog
from connectors.host.services import source_save
from connectors.host.services.backfills import work as backfill_work
from connectors.host.services.drift.noting import drift_forget
from connectors.host.services.gathering import lanes
from tests.reading.notes import Book, Notes, Silent


@pytest.fixture(autouse=True)
def test_connectors(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {**registry.connector_classes(), "notes": Notes, "silent": Silent}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    drift_forget()


@pytest.fixture
def book() -> Iterator[Book]:
    book = Book()
    with book.server:
        yield book


@pytest.fixture
def notes(db: None, book: Book) -> Source:
    return save(book)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backfill that may end its piece of work after every page."""
    monkeypatch.setattr(backfill_work, "PIECE_S", 0.0)


def save(book: Book, name: str = "notes", connector: str = "notes", **more: Any) -> Source:
    values = {"freshness_s": 60, "source_limit_s": 5, "poll_s": 60, **more}
    return source_save(
        name=name, title=name.title(), connector=connector, domain="messages",
        settings={"base_url": book.server.url, "internal": True}, **values,
    )  # fmt: skip


def texts(source: str = "notes") -> dict[str, str]:
    """What is known now: the text of each note."""
    facts = Fact.objects.filter(source__name=source, superseded_at=None).select_related("record", "payload")
    return {fact.record.record_id: fact.payload.data["text"] for fact in facts}


def state(source: str = "notes") -> SourceCursor:
    return SourceCursor.objects.get(source__name=source)


def log(source: str = "notes") -> list[str]:
    """What its log says, apart from its being saved."""
    found = SourceLog.objects.filter(source__name=source).exclude(sentence="Added.").order_by("id")
    return list(found.values_list("sentence", flat=True))


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """A management command in a process of its own."""
    command = [sys.executable, "-m", "tests.reading.process", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def eventually(true: Any, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.01)
    return False
