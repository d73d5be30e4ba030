"""What kind of file it is, found out from its beginning."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from connectors.host.errors import BadImport
from connectors.host.services.imports.splitting import (
    Record,
    Unfit,
    csv_header,
    csv_records,
    json_records,
    lines_of,
)

ENDINGS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "csv", ".txt": "csv"}
ENCODINGS = ("utf-8", "iso-8859-1", "iso-8859-15", "cp1252")
DELIMITERS = ",;\t"
HEAD = 65_536
"""So many bytes decide."""
_NOT_TEXT = {
    codecs.BOM_UTF16_LE: "is written in UTF-16: save it as UTF-8",
    codecs.BOM_UTF16_BE: "is written in UTF-16: save it as UTF-8",
    b"\x1f\x8b": "is compressed: unpack it first", b"PK\x03\x04": "is a workbook or an archive: save it as CSV",
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How a file is taken apart. ``offset`` bytes and ``line`` lines stand before its first record."""

    format: str
    encoding: str = "utf-8"
    delimiter: str = ""
    columns: tuple[str, ...] = ()
    offset: int = 0
    line: int = 0

    def records(self, chunks: Iterable[bytes], line: int, offset: int) -> Iterator[Record]:
        """The records behind a place."""
        lines = lines_of(chunks, line, offset, self.encoding)
        return json_records(lines) if self.format == "jsonl" else csv_records(lines, self.columns, self.delimiter)

    def kept(self) -> dict[str, Any]:
        return {"encoding": self.encoding, "delimiter": self.delimiter, "columns": list(self.columns)}


def layout_kept(format: str, kept: dict[str, Any]) -> Layout:
    return Layout(format, kept["encoding"], kept["delimiter"], tuple(kept["columns"]))


def layout_of(head: bytes, name: str, format: str | None = None, encoding: str = "utf-8") -> Layout:
    """The layout of a file that begins so. Raises BadImport, with a sentence, for one that can't be imported."""
    if not head.strip():
        raise BadImport(f"{name} is empty.")
    for mark, what in _NOT_TEXT.items():
        if head.startswith(mark):
            raise BadImport(f"{name} {what}.")
    if encoding not in ENCODINGS:
        raise BadImport(f"encoding: {encoding[:40]!r} is not known; there are {', '.join(ENCODINGS)}.")
    offset = 3 if encoding == "utf-8" and head.startswith(codecs.BOM_UTF8) else 0
    format = format or ("jsonl" if head[offset:].lstrip()[:1] == b"{" else ENDINGS.get(PurePath(name).suffix.lower()))
    if format == "jsonl":
        return Layout("jsonl", encoding, offset=offset)
    if format == "csv":
        return _csv(head, name, encoding, offset)
    raise BadImport(f"{name}: say what it is, format jsonl or csv.")


def _csv(head: bytes, name: str, encoding: str, offset: int) -> Layout:
    delimiter = _delimiter(head[offset:HEAD].decode(encoding, "replace"))
    try:
        columns, last = csv_header(lines_of(iter([head[offset:]]), 0, offset, encoding), delimiter)
    except Unfit as error:
        raise BadImport(f"{name}: its header can't be read. {error}") from None
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice or not all(columns):
        wrong = f"names {twice[0]!r} twice" if twice else "has a column without a name"
        raise BadImport(f"{name}: its header {wrong}. Each column needs a name of its own.")
    return Layout("csv", encoding, delimiter, columns, last.offset, last.number)


def _delimiter(text: str) -> str:
    """The one of comma, semicolon and tab by which the first lines come apart alike."""
    try:
        return csv.Sniffer().sniff(text, DELIMITERS).delimiter
    except csv.Error:
        first = text.lstrip().partition("\n")[0]
        return max(DELIMITERS, key=first.count)
