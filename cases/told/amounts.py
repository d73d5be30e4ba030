"""Amounts of money in English text, in the writings that people use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "us$": "USD", "usd": "USD", "dollar": "USD",
    "dollars": "USD", "bucks": "USD", "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "sterling": "GBP", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "kr": "", "kronor": "SEK", "kroner": "", "chf": "CHF",
    "francs": "CHF", "pln": "PLN", "zł": "PLN", "zloty": "PLN", "czk": "CZK", "kč": "CZK", "huf": "HUF", "jpy": "JPY",
    "¥": "JPY", "yen": "JPY", "inr": "INR", "₹": "INR", "rupees": "INR", "rs": "INR", "cad": "CAD", "c$": "CAD",
    "aud": "AUD", "a$": "AUD",
}  # fmt: skip
"""As people write it, in lower case; the Scandinavian "kr" says nothing about which crown it is."""
_SMALL = {w: n for n, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen".split())}  # fmt: skip
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "k": 1000, "grand": 1000, "m": 1_000_000}

_WORDS = sorted([w for w in CURRENCIES if w.isalpha()], key=len, reverse=True)
_SIGN = r"(?:US\$|C\$|A\$|[€$£¥₹])"
_CODE = rf"(?:{'|'.join(w for w in _WORDS if len(w) == 3 and w != 'yen')})"
_UNIT = rf"(?:{_SIGN}|(?:{'|'.join(_WORDS)})\b)"
_FIGURE = r"\d{1,3}(?:[,.’' \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_FIGURES = rf"(?<![\w.,/:-])(?P<num>{_FIGURE})(?P<scale>\s?(?:k|million|thousand|grand)\b)?"
_NUMBER_WORD = rf"(?:{'|'.join([*_SMALL, *_TENS, 'hundred', 'thousand', 'million'])})"
_SPELT = rf"(?<![\w-])(?P<words>(?:an?\s+)?{_NUMBER_WORD}(?:(?:\s+and\s+|[\s-]+){_NUMBER_WORD})*)"
_CENTS = r"(?:\s*(?:and\s+)?(?P<cents>\d{1,2})\s?(?:cents?|pence|p)\b)?"

_BEFORE = re.compile(
    rf"(?<![\w])(?P<unit>{_SIGN}|{_CODE})\s?(?P<num>{_FIGURE})(?P<scale>\s?(?:k|m|million|"
    rf"thousand)\b)?(?![\d%])", re.I
)
_AFTER = re.compile(rf"{_FIGURES}\s?-?(?P<unit>{_UNIT}){_CENTS}", re.I)
_SPELT_OUT = re.compile(rf"{_SPELT}\s+(?P<unit>(?:{'|'.join(_WORDS)})\b){_CENTS}", re.I)
_PENCE = re.compile(r"(?<![\w.,])(?P<num>\d{1,2})\s?(?:p|pence|cents?)\b", re.I)
_BARE = re.compile(r"(?<![\w.,/:€$£-])(?P<num>\d+[.,]\d{2})(?![\w%:/.,-]*\d)(?!\s?(?:%|per cent|percent|am|pm|"
                   r"a\.m|p\.m|kg|km))")  # fmt: skip
_ABOUT = re.compile(r"(?:about|around|roughly|approximately|approx\.?|up to|almost|nearly|over|under|at least|"
                    r"at most|"
                    r"more than|less than|~)\s*(?:the\s+)?$", re.I)  # fmt: skip
_NUMBERED = re.compile(r"\b(?:section|clause|version|chapter|point|§|no\.?|number)\s*$", re.I)
_CLOCK = re.compile(r"\b(?:at|by|before|after|until|till|from|to|between|and|around|about|past|since)\s*$", re.I)


@dataclass(frozen=True)
class Amount:
    """``value`` is an exact decimal string, ``unit`` a currency or empty where the words name none."""

    value: str
    unit: str
    span: tuple[int, int]
    about: bool = False
    """"around", "up to": no exact amount."""


def amounts_in(text: str) -> tuple[Amount, ...]:
    """Every amount of money, in its order; a number is one only with a currency, or with two decimals."""
    found: list[Amount] = []
    for amount in _all(text):
        if all(amount.span[1] <= a.span[0] or amount.span[0] >= a.span[1] for a in found):
            found.append(amount)
    return tuple(sorted(found, key=lambda a: a.span))


def _all(text: str) -> Iterator[Amount]:
    for pattern in (_BEFORE, _AFTER, _SPELT_OUT, _PENCE, _BARE):
        for match in pattern.finditer(text):
            amount = _amount(text, match)
            if amount is not None:
                yield amount


def _amount(text: str, match: re.Match[str]) -> Amount | None:
    given = match.groupdict()
    value = _spelt(given["words"]) if given.get("words") else _figure(given["num"])
    if value is None or (match.re is _BARE and _no_money(text[: match.start()], given["num"])):
        return None
    scale = (given.get("scale") or "").strip().lower()
    value *= _SCALES.get(scale, 1)
    if match.re is _PENCE:
        value /= 100
    if given.get("cents"):
        value += Decimal(given["cents"]) / 100
    unit = CURRENCIES.get((given.get("unit") or "").lower(), "")
    return Amount(_plain(value), unit, match.span(), bool(_ABOUT.search(text[: match.start()])))


def _no_money(before: str, figure: str) -> bool:
    """A number without a currency that names a clause, or a time such as 12.30."""
    hour, minute = re.split(r"[.,]", figure)
    return bool(_NUMBERED.search(before)) or (int(hour) < 24 and int(minute) < 60 and bool(_CLOCK.search(before)))


def _figure(text: str) -> Decimal | None:
    """``1,200.50``, ``1.200,50``, ``1 200,50``, ``84,90``: the last mark before one or two digits is the decimal's."""
    tail = re.search(r"[.,](\d{1,2})$", text)
    whole = re.sub(r"\D", "", text[: tail.start()] if tail else text)
    try:
        return Decimal(f"{whole or 0}.{tail.group(1) if tail else 0}")
    except InvalidOperation:
        return None


def _spelt(text: str) -> Decimal | None:
    total, part = 0, 0
    for word in re.split(r"[\s-]+", text.lower()):
        if word in ("a", "an"):
            part = 1
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total, part = total + max(part, 1) * _SCALES[word], 0
        elif word != "and":
            part += _SMALL.get(word, _TENS.get(word, 0))
    return Decimal(total + part)


def _plain(value: Decimal) -> str:
    """At least two decimals, never an exponent: ``84.90``."""
    return f"{value:.2f}" if value == value.quantize(Decimal("0.01")) else f"{value.normalize():f}"


def same(one: str, other: str) -> bool:
    """Whether two decimal strings are the same amount."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False
