from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.services import reviews_sweep


class Command(BaseCommand):
    help = "Look for what is to be reviewed: since the last look, or again since a day. Nothing is asked for twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", default="", help="a day, YYYY-MM-DD (UTC): look at the history again from there")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            since = datetime.fromisoformat(options["since"]).replace(tzinfo=UTC) if options["since"] else None
        except ValueError:
            raise CommandError(f"{options['since'][:40]!r} is no day. Write it like 2026-11-01.") from None
        found = reviews_sweep(since=since, limit=1_000_000)
        self.stdout.write(f"{found} new reason{'' if found == 1 else 's'} for review.")
