from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.retention.policy import BadPolicy
from cases.selectors.retention import retention_due
from cases.services.retention import retention_sweep

STAY = "stay, for an open case, a legal hold, or because their source still tells them"


class Command(BaseCommand):
    help = "Takes what is older than its rule of retention keeps it; with --dry-run only says what would go, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list what would go, and change nothing")
        parser.add_argument("--rule", default="", help="one rule alone, e.g. facts:order.* or data:letters")
        parser.add_argument(
            "--seconds", type=float, default=600, help="stop after so many seconds; the next run goes on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["dry_run"]:
                return self._due(options["rule"])
            taken = retention_sweep(rule=options["rule"], seconds=options["seconds"])
        except BadPolicy as error:
            raise CommandError(str(error)) from error
        for name, many in taken.items():
            self.stdout.write(f"{name}: {many:,} erased")
        if not taken:
            self.stdout.write("Nothing is older than its rule keeps it.")
        return None

    def _due(self, rule: str) -> None:
        for due in retention_due(rule=rule):
            many = f"{'at least ' if due.more else ''}{due.many:,}"
            held = f"; {due.held:,} {STAY}" if due.held else ""
            self.stdout.write(f"{due.rule}: {many} ({due.what}) from before {due.before:%-d %B %Y}{held}")
