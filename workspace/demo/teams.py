"""Who shares the demo's work: two teams with a colleague in both, so that a case can be handed over and lived."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from cases.selectors import teams_list
from cases.selectors.catalogue import questions_known
from cases.services import Actor, member_save, team_save

COLLEAGUES = {
    "tom": ("Tom", "Brandt", "rep"), "rosa": ("Rosa", "Lind", "rep"), "amir": ("Amir", "Haddad", "rep"),
    "greta": ("Greta", "Holm", "rep"), "irene": ("Irene", "Castell", "supervisor"),
    "otto": ("Otto", "Renner", "auditor"), "ada": ("Ada", "Falk", "administrator"),
    "ben": ("Ben", "Ostrow", "administrator"),
}  # fmt: skip
"""Further people by user name: first and last name, and role."""
LEAD = "ruth"
TEAMS: dict[str, dict[str, Any]] = {
    "refunds": {"title": "Refunds", "members": ("dana", "tom", "amir"), "hours": {}, "zone": "Europe/Helsinki"},
    "orders": {
        "title": "Orders and parcels", "members": ("rosa", "tom", "greta"), "zone": "Europe/Helsinki",
        "hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("07:00", "22:00")),
    },
}  # fmt: skip
REFUNDS = ("refund-status", "double-charge", "return-status", "return-eligibility", "invoice-copy")
"""Questions of the first team; the second takes the others."""


def teams_keep() -> None:
    """Make the demo's teams where they are not there yet; what somebody has changed since stays."""
    by = Actor.person(get_user_model().objects.get(username=LEAD))
    there = {team.name for team in teams_list()}
    for name, wanted in TEAMS.items():
        if name in there:
            continue
        questions = [q for q in questions_known() if (q in REFUNDS) == (name == "refunds")]
        given = {key: wanted[key] for key in ("title", "hours", "zone")}
        team_save(name=name, lead=LEAD, questions=questions, actor=by, **given)
        for person in wanted["members"]:
            member_save(team=name, person=person, actor=by)
