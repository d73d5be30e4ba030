"""What supervisors did in these weeks: reviews read and signed, appeals decided, and looks that are on record."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from cases import services
from cases.errors import CaseError, WrongState
from cases.selectors import case_view
from cases.selectors.erasing import erasure_plan
from cases.services import Actor
from cases.services.retention import erasure_approve, erasure_ask
from connectors.host.selectors import moment
from workspace.access.services import access_ask, access_decide
from workspace.demo.history.desk import Desk

REVIEWERS = ("ruth", "irene")
EACH = 6
"""Reviews that each signs in a week."""
NOTES = {
    "promise_broken": ("no", "promise", "The day had passed before the customer heard from us. Say so before it does."),
    "told_broken": ("partly", "uncertain", "Right as far as it was known. Say that finance may still change it."),
    "transfers": ("no", "hand-over", "Three people had this. The second one could have finished it."),
    "overdue": ("partly", "acknowledge", "It was late, and the letter begins with thanks. Begin with what is wrong."),
    "overridden": ("partly", "cite", "The reason is good. Write it into the letter, too."),
}  # fmt: skip
APPEALS = (3, 11)
"""The verdicts with a note that are appealed against, counted from the first; every fourth is answered."""
LOOKS = (
    ("ruth", "search", "search", "A customer asked who has read their case"),
    ("otto", "print", "replay_print", "Yearly audit of refunds"),
    ("irene", "export", "replay", "Asked for by the customer's bank"),
    ("otto", "search", "search", "Yearly audit of refunds"),
)


class Overseers:
    """The weekly work of those who read what others did. ``people`` are users by name."""

    def __init__(self, people: Mapping[str, Any], pause: Callable[[float], None], seed: object) -> None:
        self.people, self.pause = people, pause
        self.chance = random.Random(f"{seed} reviews")
        self.noted = self.week = 0
        self.open_appeals: list[tuple[int, str]] = []
        self.seen: dict[str, Desk] = {}
        self.merged = False

    def sweep(self) -> None:
        services.reviews_sweep()

    def work(self, desks: Sequence[Desk]) -> None:
        """A Friday afternoon. ``desks`` are those of the week's cases."""
        cases = [d.case for d in desks]
        self.open_appeals = [one for one in self.open_appeals if not self._decided(*one)]
        for name in REVIEWERS:
            for _ in range(EACH):
                self._one(name)
        for n, case in enumerate(cases[:2]):
            who, what, route, why = LOOKS[(self.week + n) % len(LOOKS)]
            self.pause(40)
            services.access_record(actor=self._actor(who), what=what, route=route, case=case, why=why, at=moment()[1])
        if self.week % 3 == 1 and cases:
            self._opened(cases[0])
        for desk in desks:
            self._met(desk)
        self.week += 1

    def _opened(self, case: Any) -> None:
        """An auditor asks to see what is masked; every other time for too long."""
        long = self.week % 6 == 4
        asked = access_ask(asker=self.people["otto"], case=case.reference, classes=("contact", "bank_reference"),
                           why="Yearly audit of refunds", minutes=480 if long else 60, at=moment()[1])  # fmt: skip
        self.pause(1100)
        answer = "An hour is enough for one case. Please ask again." if long else "For the audit."
        access_decide(id=asked.pk, by=self.people["ruth"], grant=not long, answer=answer, at=moment()[1])

    def _met(self, desk: Desk) -> None:
        """Once, two people of one name turn out to be one."""
        name = desk.told.story.person.name
        other = self.seen.setdefault(name, desk)
        if self.merged or other is desk:
            return
        keep, same = (case_view(case=d.case).person.customer_id for d in (other, desk))
        if keep is not None and same is not None and keep != same:
            self.merged = True
            services.customers_merge(keep=keep, other=same, why="Both addresses are theirs, as they say by phone",
                                     actor=self._actor("ruth"), case=desk.case)  # fmt: skip

    def _one(self, name: str) -> None:
        me = self._actor(name)
        review = services.review_next(actor=me)
        if review is None:
            return
        self.pause(self.chance.randrange(90, 420))
        rules = list((review.first or review).reasons.order_by("pk").values_list("rule", flat=True))
        verdict, coaching, note = NOTES.get(rules[0], ("yes", "", ""))
        if self.chance.random() < 0.1:
            verdict = "yes" if verdict != "yes" else "partly"
            note, coaching = note or "Correct, and longer than it needs to be.", coaching or "plain"
        try:
            signed = services.review_sign(
                review=review, verdict=verdict, note=note, coaching=[coaching] if coaching else [], actor=me
            )
        except CaseError:  # the other reviewer has read the same thing
            return
        if signed.to_person:
            self._answered(review, name)

    def _answered(self, review: Any, signer: str) -> None:
        self.noted += 1
        writer = Actor.person(review.person)
        if self.noted in APPEALS:
            self.pause(900)
            services.review_answer(review=review, how="appeal", actor=writer,
                                   text="Finance confirmed the day by phone; that is in the case.")  # fmt: skip
            self.open_appeals.append((review.pk, signer))
        elif self.noted % 4 == 0:
            self.pause(600)
            services.review_answer(review=review, how="answer", text="Thank you, I will.", actor=writer)

    def _decided(self, id_: int, signer: str) -> bool:
        self.pause(300)
        other = next(name for name in REVIEWERS if name != signer)
        try:
            services.review_decide(review=id_, outcome="changed", verdict="yes", actor=self._actor(other),
                                   why="The note is there: the day was confirmed when it was written.")  # fmt: skip
        except WrongState:  # somebody still reads the same: next week, then
            return False
        return True

    def forget(self, desks: Sequence[Desk]) -> None:
        """Two customers have asked to be erased, by a letter of today: one is, the other waits for a second person."""
        people = (case_view(case=desk.case).person.customer_id for desk in desks)
        free = (found for found in people if found is not None and not erasure_plan(customer=found).against)
        for n, customer in enumerate(islice(free, 2)):
            asked = erasure_ask(customer=customer, why="Asked for by letter", actor=self._actor("ada"))
            if n == 0:
                digest = erasure_plan(customer=customer).digest
                erasure_approve(request=asked.id, digest=digest, actor=self._actor("ben"))

    def _actor(self, name: str) -> Actor:
        return Actor.person(self.people[name])
