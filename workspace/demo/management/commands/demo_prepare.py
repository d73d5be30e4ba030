"""``manage.py demo_prepare``: the part of the demo that needs the database. ``manage.py demo`` runs it."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from connectors.host.services.forgetting import facts_forget
from workspace.demo.opening import cases_keep
from workspace.demo.prepare import people_save, sources_save


class Command(BaseCommand):
    help = (
        "Makes the tables, the demo's people, its sources and its cases. Reads {sources: {name: source}, "
        "cases: {situation: case}, forget: bool} as JSON and writes {tokens, cases} as one line of JSON."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = json.load(sys.stdin)
        call_command("migrate", verbosity=0)
        if wanted["forget"]:
            # The systems were written anew: what they said before is of another world.
            facts_forget(demo_only=True)
        sources_save(wanted["sources"])
        tokens = people_save()
        self.stdout.write(json.dumps({"tokens": tokens, "cases": cases_keep(wanted["cases"])}))
