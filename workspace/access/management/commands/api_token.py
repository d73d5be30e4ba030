"""``manage.py api_token <user>``: a token for the API, shown this once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workspace.access.errors import AccessError
from workspace.access.selectors import person_get
from workspace.access.services import token_make


class Command(BaseCommand):
    help = "Make a token for the API and print it. Only a digest of it is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="a user name")
        parser.add_argument("--name", default="", help="what it is for")

    def handle(self, *_: Any, user: str, name: str, **__: Any) -> None:
        person = person_get(user)
        if person is None:
            raise CommandError(f"There is nobody of the user name {user}.")
        try:
            self.stdout.write(token_make(user=person, name=name)[1])
        except AccessError as error:
            raise CommandError(str(error)) from error
