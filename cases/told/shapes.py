"""What is read from words, what it is compared with, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

SaidType = Literal["amount", "date", "status"]
Mode = Literal["was", "will"]
Standing = Literal["backed", "unbacked", "contradicted", "open"]
Level = Literal["info", "advice", "stop"]


@dataclass(frozen=True)
class Said:
    """One typed claim that was read from words.

    ``value`` is canonical: a decimal string, the first and last day ``2026-11-24/2026-12-01`` (``..`` where one is
    open), or ``yes`` and ``no`` for a status. ``topic`` is the kind of fact that it is about (``refund.paid``), a
    family (``refund``), or empty where the words name none.
    """

    type: SaidType
    value: str
    text: str
    span: tuple[int, int]
    unit: str = ""
    """The currency of an amount."""
    topic: str = ""
    mode: Mode = "was"
    """``was`` says what is so, ``will`` what is expected."""
    hedged: bool = False
    """"about", "perhaps", "if": shown, but nothing that could be held against anybody."""
    ref: str = ""
    """The order, return … that the sentence names; empty: what the case is about."""
    facts: tuple[int, ...] = ()
    """The fact versions that backed it when it was said."""
    against: tuple[str, ...] = ()
    """What spoke against it when it was said, and was kept with a reason: keys of contradictions."""
    claim: str = ""
    """The answer's claim in whose sentence it stands; empty for the writer's own words."""

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type, "value": self.value, "text": self.text, "span": list(self.span), "unit": self.unit,
            "topic": self.topic, "mode": self.mode, "hedged": self.hedged, "ref": self.ref,
            "facts": list(self.facts), "against": list(self.against), "claim": self.claim,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Said:
        known = {k: data[k] for k in ("type", "value", "text", "unit", "topic", "mode", "hedged", "ref", "claim")}
        start, end = data["span"]
        return cls(span=(start, end), facts=tuple(data["facts"]), against=tuple(data["against"]), **known)


@dataclass(frozen=True)
class Known:
    """One typed thing that facts say, or that a rule makes of them: what a claim of the same type is held against."""

    type: SaidType
    value: str
    topic: str
    unit: str = ""
    mode: Mode = "was"
    facts: tuple[int, ...] = ()
    checks: tuple[int, ...] = ()
    refs: tuple[str, ...] = ()
    """Every reference of the matter that it belongs to."""
    text: str = ""
    """How a page prints it: "€84.90", "20 Nov"."""
    sentence: str = ""
    """The sentence of the answer that says it, for a correction."""
    source: str = ""
    domain: str = ""
    when: datetime | None = None
    """When it happened, where that is known."""
    day: date | None = None
    stage: int = 0
    """How far it is along: of several amounts of one refund the furthest counts."""


@dataclass(frozen=True)
class Contradiction:
    """A claim, and what speaks against it: other facts, or what the same customer was told before."""

    said: Said
    by: Literal["facts", "told", "gone"]
    """``gone``: what it rested on was taken back, and nothing has come in its place."""
    value: str = ""
    text: str = ""
    sentence: str = ""
    """What would be said today."""
    facts: tuple[int, ...] = ()
    checks: tuple[int, ...] = ()
    statement: int | None = None
    told_at: datetime | None = None
    told_text: str = ""
    """The sentence that the customer was told then."""
    reference: str = ""
    """The case in which they were."""

    @property
    def key(self) -> str:
        """The same disagreement has the same key, whichever fact versions carry it."""
        return "|".join((self.said.type, self.said.topic, self.said.ref, self.said.unit, self.said.value, self.by,
                         self.value))  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "type": self.said.type, "topic": self.said.topic, "said": self.said.text,
            "span": list(self.said.span), "value": self.said.value, "unit": self.said.unit, "by": self.by,
            "now": self.value, "text": self.text, "sentence": self.sentence, "facts": list(self.facts),
            "checks": list(self.checks), "statement": self.statement,
            "told_at": self.told_at.isoformat() if self.told_at else None, "told_text": self.told_text,
            "reference": self.reference,
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Contradiction:
        said = Said(data["type"], data["value"], data["said"], tuple(data["span"]), data["unit"], data["topic"])
        told_at = datetime.fromisoformat(data["told_at"]) if data["told_at"] else None
        return cls(said, data["by"], data["now"], data["text"], data["sentence"], tuple(data["facts"]),
                   tuple(data["checks"]), data["statement"], told_at, data["told_text"], data["reference"])  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A claim held against what is known."""

    said: Said
    standing: Standing
    facts: tuple[int, ...] = ()
    checks: tuple[int, ...] = ()
    against: tuple[Contradiction, ...] = ()
    by: str = ""
    """The source or rule that backs it, for people."""


@dataclass(frozen=True)
class Finding:
    """Something to show under a draft.

    ``kind`` is ``backed``, ``unbacked``, ``contradiction``, ``open``, ``disclosure``, ``promise``, ``asked_again``,
    ``against_wish``, ``overtaken`` or ``unhelpful``. Level ``stop`` is never sent; ``needs_reason`` is sent with one.
    """

    kind: str
    level: Level
    text: str
    span: tuple[int, int] = (0, 0)
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    """What a reason for keeping it names; empty where none is needed."""

    @property
    def needs_reason(self) -> bool:
        return bool(self.key) and self.level != "stop"

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind, "level": self.level, "text": self.text, "span": list(self.span), "key": self.key,
            "needs_reason": self.needs_reason, "data": dict(self.data),
        }  # fmt: skip


@dataclass(frozen=True)
class DraftCheck:
    """Everything that is to be said about a draft before it is sent."""

    text: str
    findings: tuple[Finding, ...] = ()
    said: tuple[Said, ...] = ()
    helped: str = ""
    """What help it gives: fact, action, commitment, question or nothing."""
    corrected: str = ""
    """The draft with today's facts, which acknowledges what was told before; empty where nothing is to be changed."""
    digest: str = ""
    """Of the answer that it was checked against."""

    @property
    def stops(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.level == "stop")

    @property
    def unanswered(self) -> tuple[Finding, ...]:
        """Findings that need a reason before the draft can be sent."""
        return tuple(f for f in self.findings if f.needs_reason)

    def missing(self, kept: tuple[Mapping[str, str], ...]) -> tuple[Finding, ...]:
        """Findings that need a reason and have none among ``kept``, each ``{key, why}``."""
        given = {k.get("key") for k in kept if str(k.get("why", "")).strip()}
        return tuple(f for f in self.unanswered if f.key not in given)


def moved(said: Said, by: int) -> Said:
    """The same claim in a longer text, ``by`` characters further on."""
    return replace(said, span=(said.span[0] + by, said.span[1] + by))
