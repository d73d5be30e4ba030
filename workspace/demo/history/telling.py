"""The weeks before today, told from their first moment to their last, in the order in which things happened."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from django.contrib.auth import get_user_model
from django.test.utils import override_settings

from cases import services
from cases.services import measures_follow
from connectors.host.errors import BadMoment
from connectors.host.selectors import moment
from connectors.host.services import clock_led, source_get
from connectors.host.signals import facts_recorded
from workspace.demo.history import orders, refunds
from workspace.demo.history.desk import Desk, StillOpen, World
from workspace.demo.history.library import Library
from workspace.demo.history.overseeing import Overseers
from workspace.demo.seed.days import Days
from workspace.demo.seed.past import FIVE, WEEKS, Told, past
from workspace.demo.seed.world import SEED

REFUNDS, ORDERS = ("dana", "tom", "amir"), ("rosa", "greta", "tom")
"""Who worked on what, in turn."""
HOW: dict[str, Callable[[Desk], Iterator[datetime]]] = {
    "soon": refunds.paid_later, "slow": refunds.late, "renegotiated": refunds.renegotiated, "broken": refunds.broken,
    "kind": refunds.kind, "undated": refunds.undated, "failed": refunds.failed, "uninspected": refunds.uninspected,
    "disagree": refunds.disagree, "corrected": refunds.corrected, "caught": refunds.caught,
    "overridden": refunds.overridden, "withdrawn": refunds.withdrawn, "passed_on": refunds.passed_on,
    "outage": refunds.outage, "again": refunds.again, "lost_parcel": refunds.lost_parcel,
    "on_its_way": orders.on_its_way, "late_parcel": orders.late_parcel, "cancel": orders.cancel,
    "arrived": orders.arrived, "return_lost": orders.return_lost, "call": orders.call, "lagged": orders.lagged,
    "dark": orders.dark,
}  # fmt: skip
"""The steps of each tale; the others are answered once and closed."""
NO_LETTERS = "django.core.mail.backends.dummy.EmailBackend"
"""Letters of the past have long arrived; nobody's mailbox is filled with them today."""


@dataclass(frozen=True)
class History:
    """What was told: cases, of them still open, and how long it took."""

    cases: int
    open: int
    seconds: float


def history_tell(
    *, today: date, before: Callable[[], Any], weeks: int = len(WEEKS), forget: bool = True
) -> History | None:
    """Tell the last ``weeks`` weeks; ``before`` makes people and sources, at their beginning. None where this database
    has a history already: nothing is told twice, and nothing behind what is recorded. ``forget`` erases somebody at
    the end: that has the database's own time, which nobody leads."""
    began, days = time.monotonic(), Days(today)
    told = past(days, SEED, weeks)
    start = days.at(FIVE * weeks + 1, 8, 0)
    try:
        with _nobody_told(), _collecting_rarely(), override_settings(EMAIL_BACKEND=NO_LETTERS), clock_led(start) as to:
            before()
            teller = Teller(told, days, to, today)
            open_ = teller.run()
    except BadMoment:
        return None
    _measured()
    if forget:
        teller.overseers.forget([d for d in teller.desks if d.told.name == "paid" and d.told.week > 1])
    return History(len(told), open_, time.monotonic() - began)


def _measured() -> None:
    """The boards are full at first sight."""
    services.reviews_sweep(limit=10_000)
    while measures_follow():
        pass


@contextmanager
def _nobody_told() -> Iterator[None]:
    """Each case follows its own news while it is told; telling all others of them would be wasted."""
    receivers, facts_recorded.receivers = facts_recorded.receivers, []
    facts_recorded.sender_receivers_cache.clear()
    try:
        yield
    finally:
        facts_recorded.receivers = receivers
        facts_recorded.sender_receivers_cache.clear()


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Much is read and little of it goes in circles: looking for such every moment costs a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Teller:
    """Goes from moment to moment: whichever case has something to do next does it."""

    def __init__(self, told: list[Told], days: Days, to: Callable[[datetime], None], today: date) -> None:
        people = {user.get_username(): user for user in get_user_model().objects.all()}
        sources = {name: source_get(name) for name in ("shop", "warehouse", "finance", "policy")}
        self.days, self._to = days, to
        self.world = World(Library(sources, today), people, days, self.to)
        self.overseers = Overseers(people, self.pause, SEED)
        self.desks = [Desk(one, self.world, _rep(n, one)) for n, one in enumerate(told)]
        self.next: list[tuple[datetime, int, Iterator[datetime]]] = []
        self.numbers = iter(range(10**6))

    def to(self, at: datetime) -> None:
        """On to a moment, or stay where work on others has already led."""
        self._to(max(at, moment()[1]))

    def pause(self, seconds: float) -> None:
        self.to(moment()[1] + timedelta(seconds=seconds))

    def run(self) -> int:
        for desk in self.desks:
            self._later(_opening(desk), self._case(desk))
        last = max((d.told.week for d in self.desks), default=0) * FIVE
        for ago in range(last, 0, -1):
            self._later(self.days.at(ago, 12, 30), self._clock(), self.days.at(ago, 18, 0))
            if ago % FIVE == 1:
                self._later(self.days.at(ago, 16, 30), self._week(ago))
        while self.next:
            at, _, steps = heappop(self.next)
            self.to(at)
            following = self._step(steps)
            if following is not None:
                heappush(self.next, (following, next(self.numbers), steps))
        return sum(not desk.closed for desk in self.desks)

    def _step(self, steps: Iterator[datetime]) -> datetime | None:
        """What is done at one moment; gives the next, or None at the end."""
        with services.followed_once():
            try:
                return next(steps, None)
            except StillOpen:
                return None

    def _later(self, at: datetime, *steps: Any) -> None:
        heappush(self.next, (at, next(self.numbers), steps[0]))
        for more in steps[1:]:
            heappush(self.next, (more, next(self.numbers), self._clock()))

    def _case(self, desk: Desk) -> Iterator[datetime]:
        desk.open()
        yield from HOW.get(desk.told.name, refunds.answered)(desk)

    def _clock(self) -> Iterator[datetime]:
        """What the clock does by itself."""
        services.promises_sweep()
        services.handovers_expire()
        services.outbox_send()
        yield from ()

    def _week(self, ago: int) -> Iterator[datetime]:
        """On Fridays; what the last two weeks ask for waits still."""
        self.overseers.sweep()
        if ago > 2 * FIVE:
            self.overseers.work([d for d in self.desks if d.case and ago <= d.told.ago < ago + FIVE])
        for person in self.world.people.values():
            services.alert_seen(person=person)
        yield from ()


def _rep(n: int, told: Told) -> str:
    money = told.tale.question in ("refund-status", "double-charge", "return-status", "return-eligibility",
                                   "invoice-copy")  # fmt: skip
    if told.week == 1:  # whatever is open still is not on the desk of who shows the demo
        return ("tom", "amir")[n % 2] if money else ("greta", "rosa")[n % 2]
    return REFUNDS[n % 3] if money else ORDERS[n % 3]


def _opening(desk: Desk) -> datetime:
    """A morning, or for what need not be before noon any hour of work."""
    hours = (9, 9, 10, 10, 11) if desk.told.name in HOW else (9, 10, 11, 13, 14, 15)
    return desk.on(0, desk.rng.choice(hours))
