"""What was said, held against what could be known when it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Verdict = Literal["matched", "aged", "unbacked", "differed", "nothing"]
"""``aged``: it matched, and something it rested on was past its freshness limit. ``nothing``: no claim to hold."""
HeldAs = Literal["matches", "differs", "unbacked", "promise", "open"]
"""``promise`` is ours to keep, ``open`` is expected, asked or hedged: no fact can speak for or against either."""
Turn = Literal["kept", "late", "broken", "ended", "due", "true", "false"]


@dataclass(frozen=True)
class Backing:
    """One fact or check that a claim rested on, as old as it was when the words were sent."""

    title: str
    """The source, or the policy's document."""
    source: str
    domain: str
    said: str
    fact: int | None = None
    check: int | None = None
    age_s: int | None = None
    """None for a document: it does not age."""
    limit_s: int | None = None

    @property
    def within(self) -> bool:
        """Whether its source had confirmed it within the freshness limit."""
        return self.age_s is None or self.limit_s is None or self.age_s <= self.limit_s


@dataclass(frozen=True)
class Since:
    """What became of a claim after it was sent: nothing of this could be known then."""

    turn: Turn
    text: str
    at: datetime | None = None

    @property
    def well(self) -> bool:
        return self.turn in ("kept", "true")


@dataclass(frozen=True)
class ClaimJudged:
    """One claim of a message: a sentence of the answer that stood unchanged, or something typed in free words."""

    words: str
    span: tuple[int, int]
    type: Literal["sentence", "amount", "date", "status", "promise"]
    held: HeldAs
    text: str
    """How it stands, after the words: "matches Warehouse", "differs: Finance said €79.90"."""
    known: str = ""
    """What was known instead, where it differs."""
    backing: tuple[Backing, ...] = ()
    why: str = ""
    """The reason its writer gave for sending it all the same."""
    since: Since | None = None

    @property
    def aged(self) -> bool:
        """Nothing that it rested on was within its limit."""
        return bool(self.backing) and not any(b.within for b in self.backing)


@dataclass(frozen=True)
class Judgement:
    """One message to a customer, claim by claim. A function of the statement and of ``until``, if that is given."""

    statement: int
    event: int
    at: datetime
    as_of: datetime
    """What could be known: the moment of the record that the writer's answer was composed at."""
    by: str
    words: str
    channel: str
    verdict: Verdict
    sentence: str
    """The verdict for a headline: "Tom’s reply matched what we knew on 16 Nov."."""
    claims: tuple[ClaimJudged, ...]
    until: datetime | None = None
    """Up to when ``since`` looks; None: it was not asked for."""

    def count(self, held: HeldAs) -> int:
        return sum(c.held == held for c in self.claims)

    def as_json(self) -> dict[str, Any]:
        """The shape that programs read."""
        return {
            "statement": self.statement, "at": self.at.isoformat(), "as_of": self.as_of.isoformat(), "by": self.by,
            "verdict": self.verdict, "sentence": self.sentence,
            "until": self.until.isoformat() if self.until else None,
            "claims": [
                {"words": c.words, "span": list(c.span), "type": c.type, "held": c.held, "text": c.text,
                 "known": c.known, "why": c.why,
                 "backing": [{"source": b.source, "title": b.title, "fact": b.fact, "check": b.check,
                              "age_s": b.age_s, "limit_s": b.limit_s, "within": b.within} for b in c.backing],
                 "since": {"turn": c.since.turn, "text": c.since.text,
                           "at": c.since.at.isoformat() if c.since.at else None} if c.since else None}
                for c in self.claims
            ],
        }  # fmt: skip
