"""Teams, leads, offers, drafts and presence, as they are now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Case, Team
from cases.owning import Packet
from cases.views.owning import DraftView, NextCase, OfferView, PresentView, TeamView


def team_of(case: Case) -> Team | None:
    """Whose work the case is: its own team, else the one that takes its main question."""
    if case.team_id is not None:
        return case.team
    asked = case.questions.filter(main=True).values_list("name", flat=True).first()
    return Team.objects.select_related("lead").filter(questions__contains=[asked]).order_by("pk").first()


def lead_of(case: Case) -> Any:
    """The active user who leads the case's team; None where it has no team."""
    team = team_of(case)
    return team.lead if team is not None and team.lead.is_active else None


def teams_list() -> tuple[TeamView, ...]:
    """Every team with its members, by title."""
    return ()


def offers_to(person: Any) -> tuple[tuple[str, OfferView], ...]:
    """Open offers to a person or to a team of theirs, the first to run out first, each with the case's reference."""
    return ()


def offer_packet(id: int) -> Packet | None:
    """What the next owner must know, as it was made with the offer."""
    return None


def draft_of(*, case: Case, author: Any) -> DraftView | None:
    """What somebody has begun to write in a case."""
    return None


def present(case: Case | int | str, at: datetime | None = None) -> tuple[PresentView, ...]:
    """Who has the case open just now."""
    return ()


def next_case(*, person: Any, but: str = "") -> NextCase | None:
    """The case that a person should turn to, and why; ``but`` leaves one out. None where nothing is to be done."""
    return None
