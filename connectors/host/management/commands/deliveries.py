"""``manage.py deliveries``: what sources sent by themselves, what became of it, and working on it again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from connectors.host.errors import HostError
from connectors.host.selectors import DeliveryView, deliveries_list, delivery_get
from connectors.host.selectors.deliveries import STATES
from connectors.host.services import deliveries_rerun, delivery_rerun, source_get

LINE = "{id:>8}  {received_at:%Y-%m-%d %H:%M:%S}  {source:<24} {state:<8} {attempts:>8} {size:>9}  {reason}"


class Command(BaseCommand):
    help = "Lists deliveries, newest first, shows one whole, or has them worked on again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--source", default="", help="of this source only")
        parser.add_argument("--state", choices=STATES, default="", help="in this state only")
        parser.add_argument("--limit", type=int, default=20, help="so many (at most 200)")
        parser.add_argument("--before", type=int, metavar="ID", help="older than this one")
        parser.add_argument("--show", type=int, metavar="ID", help="one delivery with headers, raw body and facts")
        parser.add_argument("--rerun", type=int, metavar="ID", help="work on this one again")
        parser.add_argument("--rerun-all", action="store_true", help="with --source: on all that failed or in part")
        parser.add_argument("--by", default="command line", help="who does this, for the source's log")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["rerun"] is not None:
                delivery_rerun(id=options["rerun"], by=options["by"])
                self._say({"rerun": 1}, f"Delivery {options['rerun']} is worked on again.", options)
            elif options["rerun_all"]:
                self._rerun_all(options)
            elif options["show"] is not None:
                self._show(delivery_get(options["show"]), options)
            else:
                self._list(options)
        except HostError as error:
            raise CommandError(str(error)) from None

    def _rerun_all(self, options: dict[str, Any]) -> None:
        if not options["source"]:
            raise CommandError("Name the source whose deliveries are to be worked on again: --source turku-warehouse.")
        count = deliveries_rerun(source=options["source"], by=options["by"])
        self._say({"rerun": count}, f"{count} of its deliveries are worked on again.", options)

    def _show(self, found: DeliveryView, options: dict[str, Any]) -> None:
        lines = [LINE.format(**_plain(found)), "", *(f"{k}: {v}" for k, v in found.headers.items()), "", found.body, ""]
        lines += [f"{f.kind} {f.record_type} {f.record_id}" for f in found.facts] or ["It brought no new facts."]
        self._say({**asdict(found), "facts": [f.id for f in found.facts]}, "\n".join(lines), options)

    def _list(self, options: dict[str, Any]) -> None:
        if options["source"]:
            source_get(options["source"])
        found = deliveries_list(
            source=options["source"], state=options["state"], before=options["before"], limit=options["limit"]
        )
        lines = [LINE.format(**_plain(d)) for d in found] or ["There are no such deliveries."]
        self._say({"deliveries": [_listed(d) for d in found]}, "\n".join(lines), options)

    def _say(self, found: dict[str, Any], words: str, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(found, default=str) if options["json"] else words)


def _listed(view: DeliveryView) -> dict[str, Any]:
    return {name: value for name, value in asdict(view).items() if name not in ("headers", "body", "facts")}


def _plain(view: DeliveryView) -> dict[str, Any]:
    return {**_listed(view), "reason": view.reason.splitlines()[0] if view.reason else f"{view.new} new"}
