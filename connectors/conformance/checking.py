"""How a check is written: a function that is given a Subject and fails with a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from connectors.conformance.subject import Subject

Run = Callable[["Subject"], None]


class Failed(AssertionError):
    """The connector does not hold to this; the sentence says what to do."""


class NotHere(Exception):
    """The check has nothing to look at in this connector; the sentence says why."""


@dataclass(frozen=True)
class Check:
    """``id`` names it in ledgers and on the command line, ``title`` is the sentence that must be true."""

    id: str
    title: str
    run: Run
    http: bool
    """True where it is about answers over HTTP, and says nothing of files and databases."""

    @property
    def group(self) -> str:
        return self.id.partition("-")[0]


CHECKS: dict[str, Check] = {}
"""Every check by its id, in the order in which they run; filled by the modules of ``connectors.conformance.checks``."""


def check(id: str, title: str, *, http: bool = False) -> Callable[[Run], Run]:
    """Declare a function as a check."""

    def declare(run: Run) -> Run:
        if id in CHECKS:
            raise ValueError(f"There are two checks named {id}.")
        CHECKS[id] = Check(id, title, run, http)
        return run

    return declare


def fail(sentence: str) -> NoReturn:
    raise Failed(sentence)


def need(sound: object, sentence: str) -> None:
    """Fail with this sentence unless ``sound`` is true."""
    if not sound:
        raise Failed(sentence)
