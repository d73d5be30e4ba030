"""Who is given the next case: whoever was given one longest ago. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A person's place in one team."""

    person: int
    team: int
    taking: bool
    open: bool
    """The team works at this instant."""
    last_given_at: datetime | None


def fairest(places: Iterable[Place]) -> Place | None:
    """Of those who take cases in teams that work now, the one who was given one longest ago; who never was comes
    first. A person in several teams counts by the last case that any of them gave. None where nobody can be given one.
    """
    places = list(places)
    last: dict[int, datetime] = {}
    for place in places:
        last[place.person] = max(last.get(place.person, NEVER), place.last_given_at or NEVER)
    free = [p for p in places if p.taking and p.open]
    return min(free, key=lambda p: (last[p.person], p.person, p.team), default=None)
