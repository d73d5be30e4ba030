"""``manage.py facts_import shop orders.jsonl``: store the facts of a file, and say which lines were refused and why."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.host.errors import HostError
from connectors.host.selectors.reading import ImportView, import_get, plain, refusals_all
from connectors.host.services import import_create, import_preview, import_resume, import_work, mapping_read, source_get
from connectors.sdk.times import instant

STEP_S = 0.5
WIDTH = 30


class Command(BaseCommand):
    help = "Imports a file of facts (JSON Lines or CSV). It may be stopped at any instant and goes on with --resume."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the source's name, e.g. turku-warehouse")
        parser.add_argument("file", nargs="?", help="the file; left out with --resume")
        parser.add_argument("--format", choices=["jsonl", "csv"], help="where the file does not tell it")
        parser.add_argument("--mapping", help="a TOML or JSON file that says how a line becomes a fact")
        parser.add_argument("--encoding", help="where it is not UTF-8: iso-8859-1, iso-8859-15 or cp1252")
        parser.add_argument("--taken-at", help="when the file was taken out of its source (default: now)")
        parser.add_argument("--preview", action="store_true", help="show how the first lines would be read")
        parser.add_argument("--lines", type=int, default=20, help="with --preview: so many")
        parser.add_argument("--resume", type=int, metavar="ID", help="go on with this import")
        parser.add_argument("--report", help="write the refused lines, with reasons, to this file (JSON Lines)")
        parser.add_argument("--by", default="command line", help="who does this, for the source's log")
        parser.add_argument("--json", action="store_true", help="print one JSON object at the end")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["file"] is None) == (options["resume"] is None):
            raise CommandError("Name a file, or an import with --resume.")
        try:
            mapping = _mapping(options)
            if options["preview"]:
                self._preview(options, mapping)
                return
            view = self._work(self._begin(options, mapping), options["json"])
        except HostError as error:
            raise CommandError(str(error)) from None
        self._end(view, options)

    def _begin(self, options: dict[str, Any], mapping: dict[str, Any]) -> int:
        if options["resume"] is not None:
            view = import_get(options["resume"])
            if view.source != source_get(options["name"]).name:
                raise CommandError(f"Import {view.id} belongs to {view.source}.")
            if view.state == "paused":
                import_resume(import_id=view.id, by=options["by"])
            return view.id
        path = Path(options["file"])
        try:
            with path.open("rb") as data:
                made = import_create(
                    source=options["name"], name=path.name, data=data, format=options["format"], mapping=mapping,
                    taken_at=_time(options["taken_at"]), by=options["by"],
                )  # fmt: skip
        except OSError as error:
            raise CommandError(f"{path} can't be opened: {error.strerror}.") from None
        if not options["json"]:
            again = f"If it is stopped, go on with --resume {made.pk}"
            self.stdout.write(f"Import {made.pk}: {made.name}, {made.size:,} bytes. {again}")
        return made.pk

    def _work(self, import_id: int, quiet: bool) -> ImportView:
        view, bar = import_get(import_id), _Bar(self.stderr, quiet)
        while view.state in ("waiting", "running"):
            if not import_work(import_id=import_id, seconds=STEP_S):
                time.sleep(0.2)  # another worker is at it, it waits to be tried again, or it has ended
            view = import_get(import_id)
            bar.show(view)
        bar.close()
        return view

    def _end(self, view: ImportView, options: dict[str, Any]) -> None:
        kept = 0
        if options["report"]:
            with Path(options["report"]).open("w", encoding="utf-8") as report:
                for one in refusals_all(view.id):
                    kept += 1
                    report.write(json.dumps(plain(one), ensure_ascii=False) + "\n")
        if options["json"]:
            self.stdout.write(json.dumps(plain(view)))
        else:
            self.stdout.write(view.sentence)
            if options["report"] and view.refused > kept:
                self.stdout.write(f"The report has the first {kept:,} of {view.refused:,} refused lines.")
            for one in [] if options["report"] else list(refusals_all(view.id))[:10]:
                self.stdout.write(f"  line {one.line}: {one.reason}")
        if view.state != "done":
            raise CommandError(f"It is {view.state}. {view.reason}".strip())

    def _preview(self, options: dict[str, Any], mapping: dict[str, Any]) -> None:
        path = Path(options["file"] or "")
        try:
            with path.open("rb") as data:
                found = import_preview(
                    source=options["name"], data=data, name=path.name, format=options["format"], mapping=mapping,
                    lines=options["lines"],
                )  # fmt: skip
        except OSError as error:
            raise CommandError(f"{path} can't be opened: {error.strerror}.") from None
        for line in found.lines:
            if options["json"]:
                self.stdout.write(json.dumps(plain(line), ensure_ascii=False))
                continue
            self.stdout.write(f"line {line.line}: {f'refused. {line.reason}' if line.reason else ''}")
            for fact in line.facts:
                when = fact["occurred"] or "time unknown"
                self.stdout.write(f"  {fact['kind']}  {when}  {' '.join(fact['refs'])}")
                self.stdout.write(f"    {json.dumps(fact['data'], ensure_ascii=False)}")


class _Bar:
    """A line that is drawn again on a terminal; nothing elsewhere."""

    def __init__(self, out: Any, quiet: bool) -> None:
        self._out = None if quiet or not sys.stderr.isatty() else out
        self._began: tuple[float, int] | None = None

    def show(self, view: ImportView) -> None:
        if self._out is None:
            return
        now = time.monotonic()
        self._began = self._began or (now, view.line)
        rate = (view.line - self._began[1]) / max(now - self._began[0], 0.1)
        done = "█" * (view.percent * WIDTH // 100)
        told = f"{view.line:,} lines  {rate:,.0f} a second  {view.refused:,} refused "
        self._out.write(f"\r{done:·<{WIDTH}} {view.percent:3} %  {told}", ending="")
        self._out.flush()

    def close(self) -> None:
        if self._out is not None and self._began is not None:
            self._out.write("")


def _mapping(options: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if options["mapping"]:
        path = Path(options["mapping"])
        try:
            found = mapping_read(path.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeError) as error:
            raise CommandError(f"{path} can't be read as a mapping: {error}.") from None
    return {**found, "encoding": options["encoding"]} if options["encoding"] else found


def _time(text: str | None) -> datetime | None:
    try:
        return instant(text, UTC) if text else None
    except ValueError as error:
        raise CommandError(f"--taken-at: {error}") from None
