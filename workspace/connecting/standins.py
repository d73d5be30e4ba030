"""Stand-ins in recorded answers, so that they can be kept in a repository: whoever is named becomes somebody else, the
same one everywhere. What a role sees masked in the product itself is ``workspace.access``.

Values are found by the names of their fields (``email``, ``phone``, ``street``, a ``name`` beside an e-mail address)
and by how they look (addresses of e-mail, numbers of cards and accounts, tokens). Each is then replaced wherever it
stands, in requests as in answers, so that one answer still leads to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from connectors.sdk.secrets import names_secret

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_RESERVED = re.compile(r"@(?:[\w-]+\.)*(?:example|test|invalid)(?:\.(?:com|org|net))?$", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w.])(?:[3-6]\d|2[2-7])(?:[ -]?\d){11,17}(?![\w.])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
_TOKEN = re.compile(
    r"\b(?:sk|rk|pk)_(?:live|test)_\w{8,}|\bwhsec_[\w+/=]{8,}|\bgh[pous]_\w{20,}|\bxox[abprs]-[\w-]{10,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\bAKIA[0-9A-Z]{16}\b|\b\w+_secret_\w{8,}"
)
_NAME = re.compile(
    r"(^|_)(first|last|full|given|family|middle|sur|maiden|display|nick|customer|recipient|receiver|sender|contact"
    r"|cardholder|holder|buyer|shopper|guest|passenger)_?name$|^surname$|^cardholder$|^attention$|^addressee$"
)
_PERSON = re.compile(r"customer|person|contact|billing|shipping|recipient|receiver|sender|owner|holder|address|buyer"
                     r"|shopper|guest|party|user|patient|passenger|member")  # fmt: skip
_STREET = re.compile(r"^(address_?)?(street|line_?\d|address_?\d?|city|town|post(al)?_?code|zip(_?code)?|house_?number"
                     r"|apartment|district|state_?province)(_?\w{1,4})?$")  # fmt: skip
_PHONE = re.compile(r"(^|_)(phone|mobile|cell|tel|telephone|fax|msisdn)(_?number)?$")
_BORN = re.compile(
    r"(^|_)(birth_?date|date_?of_?birth|dob|born_?on)$|(^|_)(ssn|hetu|national_?id|tax_?id|passport\w*)$"
)
_IP = re.compile(r"(^|_)ip(_?address)?$")
SHORTEST = 3
"""Shorter values are masked where they stand, and not looked for elsewhere: they would be found in everything."""


class StandIns:
    """``keep`` are values that stay as they are: what was asked about. E-mail addresses are masked all the same."""

    def __init__(self, keep: Iterable[str] = ()) -> None:
        self._keep = {value for value in keep if "@" not in value}
        self._masks: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def masked(self, document: Any) -> Any:
        """The same with every value masked that names, reaches or proves somebody."""
        for sort, value in _found(document):
            self._mask(sort, value)
        return self._replaced(document)

    def text(self, text: str) -> str:
        """A text with every value masked that was found so far, and every e-mail address."""
        for found in _EMAIL.findall(text):
            self._mask("email", found)
        return self._swap(text)

    def _mask(self, sort: str, value: str) -> str:
        if value in self._keep or not value.strip() or (sort == "email" and _RESERVED.search(value)):
            return value
        known = next((m for v, m in self._masks.items() if v.lower() == value.lower()), None)
        if known is None:
            number = self._counts[sort] = self._counts.get(sort, 0) + 1
            known = self._masks[value] = _stand_in(sort, value, number)
        return known

    def _replaced(self, value: Any, key: str = "") -> Any:
        if isinstance(value, Mapping):
            return {self._swap(str(k)): self._replaced(v, str(k)) for k, v in value.items()}
        if isinstance(value, list):
            return [self._replaced(inner, key) for inner in value]
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int):
            swapped = self._masks.get(str(value))
            return int(swapped) if swapped and swapped.isdigit() else value
        return self._swap(value) if isinstance(value, str) else value

    def _swap(self, text: str) -> str:
        whole = self._masks.get(text)
        if whole is not None:
            return whole
        for value in sorted(self._masks, key=len, reverse=True):
            if len(value) >= SHORTEST and value.lower() in text.lower():
                edge = r"(?<!\w)" + re.escape(value) + r"(?!\w)"
                text = re.sub(edge, self._masks[value].replace("\\", r"\\"), text, flags=re.IGNORECASE)
        return text


def _found(value: Any, key: str = "", inside: str = "") -> Iterator[tuple[str, str]]:
    """Each value to mask, with its sort."""
    if isinstance(value, Mapping):
        names = {_plain(str(k)) for k in value}
        person = bool(_PERSON.search(_plain(inside))) or bool({"email", "phone"} & names)
        for k, inner in value.items():
            name = _plain(str(k))
            yield from _found(inner, "person_name" if name == "name" and person else name, str(k))
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner, key, inside)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield from _sorts(key, str(value))


def _sorts(key: str, text: str) -> Iterator[tuple[str, str]]:
    for pattern, sort in ((_EMAIL, "email"), (_TOKEN, "secret"), (_IBAN, "iban")):
        for found in pattern.finditer(text):
            yield sort, found.group()
    for found in _CARD.finditer(text):
        if _luhn(found.group()):
            yield "card", found.group()
    if "@" in text or text == "*":
        return
    for pattern, sort in ((_PHONE, "phone"), (_STREET, "street"), (_BORN, "private"), (_IP, "ip")):
        if pattern.search(key):
            yield sort, text
    if key == "person_name" or _NAME.search(key):
        yield "name", text
    if key in ("authorization", "cookie") or (names_secret(key) and (key != "key" or len(text) > 15)):
        yield "secret", text


def _stand_in(sort: str, value: str, number: int) -> str:
    if sort == "email":
        tag = "+tag" if "+" in value else ""
        return f"person-{number}{tag}@example.com"
    if sort == "name":
        parts = [f"{word}{number}" for word in ("Robin", "Sample", "Third", "Fourth")][: len(value.split())]
        return " ".join(parts)
    if sort == "card":
        return _card_number(number, len(re.sub(r"\D", "", value)))
    if sort == "phone":
        return f"+990{number:08}" if not value.isdigit() else f"990{number:08}"
    if sort == "ip":
        return f"192.0.2.{number % 255}"
    if sort == "iban":
        return f"XX00TEST{number:010}"
    if sort == "private":
        return f"1900-01-{1 + number % 28:02}" if re.match(r"\d{4}-\d\d-\d\d$", value) else f"masked-{number}"
    if sort == "street":
        return f"{number:05}" if value.isdigit() else f"Street {number}"
    return f"masked-{sort}-{number}"


def _card_number(number: int, length: int) -> str:
    start = f"400000{number:0{length - 7}}"
    return next(start + d for d in "0123456789" if _luhn(start + d))


def _luhn(text: str) -> bool:
    digits = [int(c) for c in reversed(text) if c.isdigit()]
    doubled = [d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(digits)]
    return 13 <= len(digits) <= 19 and len(set(digits)) > 1 and sum(doubled) % 10 == 0


def _plain(name: str) -> str:
    """``firstName`` and ``First-Name`` as ``first_name``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("-", "_").replace(" ", "_").lower()
