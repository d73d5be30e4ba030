"""What an address asks of the measures, by page and by API: weeks, team, question, source, what to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from cases import selectors
from cases.errors import BadInput
from cases.views.measuring import week_of
from connectors.host.selectors import moment
from workspace.permissions import roles_of
from workspace.rights import OVERSEERS

WEEKS = 4
COMPARE = (("before", "the weeks before"), ("year", "a year earlier"), ("none", "nothing"))
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """``until`` is the day after the last. ``teams`` are those that this person may see; None for all."""

    since: date
    until: date
    team: str
    question: str
    source: str
    compare: str
    teams: tuple[str, ...] | None

    @property
    def filters(self) -> dict[str, Any]:
        """For the selectors."""
        team: Any = self.team or None
        if self.teams is not None:
            team = [t for t in self.teams if not self.team or t == self.team] or ["-"]
        return {"team": team, "question": self.question or None, "source": self.source or None}

    @property
    def span(self) -> dict[str, Any]:
        compare: Any = self.compare != "none"
        if self.compare == "year":
            compare = (self.since - 364 * DAY, self.until - 364 * DAY)
        return {"since": self.since, "until": self.until, "compare": compare}

    def query(self, **changes: str) -> str:
        """The address again, with these parts changed; empty parts are left out."""
        parts = {"since": self.since.isoformat(), "until": (self.until - DAY).isoformat(), "team": self.team,
                 "question": self.question, "source": self.source, "compare": self.compare, **changes}  # fmt: skip
        return urlencode({k: v for k, v in parts.items() if v and (k, v) != ("compare", "before")})


def asked(get: Mapping[str, str], user: Any) -> Asked:
    """From the query string; the last four weeks where it names none. Raises BadInput."""
    today = moment()[1].date()
    last = _day(get.get("until", ""), "until") or today
    since = _day(get.get("since", ""), "since") or week_of(last) - (WEEKS - 1) * timedelta(days=7)
    first, end = selectors.weeks_of(since, last + DAY)
    compare = get.get("compare", "") or "before"
    if compare not in dict(COMPARE):
        raise BadInput("Compare with one of: before, year, none.", "compare")
    return Asked(first, end, get.get("team", "")[:50], get.get("question", "")[:60], get.get("source", "")[:60],
                 compare, teams_of(user))  # fmt: skip


def teams_of(user: Any) -> tuple[str, ...] | None:
    """The teams whose measures somebody sees: those that they lead; None (all) for supervisors and auditors."""
    if roles_of(user) & OVERSEERS:
        return None
    return tuple(t.name for t in selectors.teams_list() if t.lead.id == user.pk)


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text[:20]!r} is not a day. Write it as 2026-11-22.", field) from None
    if not 1900 < found.year < 2200:  # weeks and years before and after have to be days, too
        raise BadInput(f"{text[:20]!r} is not a day of which anything is counted.", field)
    return found
