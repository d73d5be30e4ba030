"""All stories of the demo, numbered. The same on every day but for their dates."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from workspace.demo.seed.asked import ASKED
from workspace.demo.seed.asked import stories as asked_stories
from workspace.demo.seed.days import Days
from workspace.demo.seed.past import Told, past
from workspace.demo.seed.people import Person, cast, crowd
from workspace.demo.seed.situations import MISSING_ORDER, SITUATIONS, back, bought
from workspace.demo.seed.story import PRODUCTS, Story

SEED = 48_1193
CUSTOMERS, ORDERS, OLDEST = 200, 600, 62
CASES = {**SITUATIONS, **ASKED}
"""Every named case of the demo."""
MAYA_ORDER, MAYA_RETURN = 1193, 77120


@dataclass(frozen=True)
class World:
    """``named`` holds the story of each named case; ``stories`` all of them but those of the ``past``."""

    people: list[Person]
    stories: list[Story]
    named: dict[str, Story]
    past: list[Told] = field(default_factory=list)

    @property
    def orders(self) -> list[Story]:
        """Everything that the systems hold."""
        return [*self.stories, *(told.story for told in self.past)]

    @property
    def customers(self) -> list[Person]:
        return [*self.people, *(told.story.person for told in self.past)]

    def refs(self, situation: str) -> list[str]:
        """What the customer of a named case gives: an order and an address, or one of the two."""
        if situation not in self.named:
            return [f"order:{MISSING_ORDER}"]
        story = self.named[situation]
        email = f"email:{story.person.email}"
        return [email] if CASES[situation].by_email else [f"order:{story.number}", email]


def build(today: date) -> World:
    """The world as it is on ``today``. Chance never looks at the calendar, so numbers and names stay."""
    rng, days = random.Random(SEED), Days(today)
    people = cast(rng)
    named = {name: _named(days, rng, people[name], name) for name, s in SITUATIONS.items() if s.tell}
    stories = [*named.values(), *_others(days, rng, people)]
    strangers = crowd(rng, CUSTOMERS - len(people))
    while len(stories) < ORDERS:
        stories.append(_chance(days, rng, rng.choice(strangers)))
    _number(stories, named["paid"])
    asked = asked_stories(days, SEED)
    known = [*people.values(), *strangers, *(story.person for story in asked.values())]
    return World(known, [*stories, *asked.values()], named | asked, past(days, SEED))


def _named(days: Days, rng: random.Random, person: Person, name: str) -> Story:
    situation = SITUATIONS[name]
    story = Story(days, rng, person, list(situation.products), situation.placed, situation.method)
    assert situation.tell
    situation.tell(story)
    return story


def _others(days: Days, rng: random.Random, people: dict[str, Person]) -> list[Story]:
    """Further orders of the named: the second of which_one, and two that Maya kept."""
    found = [bought(Story(days, rng, people["paid"], [n], ago), ago - 1, ago - 3) for n, ago in ((9, 58), (12, 47))]
    for name, situation in SITUATIONS.items():
        if situation.second:
            story = Story(days, rng, people[name], [8], situation.placed - 5)
            situation.second(story)
            found.append(story)
    return found


def _chance(days: Days, rng: random.Random, person: Person) -> Story:
    """One ordinary order, somewhere between just placed and long since settled."""
    age, dice = rng.randint(2, OLDEST), rng.random()
    method = rng.choices(("card", "gift_card", "bank_transfer"), (86, 6, 8))[0]
    products = rng.sample(range(len(PRODUCTS)), rng.choice((1, 1, 1, 2, 3)))
    story = Story(days, rng, person, products, age, method)
    if dice < 0.06 and age > 6:
        return story.cancelled(age - 1).refunded(age - 2, age - 3, age - 4)
    if age < 5:
        return story.sent(age - 1) if age > 2 else story
    bought(story, age - 1, age - 3)
    if dice > 0.72 and age > 20:
        return back(story, age - 7, age - 9, age - 12, age - 13).refunded(age - 14, age - 15, age - 16)
    if dice > 0.88 and age > 10:
        return back(story, age - 5, age - 7, age - 8) if dice > 0.94 else story.returned(age - 5).in_transit(age - 6)
    return story


def _number(stories: list[Story], maya: Story) -> None:
    """Orders and returns are numbered as they came, with Maya's where everybody expects them."""
    stories.sort(key=lambda s: -s.age)
    first = MAYA_ORDER - stories.index(maya)
    for n, story in enumerate(stories):
        story.number = f"48-{first + n:04d}"
    returns = sorted((r for s in stories for r in s.returns), key=lambda r: -r.asked)
    first = MAYA_RETURN - next(n for n, r in enumerate(returns) if r is maya.returns[0])
    for n, back_ in enumerate(returns):
        back_.number = f"RMA-{first + n}"
