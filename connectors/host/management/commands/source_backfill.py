"""``manage.py source_backfill shop --since 2026-01-01 --watch``: read a source's past, beside its polling."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.host.errors import HostError
from connectors.host.models import Backfill
from connectors.host.selectors.reading import backfill_view, plain
from connectors.host.services import (
    backfill_cancel,
    backfill_get,
    backfill_pause,
    backfill_resume,
    backfill_start,
    backfill_work,
)
from connectors.sdk.times import day_or_instant

LOOK_S = 0.5


class Command(BaseCommand):
    help = "Starts the reading of a source's past, shows how far it is, pauses, resumes or cancels it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the source's name, e.g. turku-warehouse")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--since", help="start it, from this day or time on (UTC), or from the word beginning")
        what.add_argument("--status", action="store_true", help="show how far the newest one is")
        what.add_argument("--pause", action="store_true")
        what.add_argument("--resume", action="store_true")
        what.add_argument("--cancel", action="store_true")
        parser.add_argument("--pages-a-minute", type=int, default=60, help="at most so many (default 60)")
        parser.add_argument("--watch", action="store_true", help="follow it to its end, and help with the work")
        parser.add_argument("--by", default="command line", help="who does this, for the source's log")
        parser.add_argument("--json", action="store_true", help="print one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = self._move(options)
            self._show(row, options["json"])
            if options["watch"]:
                row = self._watch(row, options["json"])
        except HostError as error:
            raise CommandError(str(error)) from None
        if options["watch"] and row.state != "done":
            raise CommandError(f"It is {row.state}. {row.reason}".strip())

    def _move(self, options: dict[str, Any]) -> Backfill:
        name, by = options["name"], options["by"]
        if options["since"]:
            rate = options["pages_a_minute"]
            return backfill_start(source=name, since=_since(options["since"]), pages_a_minute=rate, by=by)
        for verb, move in (("pause", backfill_pause), ("resume", backfill_resume), ("cancel", backfill_cancel)):
            if options[verb]:
                return move(source=name, by=by)
        return backfill_get(source=name)

    def _watch(self, row: Backfill, as_json: bool) -> Backfill:
        shown = row.pages
        while row.state in ("waiting", "running"):
            if not backfill_work(backfill_id=row.pk):
                time.sleep(LOOK_S)
            row = Backfill.objects.select_related("source").get(pk=row.pk)
            if row.pages != shown or row.state not in ("waiting", "running"):
                shown = row.pages
                self._show(row, as_json)
        return row

    def _show(self, row: Backfill, as_json: bool) -> None:
        view = backfill_view(row)
        rate = f" {view.rows_a_minute:,} rows a minute." if view.rows_a_minute and row.state == "running" else ""
        self.stdout.write(json.dumps(plain(view)) if as_json else f"{view.sentence}{rate}")


def _since(text: str) -> datetime | None:
    if text == "beginning":
        return None
    try:
        found = day_or_instant(text, UTC)
    except ValueError as error:
        raise CommandError(f"--since: {error}") from None
    return found if isinstance(found, datetime) else datetime(found.year, found.month, found.day, tzinfo=UTC)
