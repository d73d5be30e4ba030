"""Finding promises in a letter: who will do what, and by when. Hopes, conditions, refusals and courtesies are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from cases.promises import wording
from cases.promises.phrases import due_read
from cases.promises.shapes import Due, PromiseFound
from cases.promises.vague import ASK

_SENTENCE = re.compile(r"(?<![ap]\.m)(?<!\d)[.!?]+(?=\s|$)|(?<=\d)[.!?]+(?=\s+[A-Z]|\s*$)|\n+|;|\s[–—]\s")
_ABBREVIATED = re.compile(
    r"\b(?:[ap]\.m|no|nr|e\.g|i\.e|approx|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$", re.I
)
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n|\s*[>*•-])")
"""The end of a line that is no end of a sentence."""


def promises_in(text: str, at: datetime, zone: str, calendar: str = "") -> tuple[PromiseFound, ...]:
    """Everything that ``text`` promises its reader, in its order.

    ``at`` (aware) and ``zone`` are those in which its times are read; ``calendar`` names the holidays, e.g. ``FI``.
    """
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("\N{NO-BREAK SPACE}", " ")
    plain = _WRAPPED.sub(" ", plain)
    found: list[PromiseFound] = []
    for start, end in _sentences(plain):
        for said, first, last, place in _clauses(plain, start, end):
            found.append(_promise(text, plain, said, first, last, place, at, zone, calendar))
    return tuple(found)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in (*_SENTENCE.finditer(text), None):
        end = match.start() if match else len(text)
        if match and match.group().startswith(".") and _ABBREVIATED.search(text[start : end + 1]):
            continue
        sentence = text[start:end]
        if sentence.strip() and not sentence.lstrip().startswith(">"):
            yield start, end
        start = match.end() if match else end


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[wording.Said, int, int, int]]:
    """Each promise of a sentence, with the stretch in which its time stands and where its own words begin."""
    if wording.CONDITION.search(text, start, end) or wording.REPORTED.search(text, start, end):
        return
    said = list(wording.said(text, start, end))
    for n, one in enumerate(said):
        first = start if n == 0 else one.cut
        last = said[n + 1].cut if n + 1 < len(said) else end
        yield one, first, last, one.start


def _promise(
    text: str, plain: str, said: wording.Said, first: int, last: int, start: int, at: datetime, zone: str, calendar: str
) -> PromiseFound:
    clause = plain[first:last]
    read = due_read(clause, at, zone, calendar)
    end = first + len(clause.rstrip(" ,"))
    if isinstance(read, Due):
        place = (first + read.start, first + read.end)
        read = Due(read.at, read.rule, text[slice(*place)], *place)
        start, end = min(start, read.start), max(end, read.end)
    due, ask = (read, "") if isinstance(read, Due) else (None, read.ask if read else ASK)
    if wording.WAITS.search(clause):
        due, ask = None, "That waits for something else first. Say by when the customer hears from you."
    phrase = (due.start, due.end) if due else (first + read.start, first + read.end) if read else None
    what = wording.what(plain, said, last, phrase)
    return PromiseFound(text[start:end].strip(), start, end, said.kind, what, due, ask, said.keeps_kind)
