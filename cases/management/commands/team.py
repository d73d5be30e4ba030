from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.errors import CaseError
from cases.selectors import teams_list
from cases.services import Actor, member_remove, member_save, team_save

BY = Actor.rule("command-line", "An operator")


class Command(BaseCommand):
    help = "Shows the teams; with a name, makes that team or changes it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--title")
        parser.add_argument("--lead", help="user name")
        parser.add_argument("--question", action="append", help="a question that the team takes; may be repeated")
        parser.add_argument("--hours", action="append", help="mon=09:00-17:00; may be repeated")
        parser.add_argument("--zone")
        parser.add_argument("--add", action="append", default=[], help="user name of a new member")
        parser.add_argument("--remove", action="append", default=[], help="user name of one who goes")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            if name:
                self._save(name, options)
        except (CaseError, ValueError) as error:
            raise CommandError(str(error)) from error
        for team in teams_list(name):
            members = ", ".join(m.person.username + ("" if m.taking else " (paused)") for m in team.members) or "nobody"
            self.stdout.write(f"{team.name}: {team.title}, led by {team.lead.username}; {members}")

    def _save(self, name: str, options: dict[str, Any]) -> None:
        held = next(iter(teams_list(name)), None)
        changes = {key: options[key] for key in ("title", "lead", "zone", "question", "hours") if options[key]}
        if held is None or changes:
            given: dict[str, Any] = {
                "title": options["title"] or (held.title if held else name.replace("-", " ").capitalize()),
                "lead": options["lead"] or (held.lead.username if held else ""),
                "questions": options["question"] or (held.questions if held else ()),
                "hours": _hours(options["hours"]) if options["hours"] else (held.hours if held else {}),
                "zone": options["zone"] or (held.zone if held else "UTC"),
            }
            team_save(name=name, actor=BY, **given)
        for person in options["add"]:
            member_save(team=name, person=person, actor=BY)
        for person in options["remove"]:
            member_remove(team=name, person=person, actor=BY)


def _hours(given: list[str]) -> dict[str, list[str]]:
    """``{"mon": ["09:00", "17:00"]}`` from ``mon=09:00-17:00``."""
    found = {}
    for one in given:
        day, equals, span = one.partition("=")
        begin, dash, end = span.partition("-")
        if not (equals and dash):
            raise ValueError(f"{one!r} is not a day's hours. Write mon=09:00-17:00.")
        found[day] = [begin, end]
    return found
