"""One case of the past, in the hands of whoever worked on it: what a person does on its page, verb by verb."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases import services
from cases.errors import AnswerChanged, NeedsReason
from cases.selectors import case_view
from cases.services import Actor, Promised
from connectors.host.selectors import moment
from workspace.demo.history.library import Library
from workspace.demo.seed.days import ZONE, Days
from workspace.demo.seed.past import Told

FIRST_LOOK_MIN = {12: 55, 11: 48, 10: 44, 9: 40, 8: 34, 7: 30, 6: 26, 5: 95, 4: 38, 3: 21, 2: 16, 1: 14}
"""So many minutes after a case was opened somebody looks at it, by weeks ago."""
HASTY_FROM = 7
"""In the weeks before this many ago, some replies were sent without asking once more."""


class StillOpen(Exception):
    """What comes next lies after today."""


@dataclass(frozen=True)
class World:
    """What all cases of the past share."""

    library: Library
    people: dict[str, Any]
    days: Days
    to: Callable[[datetime], None]


class Desk:
    """The verbs of one case; the clock stands where it was led to, and ``pause`` leads it on."""

    def __init__(self, told: Told, world: World, rep: str) -> None:
        self.told, self.world, self.rep = told, world, rep
        self.case: Any = None
        self.closed = self.verified = self.spoken = False
        self.seen: Any = None
        """What the page last showed."""
        self.channel = told.story.rng.choice(("email", "chat", "chat"))
        self.rng = told.story.rng

    # -- time

    def on(self, day: int, hour: int, minute: int = -1) -> datetime:
        """So many business days after the case was opened. Raises StillOpen where that day is not over."""
        ago = self.told.ago - day
        if ago < 1:
            raise StillOpen
        return self.world.days.at(ago, hour, self.rng.randrange(2, 50) if minute < 0 else minute)

    def soon(self) -> datetime:
        """When somebody first looks."""
        usual = FIRST_LOOK_MIN[self.told.week]
        return self.now() + timedelta(
            minutes=usual * self.rng.randrange(60, 140) // 100, seconds=self.rng.randrange(60)
        )

    def later(self, minutes: int) -> datetime:
        return self.now() + timedelta(minutes=minutes, seconds=self.rng.randrange(60))

    def now(self) -> datetime:
        return moment()[1]

    def pause(self, seconds: float) -> None:
        self.world.to(self.now() + timedelta(seconds=seconds))

    # -- the customer

    def open(self) -> None:
        told = self.told
        self.case = services.case_open(
            question=told.tale.question, refs=told.refs, message=told.message, channel=self.channel,
            actor=Actor.program(self.world.people["desk-bot"]), owner=self.world.people[self.rep],
        )  # fmt: skip

    def says(self, text: str) -> None:
        services.message_receive(case=self.case, text=text, channel=self.channel)

    # -- whoever works on it

    @property
    def me(self) -> Actor:
        return Actor.person(self.world.people[self.rep])

    def look(self, down: Collection[str] = ()) -> Any:
        """The page is opened: what is stored at once (for the first time nothing is), then what the sources answer."""
        self._verify()
        if self.seen is None:
            self._shown()
        self.pause(1.0 + self.rng.randrange(15) / 10)
        self.ask(down)
        return self._shown()

    def ask(self, down: Collection[str] = ()) -> None:
        """What was told before, and promised until a fact comes, is held against the answers at once."""
        self.world.library.ask(self.told.story, self.now(), down)
        if self.spoken:
            services.case_follow(self.case, at_once=True)

    def news(self) -> None:
        """The sources are asked while nobody has the page open."""
        self.ask()
        services.case_follow(self.case)

    def _shown(self) -> Any:
        self.seen = view = case_view(case=self.case)
        seen: dict[str, Any] = {"case": self.case, "as_of": view.as_of, "at": view.at, "actor": self.me}
        services.answer_shown(answer=view.answer, **seen)
        services.case_viewed(digest=view.answer.digest, live=True, **seen)
        return view

    def reply(
        self, plus: str = "", *, words: str = "", due: datetime | None = None, keeps: str = "", what: str = "",
        down: Collection[str] = (), why: str = "", undo_s: int = 0,
    ) -> Any:  # fmt: skip
        """Write what the answer suggests, or ``words``, with ``plus`` before the greeting. ``due`` promises ``what``.
        What needs a reason is kept with ``why``, or left out for what the answer suggests."""
        self.pause(self.rng.randrange(45, 240))
        if not self._hasty() or down:
            self.ask(down)
            self.pause(2)
        promises = [Promised(what, due, keeps_kind=keeps)] if due else []
        letter = self._letter(words, plus)
        try:
            return self._send(letter, promises, undo_s=undo_s)
        except NeedsReason as refused:
            if why:
                kept = [{"key": f.key, "why": why} for f in refused.check.unanswered]
                return self._send(letter, promises, kept=kept, undo_s=undo_s)
            self.pause(20)
            return self._send(self._letter("", ""), [])

    def _verify(self) -> None:
        if not self.verified:
            services.asker_verify(case=self.case, how="order_and_email", actor=self.me)
            self.verified = True

    def _hasty(self) -> bool:
        return self.told.week >= HASTY_FROM and self.rng.random() < 0.3

    def _letter(self, words: str, plus: str) -> Callable[[str], str]:
        """The letter that comes of a draft."""
        name, first = self.me.name, self.seen.person.first_name
        hello, close, signed = f"Hello {first}," if first else "Hello,", f"Kind regards,\n{name}", self.seen.owner.name

        def made(draft: str) -> str:
            body = f"{hello}\n\n{words}" if words else draft.removesuffix(f"Kind regards,\n{signed}").strip()
            more = plus or ("" if body else "I am asking my colleagues. Which address shall it be sent to?")
            return "\n\n".join(part for part in (body or hello, more, close) if part)

        return made

    def _send(self, letter: Callable[[str], str], promises: list[Promised], **more: Any) -> Any:
        given: dict[str, Any] = {"case": self.case, "actor": self.me, "channel": self.channel, "promises": promises}
        try:
            sent = services.message_send(
                text=letter(self.seen.draft), answer_digest=self.seen.answer.digest, **given, **more
            )
        except AnswerChanged as changed:
            sent = services.message_send(
                text=letter(changed.new_draft), answer_digest=changed.new_answer.digest, **given, **more
            )
        self.spoken = True
        if self.channel == "email" and not more.get("undo_s"):
            self.pause(3)
            services.outbox_send()
        return sent

    def promise_open(self) -> Any:
        """The oldest promise that is owed still."""
        return next(iter(services.promises_open(self.case)), None)

    def hand(self, to: str, why: str) -> None:
        """Offered, and taken a little later."""
        offer = services.handover_offer(case=self.case, to=to, why=why, actor=self.me)
        self.pause(self.rng.randrange(200, 1500))
        services.handover_accept(handover=offer, actor=Actor.person(self.world.people[to]))
        self.rep = to

    def close(self, why: str = "") -> None:
        self.pause(1)  # with the reply
        services.case_close(case=self.case, actor=self.me, why=why)
        self.closed = True

    def day_words(self, at: datetime) -> str:
        return f"{at.astimezone(ZONE):%A %-d %B}"

    def open_again(self, text: str) -> None:
        """The same customer, the same order, another case."""
        self.closed = self.verified = self.spoken = False
        self.seen = None
        self.case = services.case_open(
            question=self.told.tale.question, refs=self.told.refs, message=text, channel=self.channel,
            actor=Actor.program(self.world.people["desk-bot"]), owner=self.world.people[self.rep],
        )  # fmt: skip
