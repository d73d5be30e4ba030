from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.errors import CaseError
from cases.selectors.ledger import Exported, Verdict, anchors_export, anchors_read, case_verify, ledger_verify
from cases.selectors.ledger.words import verdict_said
from cases.services.ledger import ledger_rotate, ledger_seal

BROKEN, UNUSABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Proves that nobody changed history. verify names the first broken link (exit 1; 2 where it could not look),"
        " export writes the signed anchors, to be kept elsewhere, seal digests and anchors days that are over,"
        " rotate has the signing key endorse the next one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify: ArgumentParser = verbs.add_parser("verify")
        verify.add_argument("--since", type=date.fromisoformat, help="only what was recorded from this UTC day on")
        verify.add_argument("--case", default="", help="one case alone")
        verify.add_argument("--anchors", default="", help="a file that export wrote, to compare with")
        verify.add_argument("--json", action="store_true", help="the verdict as JSON")
        export: ArgumentParser = verbs.add_parser("export")
        export.add_argument("--since", type=date.fromisoformat, help="only anchors from this UTC day on")
        export.add_argument("--to", default="-", help="the file to write; else it is printed")
        verbs.add_parser("seal")
        rotate: ArgumentParser = verbs.add_parser("rotate")
        rotate.add_argument("--to", required=True, help="where the next key is: file:/path or env:NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except (CaseError, OSError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error

    def _verify(self, options: dict[str, Any]) -> None:
        kept = anchors_read(Path(options["anchors"]).read_text()) if options["anchors"] else None
        verdict = self._verdict(options, kept)
        said = json.dumps(verdict.as_json()) if options["json"] else verdict_said(verdict)
        (self.stdout if verdict.intact or options["json"] else self.stderr).write(said)
        if not verdict.intact:
            sys.exit(BROKEN)

    def _verdict(self, options: dict[str, Any], kept: Exported | None) -> Verdict:
        if options["case"]:
            return case_verify(options["case"], kept)
        return ledger_verify(since=options["since"], exported=kept)

    def _export(self, options: dict[str, Any]) -> None:
        pieces = anchors_export(options["since"])
        if options["to"] == "-":
            self.stdout.writelines(pieces)
            return
        with Path(options["to"]).open("w") as file:
            written = sum(bool(file.write(piece)) for piece in pieces) - 2  # all but the beginning and the end
        self.stdout.write(f"{written} anchors written to {options['to']}.")

    def _seal(self, options: dict[str, Any]) -> None:
        made = ledger_seal()
        self.stdout.write(f"{made} day{'' if made == 1 else 's'} anchored.")

    def _rotate(self, options: dict[str, Any]) -> None:
        row = ledger_rotate(to=options["to"])
        self.stdout.write(
            f"The key {row.endorsed_by} says that {row.key_id} comes after it. Set LEDGER_KEY={options['to']} for every"
            " process now, and export the anchors."
        )
