from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.errors import CaseError
from cases.services import Actor, person_deactivate


class Command(BaseCommand):
    help = "Hands over everything that a person answers for, then switches their account off; history keeps their name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--to", default="", help="who takes it over; else each case goes by its team's routing")
        parser.add_argument("--why", default="They have left", help="the reason that colleagues read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moved = person_deactivate(
                person=options["username"], to=options["to"], why=options["why"],
                actor=Actor.rule("command-line", "An operator"),
            )  # fmt: skip
        except CaseError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{options['username']}'s account is off; {moved} open case{'' if moved == 1 else 's'} moved to others."
        )
