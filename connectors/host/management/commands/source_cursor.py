"""``manage.py source_cursor shop``: show from where a source is read on, or set it."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.host.errors import HostError
from connectors.host.management.commands.source_backfill import _since
from connectors.host.selectors.reading import cursor_get, plain
from connectors.host.services import source_cursor_reset, source_get
from connectors.sdk import SourceError


class Command(BaseCommand):
    help = "Shows a source's cursor and when it is polled next; sets the cursor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the source's name, e.g. turku-warehouse")
        to = parser.add_mutually_exclusive_group()
        to.add_argument("--to", help="read on from this cursor")
        to.add_argument("--since", help="read on from this day or time (UTC), or from the word beginning")
        to.add_argument("--now", action="store_true", help="read only what is new from now on")
        parser.add_argument("--by", default="command line", help="who does this, for the source's log")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        name, by = options["name"], options["by"]
        try:
            if options["to"] is not None:
                source_cursor_reset(name=name, cursor=options["to"], by=by)
            elif options["since"]:
                source_cursor_reset(name=name, cursor=_since(options["since"]), by=by)
            elif options["now"]:
                source_cursor_reset(name=name, cursor=None, by=by)
            view = cursor_get(source_get(name))
        except (HostError, SourceError) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(plain(view)))
            return
        for what, value in (
            ("Cursor", view.cursor if view.cursor is not None else "none yet: it begins with what is new"),
            ("Moved", view.moved_at or "never"), ("Next poll", self._next(view)),
            ("Failures in a row", view.failures), ("Can be backfilled", "yes" if view.can_backfill else "no"),
        ):  # fmt: skip
            self.stdout.write(f"{what + ':':<19} {value}")

    def _next(self, view: Any) -> str:
        if view.poll_s is None:
            return "it is not polled"
        return "it is paused" if view.paused else str(view.next_at or "at once")
