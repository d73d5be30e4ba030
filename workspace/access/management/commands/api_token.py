"""``manage.py api_token <user>``: a token for the API, shown this once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workspace.access.errors import AccessError
from workspace.access.selectors import person_get
from workspace.access.services import token_make
from workspace.rights import SCOPES


class Command(BaseCommand):
    help = "Make a token for the API and print it. Only a digest of it is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="a user name")
        parser.add_argument("--name", default="", help="what it is for")
        parser.add_argument("--scope", action="append", default=[], choices=list(SCOPES), help="what it is narrowed to")

    def handle(self, *_: Any, user: str, name: str, scope: list[str], **__: Any) -> None:
        person = person_get(user)
        if person is None:
            raise CommandError(f"There is nobody of the user name {user}.")
        try:
            # Whoever runs commands here needs no second step: the database is theirs anyway.
            self.stdout.write(token_make(user=person, name=name, scopes=scope, second_step=True)[1])
        except AccessError as error:
            raise CommandError(str(error)) from error
