"""CSV files that a system of old drops into a folder: read once they are whole, and left where they lie."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from connectors.contrib.csv_drop.folder import Dropped, Folder
from connectors.contrib.csv_drop.lines import Lines, Place, Record
from connectors.sdk import BadSettings, Connector, Fact, Page, Row, Undone
from connectors.sdk.manifest import schema
from connectors.sdk.manifest.fields import RowType
from connectors.sdk.manifest.mapping import MappedSettings, Mapping, mapping_of, sound_for
from connectors.sdk.manifest.reading import facts_of, row_of

ROWS = 500
"""In one page."""
WHOLE = -1


class Kind(schema.Record):
    """``[record.return]``: what the lines of some files are."""

    files: Annotated[str, StringConstraints(min_length=1, pattern=r"^[^/\x00]+$")] = Field(
        "*.csv", description="The names of the files: `returns-*.csv`"
    )

    @property
    def needs(self) -> set[str]:
        """The columns without which a line can't be told from others, or is about nothing."""
        templates = [self.id, *self.refs.values(), *([self.status] if self.status else [])]
        return {path[0] for template in templates for path in template.names} - {"file", "line", "settings"}


class Kinds(Mapping):
    record: dict[RowType, Kind] = Field(min_length=1, description="What lines mean, by the type of record")  # type: ignore[assignment]


class DropSettings(MappedSettings):
    folder: str = Field(min_length=1, description="The folder, below the one that CSV_DROP_ROOT names")
    rows: Annotated[str, sound_for(Kinds)] = Field(
        min_length=1, description="What lines mean: the whole path of a .toml file with [record.…], or its text"
    )
    delimiter: Literal[",", ";", "tab", "|"] = Field(",", description="What stands between two columns")
    encoding: Literal["utf-8", "iso-8859-1", "iso-8859-15", "windows-1252"] = Field("utf-8", description="The charset")
    whole: Literal["quiet", "done"] = Field(
        "quiet", description="When a file is whole: unchanged for quiet_s, or with NAME.done beside it"
    )
    quiet_s: int = Field(30, ge=1, le=86400, description="With quiet: for how many seconds it must not have changed")


class CsvDropConnector(Connector):
    title = "CSV drop"
    domain = "warehouse"
    Settings = DropSettings
    identifying = ("email",)
    orders_versions = True

    @property
    def mapping(self) -> Kinds:
        return mapping_of(self.settings.rows, Kinds)

    def check(self) -> str:
        folder = Folder(self.settings.folder)
        files = self._files(folder)
        for file, type_ in files[-3:]:
            with folder.opened(file) as opened:
                problem = self._problem(self._lines(opened), type_)
            if problem:
                raise BadSettings(f"{file.name} can't be read: {problem}")
        return f"The folder can be read; it holds {len(files)} files of these names."

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """The cursor holds, for each file that lies there, its time and size, and how far it was read."""
        folder = Folder(self.settings.folder)
        here = self._files(folder)
        ready = [(file, type_) for file, type_ in here if self._is_whole(folder, file)]
        if cursor is None:
            yield Page((), _cursor({file.name: [*file.mark, WHOLE, 0] for file, _ in ready}))
            return
        state = json.loads(cursor)
        since, known = int(state["since"]), state["files"]
        done = {file.name: known[file.name] for file, _ in here if file.name in known}
        for file, type_ in ready:
            seen, size, offset, line = done.get(file.name, [0, 0, 0, 0])
            known_as_is = [seen, size] == file.mark
            if file.mtime_ns < since or (known_as_is and offset == WHOLE):
                continue
            for rows, after in self._read(folder, file, type_, Place(offset, line) if known_as_is else Place()):
                done[file.name] = [*file.mark, after.offset, after.line]
                yield Page(rows, _cursor(done, since))
        yield Page((), _cursor(done, since))

    def cursor_at(self, since: datetime | None) -> str:
        return _cursor({}, int(since.timestamp() * 1e9) if since else 0)

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        if "problem" in row.body:
            raise ValueError(f"Line {row.body['line']} of {row.body['file']}: {row.body['problem']}")
        return facts_of(self.mapping.record[row.type], self.mapping.times, row.body["columns"], self.zone)

    # -- files and lines -------------------------------------------------------------------------------

    def _files(self, folder: Folder) -> list[tuple[Dropped, str]]:
        """Every file that the mapping names, oldest first, with the first type of record that names it."""
        found = []
        for file in folder.files("*"):
            types = (name for name, kind in self.mapping.record.items() if fnmatchcase(file.name, kind.files))
            if type_ := next(types, ""):
                found.append((file, type_))
        return found

    def _is_whole(self, folder: Folder, file: Dropped) -> bool:
        if self.settings.whole == "done":
            return folder.is_marked(file)
        return datetime.now(UTC).timestamp() - file.mtime_ns / 1e9 >= self.settings.quiet_s

    def _lines(self, opened: Any) -> Lines:
        delimiter = "\t" if self.settings.delimiter == "tab" else self.settings.delimiter
        return Lines(opened, delimiter, self.settings.encoding)

    def _problem(self, lines: Lines, type_: str) -> str:
        missing = sorted(self.mapping.record[type_].needs - set(lines.names))
        return lines.problem or (f"Its first line does not name {', '.join(missing)}." if missing else "")

    def _read(self, folder: Folder, file: Dropped, type_: str, place: Place) -> Iterator[tuple[list[Row], Place]]:
        """Pages of rows, each with the place after it. A file whose first line can't be used is one malformed row."""
        with folder.opened(file) as opened:
            lines = self._lines(opened)
            problem = self._problem(lines, type_)
            if problem:
                yield [self._row(file, type_, Record(1, {}, place, problem))], Place(WHOLE)
                return
            rows: list[Row] = []
            for record in lines.records(place):
                rows.append(self._row(file, type_, record))
                if len(rows) == ROWS:
                    yield rows, record.after
                    rows = []
            yield rows, Place(WHOLE)

    def _row(self, file: Dropped, type_: str, record: Record) -> Row:
        """A later file has the later word about a record, and so has a later line of one file."""
        version = file.mtime_ns // 1000 + record.line
        about = {"file": file.name, "line": record.line}
        if record.problem:
            body = {**about, "problem": record.problem, "text": record.text}
            return Row(type_, f"{file.name}:{record.line}", body, version=version)
        made = row_of(type_, self.mapping.record[type_], self.mapping.times, record.columns, about, self.zone)
        body = {**about, "columns": made.body}
        return Row(type_, made.id, body, version=version if made.version is None else made.version, url=made.url)


def _cursor(files: dict[str, list[int]], since: int = 0) -> str:
    return json.dumps({"since": since, "files": files}, sort_keys=True)
