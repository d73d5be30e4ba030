"""Words that put right what was told: today's facts in a draft, and the change acknowledged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from cases import formats
from cases.told.amounts import same
from cases.told.knowing import span_text
from cases.told.reading import Read, zone_of
from cases.told.sentences import sentences
from cases.told.shapes import Contradiction, Said

_HELLO = re.compile(r"^(?:hello|hi|dear|good (?:morning|day|afternoon|evening))\b[^\n]{0,80}\n+", re.I)


def acknowledgement(found: Iterable[Contradiction], at: datetime, zone: str) -> str:
    """``On 14 November we told you: “…” That has changed.`` For each sentence once, the oldest first."""
    seen: dict[tuple[str, str], None] = {}
    for one in sorted((c for c in found if c.told_at and c.told_text), key=lambda c: (c.told_at, c.told_text)):
        assert one.told_at
        on = one.told_at.astimezone(zone_of(zone)).date()
        seen[(formats.long_day(on, at.astimezone(zone_of(zone)).date()), one.told_text)] = None
    told = [f"On {day} we told you: “{text.rstrip('.')}.” That has changed." for day, text in seen]
    return " ".join(told)


def acknowledged(one: Contradiction, read: Read) -> bool:
    """Whether the draft itself repeats what was told, as told."""
    return any(s.type == one.said.type and _same(s, one.value) for s in read.told)


def _same(said: Said, value: str) -> bool:
    if said.type == "amount":
        return same(said.value, value)
    return said.value == value


def corrected(text: str, found: Sequence[Contradiction], at: datetime, zone: str) -> str:
    """The draft with today's facts in the place of what they contradict, and what was told before acknowledged."""
    today = at.astimezone(zone_of(zone)).date()
    by_facts = {c.said.span: c for c in found if c.by == "facts"}
    for span, one in sorted(by_facts.items(), reverse=True):
        text = _replaced(text, span, one, today)
    words = acknowledgement([c for c in found if c.by == "told"], at, zone)
    return _after_hello(text, words) if words else text


def _replaced(text: str, span: tuple[int, int], one: Contradiction, today: date) -> str:
    if one.said.type == "status":
        start, end = next(((s, e) for s, e in sentences(text) if s <= span[0] < e), span)
        return (text[:start] + one.sentence + text[end:]).replace("  ", " ")
    words = span_text(one.value, today) if one.said.type == "date" else one.text
    if one.said.type == "date" and not re.match(
        r"(?:on|by|between|from|until|before|after|in|since)\b", one.said.text, re.I
    ):
        words = re.sub(r"^(?:on|by) ", "", words)
    return text[: span[0]] + words + text[span[1] :]


def _after_hello(text: str, words: str) -> str:
    hello = _HELLO.match(text)
    at = hello.end() if hello else 0
    return f"{text[:at]}{words} {text[at:].lstrip()}".rstrip()


def letter(draft: str, found: Sequence[Contradiction], at: datetime, zone: str, *, verified: bool) -> str:
    """A whole letter: the draft of today's answer, after what was told and has changed.

    An asker who is not verified hears that something has changed, and nothing of what was said.
    """
    words = acknowledgement(found, at, zone) if verified else ""
    words = words or "Something that we told you earlier has changed."
    return _after_hello(draft or "Hello,\n\n", words)
