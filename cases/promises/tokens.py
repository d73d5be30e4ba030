"""Words, numbers, clock times and dates of a text, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_ORDINALS = {word: n for n, word in enumerate((
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split(), 1)} | {"thirtieth": 30}  # fmt: skip
_KINDS = [
    ("money", r"[€$£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|£|\$|eur\b|usd\b|gbp\b|sek\b|percent\b|%)"),
    ("iso", r"\d{4}-\d{2}-\d{2}(?![\w-])"),
    ("dotted_date", r"\d{1,2}\.\d{1,2}\.(?:\d{4})?(?!\d)"),
    ("slashed", r"\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\w/])"),
    ("range", r"\d{1,3}\s?[-–—]\s?\d{1,3}(?![\w-])(?![.:]\d)"),
    ("ref", r"#\w+|\w*\d\w*(?:[-_/@]\w+)+"),
    ("offset", r"(?:utc|gmt)\s?[+-]\d{1,2}(?::?\d{2})?"),
    ("clock", r"\d{1,2}[:.]\d{2}(?:\s?[ap](?:\.m\.|\.m\b|m\b))?(?![\w:])"),
    ("hour", r"\d{1,2}\s?[ap](?:\.m\.|\.m\b|m\b)"),
    ("ordinal", r"\d{1,2}(?:st|nd|rd|th)\b"),
    ("decimal", r"\d+[.,]\d+"),
    ("number", r"\d+"),
    ("spelt", rf"\b(?:(?:twenty|thirty)[ -](?:{'|'.join(list(_ORDINALS)[:9])})|{'|'.join(_ORDINALS)})\b"),
    ("word", r"[^\W\d_]+(?:'[^\W\d_]+)?"),
    ("dash", r"[-–—]"),
    ("comma", r","),
    ("stop", r"\S"),
]
_TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _KINDS), re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    """Lower case, with plain apostrophes."""
    start: int
    end: int


END = Token("stop", "", 0, 0)


def tokens(text: str) -> tuple[Token, ...]:
    """A range of numbers comes as number, dash, number."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
        kind = match.lastgroup or "stop"
        if kind == "spelt":
            found += _spelt(match, found)
            continue
        if kind != "range":
            found.append(Token(kind, match.group().lower(), *match.span()))
            continue
        for part in re.finditer(r"\d+|[-–—]", match.group()):
            start, end = match.start() + part.start(), match.start() + part.end()
            found.append(Token("number" if part.group()[0].isdigit() else "dash", part.group(), start, end))
    return tuple(found)


def _spelt(match: re.Match[str], before: list[Token]) -> list[Token]:
    """"on the tenth" as "on the 10th"; where no such words come before, "first" and "second" stand for much else."""
    said = [t.text for t in before[-2:]]
    words = re.findall(r"[a-z]+", match.group().lower())
    if len(said) == 2 and said[0] in ("on", "by", "before", "until", "till") and said[1] == "the":
        number = _ORDINALS[words[-1]] + ({"twenty": 20, "thirty": 30}[words[0]] if len(words) > 1 else 0)
        return [Token("ordinal", f"{number}th", *match.span())]
    parts = re.finditer(r"[a-z]+|[-–—]", match.group().lower())
    return [
        Token("word" if p.group().isalpha() else "dash", p.group(), match.start() + p.start(), match.start() + p.end())
        for p in parts
    ]  # fmt: skip


_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


@cache
def _by_first(options: tuple[str, ...]) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for words in map(str.split, options):
        found.setdefault(words[0], []).append(words)
    return found


class Line:
    """Tokens that are read from the left; ``at`` is an index into them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all = tokens(text)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, index: int) -> Token:
        return self.all[index] if 0 <= index < len(self.all) else END

    def words(self, index: int, *options: str) -> int:
        """The index after the longest of these word sequences that stands here, else ``index`` itself."""
        here = _by_first(options).get(self[index].text, ())
        fitting = (len(o) for o in here if all(self[index + n].text == word for n, word in enumerate(o)))
        return index + max(fitting, default=0)

    def number(self, index: int) -> tuple[float, int] | None:
        """A number in digits or words, and the index after it."""
        token = self[index]
        if token.kind == "number":
            return (float(token.text), index + 1) if len(token.text) <= 4 else None
        if token.kind == "decimal":
            return float(token.text.replace(",", ".")), index + 1
        if token.text in _SMALL:
            return float(_SMALL.index(token.text)), index + 1
        if token.text in _TENS:
            tens = 20.0 + 10 * _TENS.index(token.text)
            after = index + 2 if self[index + 1].kind == "dash" else index + 1
            unit = self[after].text
            if unit in _SMALL[1:10]:
                return tens + _SMALL.index(unit), after + 1
            return tens, index + 1
        return (1.0, index + 1) if token.text in ("a", "an") else None

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Where the tokens from ``first`` up to ``after`` stand in the text."""
        return self[first].start, self[after - 1].end
