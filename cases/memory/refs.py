"""References in what a customer writes: by the patterns that sources declare, else by how such numbers usually look."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from cases.memory.shapes import RefFound
from cases.words import MAX_WORDS, guesses
from connectors.host.views import NumberPattern
from connectors.sdk import Ref

MAX_FOUND = 12
_WORD = re.compile(r"[^\s,;!?()<>\[\]\"“”]+")
_NAMED = re.compile(
    r"\b(order|return|payment|refund|invoice)s?(?:\s+(?:number|no|nr|id|ref|reference|is|was|with|the|my|for|[:#.]))*"
    r"[\s:.]*#?\s*$",
    re.IGNORECASE,
)
"""What stands before a number and says what it is: "my order number is"."""
_BARE = re.compile(r"[A-Za-z]{0,5}[-_/]?\d[\w/-]{3,}")
"""A number with at least four signs; a year or an amount is none."""
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$|(?:19|20)\d\d$")


def refs_in(text: str, patterns: Sequence[NumberPattern] = ()) -> tuple[RefFound, ...]:
    """Every reference in the text with its place, each once, in the order of the text; at most a dozen.

    What a source's pattern says goes before what a number looks like, and a longer match before a shorter one.
    """
    text = text[:MAX_WORDS]
    found: list[RefFound] = []
    for one in [*sorted(_declared(text, patterns), key=lambda f: (f.span[0] - f.span[1], f.span)), *_looked(text)]:
        if not any(one.span[0] < f.span[1] and f.span[0] < one.span[1] for f in found):
            found.append(one)
    each = {f.ref: f for f in sorted(found, key=lambda f: f.span, reverse=True)}
    return tuple(sorted(each.values(), key=lambda f: f.span))[:MAX_FOUND]


def _declared(text: str, patterns: Sequence[NumberPattern]) -> Iterator[RefFound]:
    for pattern in patterns:
        strict, loose = compiled(pattern.pattern)
        for match in loose.finditer(text):
            value, span = _value(match)
            if not strict.fullmatch(match.group()) and strict.fullmatch(match.group().upper()):
                value = value.upper()
            try:
                yield RefFound(Ref(pattern.scheme, value), span, text[slice(*span)], pattern.source)
            except ValueError:
                continue


@lru_cache(maxsize=256)
def compiled(pattern: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """As declared, and as looked for in a text: whatever its capitals, and never inside a longer word."""
    return re.compile(pattern), re.compile(rf"(?<![\w-])(?:{pattern})(?![\w]|-\w)", re.IGNORECASE)


def _value(match: re.Match[str]) -> tuple[str, tuple[int, int]]:
    """The named part where there is one that matched, else all of it."""
    if "value" in match.re.groupindex and match["value"]:
        return match["value"], match.span("value")
    return match.group(), match.span()


def _looked(text: str) -> Iterator[RefFound]:
    for match in _WORD.finditer(text):
        word = match.group().rstrip(".:'’").lstrip("#'")
        start = match.start() + match.group().index(word) if word else match.start()
        for ref in guesses(word):
            named = _NAMED.search(text[max(0, start - 60) : start])
            if ref.scheme == "order" and ":" not in word:
                if not named or not _BARE.fullmatch(word) or _DATE.match(word):
                    continue
                yield RefFound(Ref(named.group(1).lower(), ref.value), (start, start + len(word)), word)
            elif ref.scheme == "email" or any(c.isdigit() for c in ref.value):
                yield RefFound(ref, (start, start + len(word)), word)
