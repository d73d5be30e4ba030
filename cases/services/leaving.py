"""People who leave: everything they answer for is handed over first."""

from __future__ import annotations

from typing import Any

from cases.actors import Actor


def person_deactivate(*, person: Any, to: Any = None, actor: Actor, why: str) -> int:
    """Switch off an account after handing over its open cases, promises and offers; returns how many cases moved.

    Each goes to ``to`` where given, else to whom its team's routing chooses, else to the team's lead. Where something
    has nobody to go to, nothing changes and StillHeld says what is left. Raises BadInput, NotYours.
    """
    raise NotImplementedError
