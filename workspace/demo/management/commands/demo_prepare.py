"""``manage.py demo_prepare``: the part of the demo that needs the database. ``manage.py demo`` runs it."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from cases.selectors import cases_list
from connectors.host.services.forgetting import facts_forget
from workspace.demo.anew import demo_begins_anew
from workspace.demo.history.telling import history_tell
from workspace.demo.opening import cases_keep
from workspace.demo.prepare import people_save, sources_save


class Command(BaseCommand):
    help = (
        "Makes the tables, the demo's people, its sources, its past and its cases. Reads {sources: {name: source}, "
        "cases: {situation: case}, forget: bool, today: day, weeks: of the past} as JSON and writes {anew, tokens, "
        "cases, history} as one line of JSON."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = json.load(sys.stdin)
        call_command("migrate", verbosity=0)
        made: dict[str, Any] = {"anew": False}
        if wanted["forget"]:
            told_before, began = bool(cases_list(limit=1)), demo_begins_anew()
            made["anew"] = told_before and began
            if not began:
                # The systems were written anew: what they said before is of another world.
                facts_forget(demo_only=True)

        def prepared() -> None:
            sources_save(wanted["sources"])
            made["tokens"] = people_save()

        told = None
        if wanted.get("weeks"):
            told = history_tell(today=date.fromisoformat(wanted["today"]), before=prepared, weeks=wanted["weeks"])
        if told is None:
            prepared()
        made["cases"] = cases_keep(wanted["cases"])
        made["history"] = [told.cases, told.seconds] if told else []
        self.stdout.write(json.dumps(made))
