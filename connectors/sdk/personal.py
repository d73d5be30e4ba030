"""Which fields and references carry what reaches, pays or proves a person: declared once, for every door.

Canonical fields are named here by their class. Fields of a connector's own are read by the pattern of their names, and
numbers of cards and accounts by how they look, wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

CLASSES = ("contact", "address", "bank_reference", "card", "identity")
"""contact: e-mail and phone · address: street and postal code · bank_reference: references and numbers of accounts by
which a bank finds money · card: the whole number of a card · identity: birth dates and numbers of documents."""

FIELDS: dict[str, str] = {
    "bank_reference": "bank_reference", "email": "contact", "phone": "contact", "address": "address",
}  # fmt: skip
"""Canonical fields. Brand and last four digits of a card are what is left of a masked one, so they carry no class."""

SCHEMES: dict[str, str] = {
    "email": "contact", "phone": "contact", "address": "address", "bank": "bank_reference", "iban": "bank_reference",
    "card": "card",
}  # fmt: skip
"""Schemes of references."""

_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("contact", re.compile(r"(^|_)e_?mail(_?address)?$|(^|_)(phone|mobile|cell|tel|telephone|fax|msisdn)(_?number)?$"
                           r"|^recipient_email$|^(reply_)?to_address$|^from_address$")),
    ("address", re.compile(r"(^|_)address(es)?$|(^|_)street(_?\w{1,6})?$|(^|_)(address_?)?line_?\d$"
                           r"|(^|_)post(al)?_?code$|(^|_)zip(_?code)?$|(^|_)house_?number$|^apartment$")),
    ("bank_reference", re.compile(r"(^|_)(iban|arn|bank_?account|account_?(number|no)|sort_?code|bic|swift)$"
                                  r"|(^|_)bank_?(reference|ref|trace)$|(^|_)(acquirer_?reference|trace)_?(number|id)?$")),
    ("card", re.compile(r"(^|_)(card_?(number|no)|pan|cvc|cvv)$")),
    ("identity", re.compile(r"(^|_)(birth_?date|date_?of_?birth|birthday|dob|born_?on)$|(^|_)(ssn|hetu|personal_?code|"
                            r"national_?id|identity_?(number|card)|tax_?id|passport\w*|id_?document\w*)$")),
)  # fmt: skip
NOT_ITS_OWN = frozenset({"ip_address", "url_address", "mac_address"})
PLAIN_INSIDE = frozenset({
    "city", "town", "country", "country_code", "state", "region", "province", "name", "first_name",
    "last_name", "company",
})  # fmt: skip
"""Parts of an address that many share, or that stand elsewhere anyway: they are not masked for standing in it."""

_GAP = r"[ \u00a0-]{1,2}"
CARD = re.compile(
    rf"(?<![\w.])(?=[3-6]|2[2-7])(?:\d{{13,19}}|\d{{4,6}}(?:{_GAP}\d{{4,7}}){{1,3}}(?:{_GAP}\d{{1,4}})?)(?!\w)(?!\.\d)"
)
"""As they are written on cards: whole, or in groups of four and more. Coordinates of a drawing are none."""
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
EMAIL = re.compile(r"[\w.!#$%*+/=?^`{|}~'-]+(?:@|%40)(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w+])\+\d(?:[ ()./-]{0,2}\d){7,14}(?!\w)")
LOOKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("contact", EMAIL), ("card", CARD), ("bank_reference", IBAN), ("contact", PHONE),
)  # fmt: skip


@cache
def field_class(name: str, inside: str = "") -> str:
    """The class of a field by its name, in any spelling (``postalCode``, ``Postal-Code``), or of what it stands in
    (``inside``); empty for none."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").replace(" ", "_").lower()
    if plain in FIELDS:
        return inside or FIELDS[plain]
    if plain in NOT_ITS_OWN:
        return ""
    if inside and plain in PLAIN_INSIDE:
        return ""
    return inside or next((found for found, pattern in _NAMES if pattern.search(plain)), "")


def scheme_class(scheme: str) -> str:
    """The class of a reference by its scheme, also of a source's own (``acme.phone``); empty for none."""
    return SCHEMES.get(scheme) or SCHEMES.get(scheme.rpartition(".")[2], "")


def looks(text: str) -> Iterator[tuple[str, str]]:
    """What in a text looks like an e-mail address, a phone number, a card (its check digit agrees) or an account."""
    for found, pattern in LOOKS:
        for match in pattern.finditer(text):
            if found != "card":
                yield found, match.group()
            else:
                yield from ((found, number) for number in cards(match.group()))


def cards(run: str) -> Iterator[str]:
    """The numbers of cards in a run of digits, spaces and hyphens: whole groups of it whose check digit agrees. Nobody
    writes one in pairs: such are the points of a drawing."""
    groups = list(re.finditer(r"\d+", run))
    at = 0
    while at < len(groups):
        ends = [
            n for n in range(len(groups), at, -1)
            if luhn(run[groups[at].start() : groups[n - 1].end()]) and all(len(g[0]) > 2 for g in groups[at:n])
        ]  # fmt: skip
        if ends:
            yield run[groups[at].start() : groups[ends[0] - 1].end()]
        at = ends[0] if ends else at + 1


def luhn(text: str) -> bool:
    """Whether the digits have the length and the check digit of a card's number."""
    digits = [int(c) for c in reversed(text) if c.isdigit()]
    doubled = [d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(digits)]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0
