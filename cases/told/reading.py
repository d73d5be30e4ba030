"""Typed claims in free words: amounts, days and statuses, each with its span and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cases.told.amounts import amounts_in
from cases.told.dayparts import Day, spelt
from cases.told.days import Lean, days_in
from cases.told.sentences import Clause, clauses, is_in, reported
from cases.told.shapes import Mode, Said
from cases.told.statuses import Status, family_in, status_in

_IT = re.compile(r"\b(?:it|this|that|they|them|these|those)\b", re.I)
_OURS = re.compile(r"\b(?:we|i|somebody|someone|a colleague|my colleague|finance)(?:['’]ll| will| shall|"
                   r" am going to| are going to| can)?\b"
                   r"[^.!?]*?\b(?:call|ring|phone|write|e-?mail|reply|answer|get back|contact|let you know|"
                   r"come back|update|"
                   r"be in touch|look into|check|follow up|hear from)\b|"
                   r"\byou(?:['’]ll| will) hear\b", re.I)  # fmt: skip
_SENT = re.compile(r"\bsen[dt]\b", re.I)
_GOODS = ("", "parcel", "order", "return")
_NOT_THEN = re.compile(r"\b(?:not|instead of|rather than)\s+$", re.I)


@dataclass(frozen=True)
class Read:
    """What one text says. ``told`` are claims that it repeats as said before: quoted, or "we told you that …"."""

    said: tuple[Said, ...] = ()
    told: tuple[Said, ...] = ()
    ours: tuple[tuple[int, int], ...] = ()
    """Clauses that promise a call, a letter or a look: their days are of the promise and tell of no fact."""
    names: Mapping[int, str] = field(default_factory=dict)


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def read(text: str, at: datetime, zone: str, refs: Iterable[str] = (), about: str = "") -> Read:
    """Every typed claim of ``text``, in its order. ``at`` (aware) and ``zone`` are those of its writer; ``refs`` are
    references, ``order:48-1193``, that the words may name; ``about`` is the noun that "it" stands for before any."""
    known = sorted({(value, ref) for ref in refs for value in [ref.partition(":")[2]] if len(value) > 3}, reverse=True)
    return _read(text, at.astimezone(zone_of(zone)).date(), tuple(known), about)


@lru_cache(maxsize=2048)
def _read(text: str, today: date, known: tuple[tuple[str, str], ...], about: str) -> Read:
    """The same on the whole of a day: an answer's sentences are read each time that its case is."""
    parts = _parts(text, list(known), about)
    leans = {p.clause.start: p.lean for p in parts}

    def lean(position: int) -> Lean:
        return next((leans[p.clause.start] for p in reversed(parts) if p.clause.start <= position), "near")

    found: list[Said] = [s for p in parts for s in _status(text, p)]
    for amount in amounts_in(text):
        p = _part(parts, amount.span[0])
        topic, mode = p.topic, p.mode
        found.append(Said("amount", amount.value, text[slice(*amount.span)], amount.span, amount.unit, topic, mode,
                          amount.about or p.hedged, p.ref))  # fmt: skip
    for day in days_in(text, today, lean):
        p = _part(parts, day.span[0])
        found.append(_day(text, day, p))
    again = reported(text)
    ordered = sorted(found, key=lambda s: (s.span, s.type))
    return Read(
        tuple(s for s in ordered if not is_in(s.span, again)), tuple(s for s in ordered if is_in(s.span, again)),
        tuple((p.clause.start, p.clause.end) for p in parts if p.ours),
    )  # fmt: skip


@dataclass
class _Part:
    """One clause, and what its amounts and days are about."""

    clause: Clause
    status: Status | None
    topic: str
    mode: Mode
    hedged: bool
    ref: str
    ours: bool

    @property
    def lean(self) -> Lean:
        if self.status is None:
            return "future" if self.ours else "near"
        return "past" if self.mode == "was" and not self.status.negated and not self.hedged else "future"


def _parts(text: str, refs: list[tuple[str, str]], about: str) -> list[_Part]:
    parts: list[_Part] = []
    family, sentence, before = about, -1, None
    for clause in clauses(text):
        words = text[clause.start : clause.end]
        own = family_in(words)
        carried = family if not own and (_IT.search(words) or clause.sentence == sentence) else ""
        # "… and sent €84.90 back": what is sent is the money.
        meant = "refund" if not own and carried in _GOODS and _SENT.search(words) and amounts_in(words) else carried
        status = status_in(words, meant, clause.asks)
        ours = bool(_OURS.search(words)) and (status is None or not status.plain)
        ref = next((r for value, r in refs if value.lower() in words.lower()), "")
        same = before is not None and before.clause.sentence == clause.sentence
        topic = status.topic if status else before.topic if same and before and not own and not ours else own or carried
        mode = status.mode if status else before.mode if same and before else "was"
        hedged = clause.asks or (status.hedged if status else False)
        part = _Part(clause, status, _folded(topic), mode, hedged, ref or (before.ref if same and before else ""), ours)
        parts.append(part)
        family, sentence, before = own or (status and _family(status.topic)) or carried or family, clause.sentence, part
    return parts or [_Part(Clause(0, len(text), 0), None, "", "was", False, "", False)]


def _family(topic: str) -> str:
    return topic.split(".")[0]


def _folded(topic: str) -> str:
    """Nouns of a thing stand for the family of facts that tells of it."""
    return {"parcel": "shipment", "inspection": "return.inspected", "exchange": "shipment"}.get(topic, topic)


def _part(parts: list[_Part], position: int) -> _Part:
    return next((p for p in reversed(parts) if p.clause.start <= position), parts[0])


def _status(text: str, p: _Part) -> Iterable[Said]:
    if p.status is None or not p.status.plain:
        return
    s = p.status
    span = (p.clause.start + s.span[0], p.clause.start + s.span[1])
    words = " ".join(text[p.clause.start : p.clause.end].split()).rstrip(".,!;: ")
    yield Said("status", "no" if s.negated else "yes", words[:200], span, "", s.topic, s.mode, s.hedged, p.ref)


def _day(text: str, day: Day, p: _Part) -> Said:
    negated = bool(p.status and p.status.negated and p.status.plain)
    own = p.ours and day.relative
    negated = negated or bool(_NOT_THEN.search(text[: day.span[0]]))
    return Said("date", spelt(day), text[slice(*day.span)], day.span, "relative" if day.relative else "",
                "" if own else p.topic, p.mode, p.hedged or negated, p.ref)  # fmt: skip
