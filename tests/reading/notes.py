"""A source of notes, spoken for by a small real connector, and the book that answers for it over HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.host import registry
from connectors.sdk import Connector, Fact, Page, Ref, Row
from connectors.sdk.testing import Asked, Behaviour, Server, say


class Notes(Connector):
    """Rows: ``{"id", "order", "text"}``."""

    title = "Notes"
    domain = "messages"

    def check(self) -> str:
        return "It works."

    def changes(self, cursor: str | None) -> Iterator[Page]:
        more = True
        while more:
            sent = self.http.get("/changes", {"after": cursor or "now"})
            cursor, more = str(sent["cursor"]), sent["more"]
            yield Page([Row("note", row["id"], row) for row in sent["rows"]], cursor)

    def cursor_at(self, since: datetime | None) -> str:
        return str(self.http.get("/at", {"since": since.isoformat() if since else ""})["cursor"])

    def read(self, row: Row) -> Iterable[Fact]:
        body = row.body
        yield Fact("notes.written", {"text": body["text"]}, [Ref("order", body["order"])], said=body["text"],
                   occurred=datetime(2026, 11, 1, tzinfo=UTC))  # fmt: skip


class Silent(Notes):
    """Can't be backfilled."""

    cursor_at = Connector.cursor_at


def discovered() -> None:
    """Makes these connectors known to this process."""
    found = {**registry.connector_classes(), "notes": Notes, "silent": Silent}
    registry._discovered = lambda: (found, {})  # type: ignore[assignment]


class Book:
    """What the source holds: notes as they are now, and the order in which they changed."""

    def __init__(self, page: int = 2) -> None:
        self.page, self.pause = page, threading.Event()
        self.notes: dict[str, dict[str, Any]] = {}
        self.log: list[str] = []
        self.fails: list[Behaviour] = []
        """Answers to the next requests, in the place of good ones."""
        self.server = Server(self._answer)

    def write(self, id_: str, text: str, **more: Any) -> dict[str, Any]:
        self.notes[id_] = {"id": id_, "order": "48-1193", "text": text, **more}
        self.log.append(id_)
        return self.notes[id_]

    def fill(self, count: int) -> None:
        for n in range(count):
            self.write(f"n{n}", f"note {n}")

    @property
    def asked(self) -> list[str]:
        return [asked.params["after"] for asked in self.server.asked if asked.path == "/changes"]

    def _answer(self, sock: socket.socket, asked: Asked) -> None:
        behave = self.fails.pop(0) if self.fails else None
        (behave or say(200, self._page(asked)))(sock, asked)

    def _page(self, asked: Asked) -> dict[str, Any]:
        if asked.path == "/at":
            return {"cursor": 0}
        after = len(self.log) if asked.params["after"] == "now" else int(asked.params["after"])
        upto = min(after + self.page, len(self.log))
        rows = [self.notes[id_] for id_ in dict.fromkeys(self.log[after:upto])]
        return {"rows": rows, "cursor": upto, "more": upto < len(self.log)}
