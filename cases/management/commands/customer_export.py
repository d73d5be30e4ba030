from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.errors import CaseError
from cases.selectors.erasing import customer_named
from cases.services import Actor
from cases.services.retention import customer_export


class Command(BaseCommand):
    help = "Writes everything that is held about a customer into a zip: JSON, the same to read, and their letters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("customer", help="the customer's number, or a reference such as email:maya@example.com")
        parser.add_argument("--to", default="", help="the file to write; else customer-NUMBER.zip here")
        parser.add_argument("--why", default="", help="the reason, without the customer's name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            customer = customer_named(options["customer"])
            pack = customer_export(
                customer=customer, actor=Actor.rule("command-line", "An operator"), why=options["why"]
            )
        except CaseError as error:
            raise CommandError(str(error)) from error
        path = Path(options["to"] or f"customer-{customer}.zip")
        path.write_bytes(pack)
        path.chmod(0o600)
        self.stdout.write(
            f"{path} holds {len(pack):,} bytes. It is personal data: hand it over safely, then delete it."
        )
