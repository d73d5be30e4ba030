"""Four measures with their last twelve weeks, for the right-hand side of other pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from cases import selectors
from cases.views.measuring import BY_NAME, week_of
from connectors.host.selectors import moment
from workspace.measures import teams_of
from workspace.pages.trust import charts
from workspace.pages.trust.present import card

SHOWN = ("held_up", "facts_fresh", "disagreements", "full_picture")
WEEKS = timedelta(weeks=12)


def rail(request: HttpRequest) -> dict[str, Any]:
    """Context of ``pages/trust/rail.html``: ``{"rail": {cards, why, whole}}``. Leads see their teams."""
    end = week_of(moment()[1]) + timedelta(days=7)
    teams = teams_of(request.user)
    team = None if teams is None else list(teams) or ["-"]
    board = selectors.trust_board(end - WEEKS, end, team, compare=False, measures=[BY_NAME[name] for name in SHOWN])
    against = selectors.measure_detail("found_after", end - WEEKS, end, team, compare=False).sources
    most = max((p.tally.met for p in against), default=0)
    parts = sorted(against, key=lambda p: -p.tally.met)
    why = [(p.title, p.tally.met, charts.bar(p.tally.met, most)) for p in parts if p.tally.met]
    return {"rail": {"cards": [card(f) for f in board.figures], "why": why, "whole": sum(n for _, n, _ in why)}}
