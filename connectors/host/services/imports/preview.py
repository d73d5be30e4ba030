"""What an import would do, without doing it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from connectors.host.services.imports.files import Layout, layout_of
from connectors.host.services.imports.reading import reader_of
from connectors.host.services.imports.storing import PIECE
from connectors.host.services.imports.work import sorted_out
from connectors.host.services.polling import source_get
from connectors.sdk import Fact, kinds

MAX_LINES = 200


@dataclass(frozen=True)
class PreviewLine:
    """A line, the facts that would be stored of it (as plain JSON), or the reason why none would be."""

    line: int
    text: str
    facts: tuple[dict[str, Any], ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    layout: Layout
    lines: tuple[PreviewLine, ...]

    @property
    def refused(self) -> int:
        return sum(bool(line.reason) for line in self.lines)


def import_preview(
    *,
    source: str,
    data: bytes | BinaryIO,
    name: str = "the file",
    format: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    lines: int = 20,
) -> Preview:
    """How the first lines of a file would be read; nothing is stored. Raises UnknownSource and BadImport."""
    row, mapping = source_get(source), dict(mapping or {})
    head = (data if isinstance(data, bytes) else data.read(PIECE))[:PIECE]
    layout = layout_of(head, name, format, mapping.get("encoding", "utf-8"))
    reader = reader_of(row, mapping)
    if len(head) == PIECE and b"\n" in head:
        head = head[: head.rfind(b"\n") + 1]  # the last line may be cut off
    records = layout.records(iter([head[layout.offset :]]), layout.line, layout.offset)
    first = list(itertools.islice(records, min(max(lines, 1), MAX_LINES)))
    found = []
    for record in first:
        fine, refused = sorted_out(reader, [record])
        facts = tuple(_shown(said) for reading in fine for said in reading.said if isinstance(said, Fact))
        found.append(PreviewLine(record.line, record.text, facts, refused[0].reason if refused else ""))
    return Preview(layout, tuple(found))


def _shown(fact: Fact) -> dict[str, Any]:
    occurred = fact.occurred.isoformat() if fact.occurred else None
    kind = "instant" if isinstance(fact.occurred, datetime) else "day" if occurred else "unknown"
    said = kinds.sentence(fact.kind, fact.data, fact.said)
    return {"kind": fact.kind, "said": said, "refs": [str(ref) for ref in fact.refs], "occurred": occurred,
            "precision": kind, "data": dict(fact.data)}  # fmt: skip
