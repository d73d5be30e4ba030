from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.services import measures_check, measures_digest, measures_follow, measures_rebuild


class Command(BaseCommand):
    help = "The measures of trust: count what is new, count everything anew, or see that both give the same numbers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("follow", "rebuild", "check", "digest"))

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if verb == "follow":
            counted = 0
            while news := measures_follow():
                counted += news
            self.stdout.write(f"{counted} events counted.")
        elif verb == "rebuild":
            self.stdout.write(f"{measures_rebuild()} cases counted anew. {measures_digest()}")
        elif verb == "digest":
            self.stdout.write(measures_digest())
        elif not measures_check():
            raise CommandError("The numbers differ from what the events say. Run `manage.py metrics rebuild`.")
        else:
            self.stdout.write("Every number is what the events say.")
