from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.errors import CaseError
from cases.services import Actor
from cases.services.ledger import case_export
from connectors.host.errors import HostError


class Command(BaseCommand):
    help = "Writes a case as a signed bundle that cases/ledger/verify_bundle.py verifies offline."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference")
        parser.add_argument("--to", default="-", help="the file to write; else it is printed")
        parser.add_argument("--as-of", type=datetime.fromisoformat, help="as it was then: 2026-11-19T14:06+02:00")
        parser.add_argument("--no-notes", action="store_true", help="leave out what is meant for colleagues alone")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor.rule("command-line", "An operator")
        try:
            bundle = case_export(
                case=options["reference"], actor=actor, as_of=options["as_of"], notes=not options["no_notes"]
            )
        except (CaseError, HostError) as error:
            raise CommandError(str(error)) from error
        text = json.dumps(bundle, ensure_ascii=False, indent=1)
        if options["to"] == "-":
            self.stdout.write(text)
        else:
            Path(options["to"]).write_text(text + "\n", encoding="utf-8")
            self.stdout.write(f"Case {bundle['case']} is written to {options['to']}.")
