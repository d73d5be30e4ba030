"""Named cases of the questions that came after the refund: each has its customer, order and words.

A case is added at the end: its order and return are numbered by its place, so that no other changes its number.
"""

from __future__ import annotations

import random

from workspace.demo.seed.days import Days
from workspace.demo.seed.people import Person
from workspace.demo.seed.situations import Situation, bought
from workspace.demo.seed.story import GIFT_CARD, Story

ORDERS, RETURNS, CUSTOMERS = 101, 76_801, 40_001
"""Their numbers stand apart from those that are counted as they came."""
PEOPLE = {
    "order_status_on_its_way": ("Ilona Varga", "ilona.varga@post.example", "DE"),
    "order_status_late": ("Oskar Lind", "oskar.lind@brev.example", "SE"),
    "order_status_carrier_problem": ("Mira Heinonen", "mira.heinonen@kirje.example", "FI"),
    "return_eligibility_returnable": ("Teo Novak", "teo.novak@mail.example", "DE"),
    "return_eligibility_partly_returnable": ("Alice Fontaine", "alice.fontaine@post.example", "FI"),
    "return_status_arrived": ("Bengt Sandell", "bengt.sandell@brev.example", "SE"),
    "return_status_arrival_overdue": ("Leila Haddad", "leila.haddad@mail.example", "DE"),
    "cancellation_can_cancel": ("Vera Jokinen", "vera.jokinen@kirje.example", "FI"),
    "cancellation_cancelled_refund_due": ("Stefan Brandt", "stefan.brandt@post.example", "DE"),
}
"""By case: name, address, market."""
ASKED: dict[str, Situation] = {
    "order_status_on_its_way": Situation(
        "Where is my parcel? It was sent two days ago.", lambda s: s.sent(2), 3, (2,), question="order-status"),
    "order_status_late": Situation(
        "My order was to be here last week. Where is it?", lambda s: s.sent(7), 8, (8,), question="order-status"),
    "order_status_carrier_problem": Situation(
        "The tracking says there is a problem. What now?",
        lambda s: s.sent(4).trouble(2, "The address was not found"), 5, (5,), question="order-status"),
    "return_eligibility_returnable": Situation(
        "The shoes are too small. Can I return them?", lambda s: bought(s, 8, 6), 9, (5,),
        question="return-eligibility"),
    "return_eligibility_partly_returnable": Situation(
        "Can I send all of it back?", lambda s: bought(s, 7, 5), 8, (0, GIFT_CARD), question="return-eligibility"),
    "return_status_arrived": Situation(
        "Has my parcel reached you?", lambda s: bought(s, 11, 9).returned(5).in_transit(3).received(1), 12, (4,),
        question="return-status"),
    "return_status_arrival_overdue": Situation(
        "I sent the vest back long ago. Did it arrive?", lambda s: bought(s, 18, 16).returned(12).in_transit(10), 19,
        (3,), question="return-status"),
    "cancellation_can_cancel": Situation(
        "I ordered the wrong size. Can I still cancel?", lambda s: s, 1, (6,), question="cancellation"),
    "cancellation_cancelled_refund_due": Situation(
        "Is my order really cancelled, and when do I get my money?", lambda s: s.cancelled(2), 3, (11,),
        question="cancellation"),
}  # fmt: skip


def situation_of(name: str) -> str:
    """The situation that a case of these is in: its name without its question."""
    return name.removeprefix(ASKED[name].question.replace("-", "_") + "_")


def stories(days: Days, seed: object) -> dict[str, Story]:
    """The story of each case. Each has a chance of its own, so that one more changes none of the others."""
    found, backs = {}, 0
    for n, (name, case) in enumerate(ASKED.items()):
        rng = random.Random(f"{seed} {name}")
        who, email, market = PEOPLE[name]
        card = (rng.choice(("Visa", "Mastercard")), f"{rng.randrange(10000):04d}")
        person = Person(f"C-{CUSTOMERS + n}", who, email, market, card)
        story = Story(days, rng, person, list(case.products), case.placed, case.method)
        assert case.tell
        case.tell(story)
        story.number = f"49-{ORDERS + n:04d}"
        for back in story.returns:
            back.number = f"RMA-{RETURNS + backs}"
            backs += 1
        found[name] = story
    return found
