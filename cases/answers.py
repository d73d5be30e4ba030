"""The shape of an answer. Questions build it, the page and the API render it; nothing here decides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

State = Literal["answered", "partial", "choose", "conflict", "unknown"]


@dataclass(frozen=True)
class Value:
    """One amount, date, number, name or reference inside a text, with where it comes from.

    Either ``fact`` and ``pointer`` (a JSON pointer into that fact's data, or ``/occurred``), or ``rule``
    and ``inputs`` (each ``{"fact": id, "pointer": …}``, or ``{"check": id}``). ``value`` is canonical
    (decimal string, ISO date or time); ``text`` is how it is printed.
    """

    type: Literal["amount", "date", "date_range", "time", "number", "duration", "ref", "name", "text"]
    value: str
    text: str
    unit: str = ""
    fact: int | None = None
    pointer: str = ""
    rule: str = ""
    inputs: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        where: dict[str, Any] = (
            {"rule": self.rule, "inputs": [dict(i) for i in self.inputs]}
            if self.rule
            else {"from": {"fact": self.fact, "pointer": self.pointer}}
        )
        return {"type": self.type, "value": self.value, "unit": self.unit, "text": self.text, **where}


@dataclass(frozen=True)
class Text:
    """A sentence as its parts: fixed words and Values. Fixed words hold no digit and no month name."""

    parts: tuple[str | Value, ...] = ()

    def __str__(self) -> str:
        return "".join(p if isinstance(p, str) else p.text for p in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(p for p in self.parts if isinstance(p, Value))


def text(template: str, **values: Value | Text) -> Text:
    """``text("{amount} was sent on {day}.", amount=…, day=…)``; a missing name is a KeyError."""
    import string

    parts: list[str | Value] = []
    for words, name, _spec, _conv in string.Formatter().parse(template):
        if words:
            parts.append(words)
        if name:
            found = values[name]
            parts.extend(found.parts if isinstance(found, Text) else (found,))
    return Text(tuple(parts))


@dataclass(frozen=True)
class Claim:
    """One sentence that may be said, and what it rests on: at least one fact or check."""

    key: str
    """Stable name of what is claimed, e.g. ``refund.paid``, so that claims can be followed over time."""
    text: Text
    domain: str
    """finance, warehouse, policy, order …: the evidence cell it belongs to."""
    facts: tuple[int, ...] = ()
    checks: tuple[int, ...] = ()
    rule: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "text": str(self.text), "domain": self.domain, "facts": list(self.facts),
            "checks": list(self.checks), "rule": self.rule, "values": [v.as_json() for v in self.text.values],
        }  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step of the way to the end: done, now (reached last), todo (expected) or failed."""

    key: str
    label: Text
    state: Literal["done", "now", "todo", "failed"]
    when: Text = Text()


@dataclass(frozen=True)
class Gap:
    """What is missing: which source, why, since when, and what it last said."""

    source: str
    title: str
    domain: str
    reason: str
    since: datetime | None = None
    last_known: Text = Text()
    can_change: bool = True
    """False where the answer can't be changed by what is missing; ``note`` then says why."""
    note: str = ""


@dataclass(frozen=True)
class Next:
    """Who must do what by when."""

    what: Text
    who: str
    """customer, warehouse, finance, bank, carrier, rep, shop or nobody"""
    by: Text = Text()


@dataclass(frozen=True)
class Choice:
    """One of several open matters, for ``which_one``."""

    ref: str
    text: Text


@dataclass(frozen=True)
class Witness:
    """One side of a disagreement: what one source says."""

    source: str
    title: str
    domain: str
    text: Text
    facts: tuple[int, ...] = ()
    checks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What may be said now about one question, and why."""

    question: str
    rules: str
    """Version of the rules that composed it."""
    state: State
    situation: str
    headline: Text
    steps: tuple[Step, ...] = ()
    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()
    next: Next | None = None
    flags: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    details: Mapping[str, Value] = field(default_factory=dict)
    """Named values that the page shows by themselves: bank_reference, card, method, amount …"""
    draft: tuple[Claim, ...] = ()
    """The sentences of the reply to the customer, in order, for an asker who is verified."""
    draft_unverified: tuple[Text, ...] = ()
    """The same for an asker who is not: no amounts, dates or references."""
    hint: Text = Text()
    """What the policy says must not be promised."""
    changes_at: datetime | None = None
    """The next instant at which the answer would differ with no new fact."""

    def content(self) -> dict[str, Any]:
        """What the digest is taken over: everything said and what it rests on, without ages."""
        return {
            "question": self.question, "rules": self.rules, "state": self.state, "situation": self.situation,
            "flags": sorted(self.flags), "headline": str(self.headline),
            "steps": [[s.key, str(s.label), s.state, str(s.when)] for s in self.steps],
            "claims": [c.as_json() for c in self.claims],
            "gaps": [[g.source, g.reason, g.can_change] for g in self.gaps],
            "next": [str(self.next.what), self.next.who, str(self.next.by)] if self.next else None,
            "choices": [asdict(c)["ref"] for c in self.choices],
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """Over the content, but for when sources were last asked: the same answer, confirmed, is the same answer."""
        lasting = self.content() | {
            "headline": _lasting(self.headline),
            "steps": [[s.key, _lasting(s.label), s.state, _lasting(s.when)] for s in self.steps],
            "claims": [[c.key, _lasting(c.text), c.domain, c.facts, bool(c.checks), c.rule] for c in self.claims],
        }
        canonical = json.dumps(lasting, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _lasting(said: Text) -> str:
    """The words without what rests on a check alone, such as the time until which somebody looked."""
    return "".join(
        p if isinstance(p, str) else "…" if p.inputs and all("check" in i for i in p.inputs) else p.text
        for p in said.parts
    )


def cited(answer: Answer) -> Sequence[int]:
    """Ids of every fact version the answer rests on."""
    found = {f for c in (*answer.claims, *answer.draft) for f in c.facts}
    found |= {f for w in answer.witnesses for f in w.facts}
    return sorted(found)
