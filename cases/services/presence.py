"""Who has a case open and who is writing: told to open pages, true for a minute, never history."""

from __future__ import annotations

from typing import Any

from cases.models import Case


def presence_beat(*, case: Case | int | str, person: Any, typing: bool = False) -> bool:
    """A person has the case open (and is writing). True where that is news, which open pages then hear."""
    return False


def presence_end(*, case: Case | int | str, person: Any) -> None:
    """They have closed it."""
