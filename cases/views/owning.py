"""Offers of a case, teams, drafts, and who is at work on a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class OfferView:
    """An offer of a case that nobody has answered yet, as the case's events tell it at some moment."""

    id: int
    from_id: int
    from_name: str
    """Who stays accountable until it is accepted."""
    to_id: int | None
    """The person it is made to, or None where it is made to a team."""
    to_team: str
    """The team's name (a slug), or empty."""
    to_name: str
    """What the person or the team is called."""
    why: str
    offered_at: datetime
    expires_at: datetime
    seq: int = 0
    """The case's event that made it: what came later is not in its packet."""

    def as_json(self) -> dict[str, Any]:
        """The shape that programs read."""
        return {
            "id": self.id, "from": self.from_name, "to": self.to_name, "team": self.to_team or None, "why": self.why,
            "offered_at": self.offered_at.isoformat(), "expires_at": self.expires_at.isoformat(),
        }  # fmt: skip


@dataclass(frozen=True)
class PersonName:
    """Somebody who may own cases."""

    id: int
    username: str
    name: str


@dataclass(frozen=True)
class MemberView:
    """A person in a team. ``taking`` is off while they take no new cases."""

    person: PersonName
    taking: bool
    last_given_at: datetime | None


@dataclass(frozen=True)
class TeamView:
    """People who share a kind of work, as it is now."""

    id: int
    name: str
    title: str
    lead: PersonName
    questions: tuple[str, ...]
    hours: Mapping[str, tuple[str, str]]
    zone: str
    members: tuple[MemberView, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape that programs read."""
        return {
            "name": self.name, "title": self.title, "lead": self.lead.username, "questions": list(self.questions),
            "hours": {day: list(span) for day, span in self.hours.items()}, "zone": self.zone,
            "members": [{"username": m.person.username, "name": m.person.name, "taking": m.taking}
                        for m in self.members],
        }  # fmt: skip


@dataclass(frozen=True)
class DraftView:
    """What somebody has begun to write. ``since_seq`` is the case's last event when the writing began."""

    text: str
    since_seq: int
    updated_at: datetime
    answer_digest: str = ""
    """Of the answer that was on the page then."""


@dataclass(frozen=True)
class PresentView:
    """Somebody who has the case open, true for a minute."""

    id: int
    name: str
    typing: bool


@dataclass(frozen=True)
class TeamName:
    """A team as a place to offer a case to."""

    name: str
    title: str


@dataclass(frozen=True)
class NextCase:
    """The case that a person should turn to, and why this one."""

    reference: str
    why: str
    """A sentence: "Maya Lindqvist has waited longest, 2 h." """
    reason: str
    """``promise-late``, ``told-broken``, ``waiting``, ``promise-due`` or ``oldest``."""
    offer: int | None
    """The offer that taking it accepts; None where it is theirs already."""
    of: int = 1
    """Out of how many it was chosen."""


@dataclass(frozen=True)
class Held:
    """What a person still answers for."""

    cases: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    """References of cases that hold an open promise of theirs."""
    offers: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    """Titles of the teams that they lead."""
