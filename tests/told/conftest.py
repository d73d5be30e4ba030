"""Maya's return as facts, and what was said about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from cases.answers import Answer
from cases.drafts import read_reply
from cases.told import Known, Said
from cases.told.checking import Draft, check
from cases.told.holding import Told, before_sending
from cases.told.knowing import known
from cases.told.reading import read
from cases.told.shapes import DraftCheck
from tests.questions.conftest import AT, Cast

ZONE = "Europe/Helsinki"
EARLIER = datetime(2026, 11, 14, 9, 0, tzinfo=UTC)


def said(text: str, at: datetime = AT) -> tuple[Said, ...]:
    return read(text, at, ZONE, ("order:48-1193", "return:RMA-77120"), "refund").said


def facts(cast: Cast, at: datetime = AT) -> tuple[Known, ...]:
    evidence = cast.evidence(at)
    return known(evidence, cast.ask(at))


def told(text: str, cast: Cast, at: datetime = EARLIER, id: int = 7) -> Told:
    """A statement made at ``at``, when the facts of ``cast`` were those of now."""
    made = Told(id, at, text, said(text, at), "20418")
    return Told(id, at, text, before_sending(made, facts(cast, at)), "20418")


def checked(
    text: str, cast: Cast, *, earlier: Sequence[Told] = (), verified: bool = True, answer: Answer | None = None,
    at: datetime = AT,
) -> DraftCheck:  # fmt: skip
    answer = answer or cast.ask(at)
    return check(Draft(text, at, ZONE, read(text, at, ZONE, (), "refund"), read_reply(text, answer.draft),
                       facts(cast, at), earlier, verified=verified))  # fmt: skip


Check = Callable[..., DraftCheck]


@pytest.fixture
def cast() -> Cast:
    return Cast()
