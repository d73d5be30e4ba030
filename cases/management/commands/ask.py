"""Ask a question from a terminal: the same gathering, evidence and rules as the page."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from cases import plaintext, questions
from cases.errors import CaseError
from cases.people import person_names, person_refs
from cases.selectors import answer_json, case_evidence, question_title
from cases.services import question_clean, question_gather
from cases.words import refs_clean
from connectors.host.errors import HostError
from connectors.host.selectors import moment
from connectors.sdk import Ref

NOT_ANSWERED = 3


class Command(BaseCommand):
    help = (
        "Answer a question about references, e.g. `ask refund-status order:48-1193`. Exit status: 0 answered, "
        "2 bad input, 3 not (fully) answered."
    )
    # The stores alone: a question signs nothing, so a terminal beside a running demo needs no signing key.
    requires_system_checks = [Tags.compatibility]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("question", help="e.g. refund-status")
        parser.add_argument("refs", nargs="+", metavar="scheme:value", help="e.g. order:48-1193")
        parser.add_argument("--as-of", metavar="TIME", help="what was known then, e.g. 2026-11-19T14:06:00+02:00")
        parser.add_argument("--json", action="store_true", help="print what the API gives")
        parser.add_argument("--timeout", type=float, default=None, help="seconds to wait for sources")

    def handle(self, *args: Any, question: str, refs: list[str], **options: Any) -> None:
        try:
            as_of = _moment(options["as_of"])
            question, seeds = question_clean(question), refs_clean(refs)
            if as_of is None:
                question_gather(question=question, refs=seeds, timeout=_timeout(options["timeout"]))
            self._answer(question, seeds, as_of, bool(options["json"]))
        except (CaseError, HostError) as error:
            raise CommandError(str(error), returncode=2) from error

    def _answer(self, question: str, seeds: list[Ref], as_of: datetime | None, as_json: bool) -> None:
        evidence = case_evidence(question, seeds, as_of)
        names = person_names(evidence, person_refs(evidence))
        answer = questions.compose(question, evidence, person=names[0].split()[0] if names and names[0] else "")
        if as_json:
            self.stdout.write(json.dumps(answer_json(answer, evidence), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(plaintext.told(question_title(question), answer, evidence))
        if answer.state != "answered":
            raise SystemExit(NOT_ANSWERED)


def _timeout(given: float | None) -> float:
    seconds = float(settings.PAGE_DEADLINE_S) * 2 if given is None else given
    if not 0 <= seconds <= 60:
        raise CommandError("--timeout takes 0 to 60 seconds.", returncode=2)
    return seconds


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        example = "2026-11-19T14:06:00+02:00"
        raise CommandError(f"--as-of: {text[:40]!r} is not a time; write e.g. {example}.", returncode=2) from None
    return moment(when)[0]
