"""``manage.py facts_forget --demo-only``: the workspace forgets what the demo systems said; opening asks them again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.services import summaries_rebuild
from connectors.host.services.forgetting import facts_forget


class Command(BaseCommand):
    help = "Forgets all facts, checks and records of the demo sources. Cases and what customers were told stay."

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo-only", action="store_true", help="required: history of real sources is never deleted"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["demo_only"]:
            raise CommandError("What real sources said is history and stays. Say --demo-only to forget the demo's.")
        gone = facts_forget(demo_only=True)
        rows = summaries_rebuild()
        self.stdout.write(f"Forgot {gone} facts of the demo sources. {rows} cases will ask again when they are opened.")
