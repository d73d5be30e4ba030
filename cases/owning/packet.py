"""What the next owner of a case must know, made from what is recorded. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Packet:
    """A case as its next owner gets it: plain words and times as ISO 8601, so that it reads the same for ever."""

    question: str
    """In the customer's words."""
    answer: str
    """The answer's headline at the moment of the offer."""
    answer_state: str
    person: str
    told: tuple[dict[str, str], ...] = ()
    """Replies to the customer, newest first, each ``{at, by, words}``."""
    promises: tuple[dict[str, str], ...] = ()
    """Open promises, the first due first, each ``{what, due, owner}``."""
    tried: tuple[dict[str, str], ...] = ()
    """What was done about it, newest first, each ``{at, by, what}``."""
    known: tuple[str, ...] = ()
    """What the customer should not have to repeat, each a sentence."""

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the offer."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Packet:
        """From what was stored; what an older version did not store is empty."""
        lists = {k: tuple(data.get(k, ())) for k in ("told", "promises", "tried", "known")}
        words = {k: str(data.get(k, "")) for k in ("question", "answer", "answer_state", "person")}
        return cls(**words, **lists)
