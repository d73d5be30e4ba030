"""Text as sentences and clauses, and which of them report what somebody else said."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STOP = re.compile(r"(?<=[.!?…])[\"”’')]*\s+|\s*\n\s*")
_SHORT = re.compile(r"(?:\b(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thu|thur|thurs|fri|"
                    r"sat|sun|mr|mrs|"
                    r"ms|dr|no|nr|approx|ca|e\.g|i\.e|a\.m|p\.m|vs|st)|\d)\.$", re.I)  # fmt: skip
_SUBJECT = r"(?:we|i|it|you|your|the|they|our|that|this|there|these|no|please|finance|banks?|he|she|their|my)\b"
_DONE = (
    r"(?:sent|paid|shipped|approved|received|inspected|refunded|delivered|cancell?ed|dispatched|issued|charged|"
    r"rejected|"
    r"registered|lost)\b"
)
_CLAUSE = re.compile(
    rf";\s+|,?\s+(?:but|because|although|though|while|whereas|however|unless)\s+|,\s+(?:so|which|who|and then|"
    rf"then)\s+|"
    rf",?\s+(?:and|so)\s+(?={_SUBJECT})|\s+and\s+(?=(?:(?:was|were|is|has been|have been)\s+)?{_DONE}|will\b)|"
    rf",\s+(?={_SUBJECT})|\s+[–—]\s+(?={_SUBJECT})|:\s+",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:we|i)(?:['’]ve| have| had)?\s+(?:already\s+|previously\s+|earlier\s+|first\s+|wrongly\s+|also\s+)?"
    r"(?:told|wrote|said|promised|informed|announced|answered)\b|\b(?:you were told|our (?:last|earlier|previous) "
    r"(?:message|letter|reply|e-?mail|answer))\b|\bas (?:we|i) (?:said|wrote|told)\b",
    re.I,
)
_ENDS_TOLD = re.compile(r";|\bbut\b|\bthat has changed\b|\bthis has changed\b|\bnow\b", re.I)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|^>.*$", re.M)


@dataclass(frozen=True)
class Clause:
    """``start`` to ``end`` of the text; ``sentence`` counts them, ``asks`` is a question."""

    start: int
    end: int
    sentence: int
    asks: bool = False
    joined: str = ""
    """The word that joins it to the clause before: ``because``, ``which`` …"""


def clauses(text: str) -> tuple[Clause, ...]:
    """Every clause, in its order; together they cover all words."""
    found: list[Clause] = []
    for number, (start, end) in enumerate(sentences(text)):
        asks = text[start:end].rstrip("”\"') ").endswith("?")
        at, joined = start, ""
        for match in _CLAUSE.finditer(text, start, end):
            if match.start() > at:
                found.append(Clause(at, match.start(), number, asks, joined))
            at, joined = match.end(), match.group().strip(" ,;").lower()
        if at < end:
            found.append(Clause(at, end, number, asks, joined))
    return tuple(found)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where each sentence starts and ends; a line is at least one of its own."""
    spans, at = [], 0
    for match in _STOP.finditer(text):
        if "\n" not in match.group() and (
            _SHORT.search(text[at : match.start()]) or text[match.end() : match.end() + 1].islower()
        ):
            continue
        spans.append((at, match.start()))
        at = match.end()
    spans.append((at, len(text)))
    return tuple((s, e) for s, e in spans if text[s:e].strip())


def sentence_at(text: str, at: int) -> str:
    """The sentence in which a position stands, without line breaks."""
    return next((" ".join(text[s:e].split()) for s, e in sentences(text) if s <= at < e), "")


def reported(text: str) -> tuple[tuple[int, int], ...]:
    """Passages that repeat what was said before: quotations, and "we told you that …" up to what is so now."""
    spans = [m.span() for m in _QUOTED.finditer(text)]
    for start, end in sentences(text):
        told = _TOLD.search(text, start, end)
        if told is not None:
            over = _ENDS_TOLD.search(text, told.end(), end)
            spans.append((start, over.start() if over else end))
    return tuple(sorted(spans))


def is_in(span: tuple[int, int], passages: tuple[tuple[int, int], ...]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in passages)
