"""The past of the demo: twelve weeks of customers whose cases were closed long ago, and the orders they were about.

Each line of a week names the tales that began in it, in the order of its days; ``tales.py`` says what each ordered and
what became of it, ``workspace.demo.history`` how the case went. Chance never looks at the calendar.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from workspace.demo.seed.days import Days
from workspace.demo.seed.people import Person, crowd
from workspace.demo.seed.story import PRODUCTS
from workspace.demo.seed.tales import TALES, Past, Tale

ORDERS, RETURNS, CUSTOMERS = 1, 74_001, 50_001
WEEKS = (
    # New colleagues: kind words, no days named.
    "slow kind undated",
    "policy passed_on late_parcel paid",
    "caught again call",
    # Shop and finance disagree for the first time.
    "disagree corrected not_passed",
    "failed broken exchange eligible",
    "renegotiated too_late invoice",
    # Everybody has learned to name a day.
    "soon lost_parcel overridden withdrawn",
    # The week in which the warehouse was late, and its feed named wrong days.
    "uninspected lagged dark outage",
    # Its answers are corrected, and finance takes labels off.
    "corrected lagged cancel return_lost",
    "on_its_way disagree called_off",
    "soon paid delivered",
    "soon arrived charge caught paid",
)
"""The oldest first."""
FIVE = 5
"""Business days in a week."""


@dataclass(frozen=True)
class Told:
    """One case of the past: which it is, how it went, and when it was opened, in business days ago."""

    number: int
    name: str
    tale: Tale
    ago: int
    story: Past
    message: str
    week: int
    """1 is the last before today."""

    @property
    def refs(self) -> list[str]:
        return [f"order:{self.story.number}", f"email:{self.story.person.email}"]


def past(today_days: Days, seed: object, weeks: int = len(WEEKS)) -> list[Told]:
    """The cases of the last ``weeks`` weeks, the oldest first: the same people, orders and words on every day."""
    lines = [(len(WEEKS) - n, name, place, len(line.split()))
             for n, line in enumerate(WEEKS) for place, name in enumerate(line.split())]  # fmt: skip
    people = crowd(random.Random(f"{seed} past"), len(lines))
    found, backs, seen = [], 0, dict[str, int]()
    for n, (week, name, place, many) in enumerate(lines):
        tale, rng = TALES[name], random.Random(f"{seed} past {n} {name}")
        ago = FIVE * week - place * FIVE // many
        person = _apart(people[n], n)
        products = list(tale.products) or rng.sample(range(len(PRODUCTS)), rng.choice((1, 1, 2)))
        story = Past(today_days, rng, person, products, ago + tale.placed)
        tale.tell(story, ago)
        story.number = f"47-{ORDERS + n:04d}"
        for back in story.returns:
            back.number, backs = f"RMA-{RETURNS + backs}", backs + 1
        words = tale.messages[seen.get(name, 0) % len(tale.messages)]
        seen[name] = seen.get(name, 0) + 1
        if week <= weeks:
            found.append(Told(n, name, tale, ago, story, words, week))
    return found


def _apart(person: Person, n: int) -> Person:
    """The same with an address of the past: nobody of today's customers is mixed in."""
    name, _, host = person.email.partition("@")
    return Person(f"C-{CUSTOMERS + n}", person.name, f"{name}.{n + 1}@{host}", person.market, person.card)
