"""What identifies a person and may be looked for in rows that no ref leads to. Pure; ``naming.sql`` looks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MIN = 5
"""What is shorter is found everywhere and says nothing."""
PERSONAL = frozenset({
    "email", "e_mail", "mail", "phone", "mobile", "telephone", "customer_name", "recipient_name", "full_name",
    "address", "street", "address1", "line1", "iban", "birthday",
})  # fmt: skip
"""Keys of a fact's data whose values name a person."""
_PERSON = re.compile(r"^(email|.*\.customer|phone|address|iban|person|customer)$")
_SEVERAL = re.compile(r"[\d@\s]")


def identifying(scheme: str, value: str) -> bool:
    """Whether a ref's value may be searched for in free text: it names a person, or has a number nobody makes up."""
    return telling(value) and bool(_PERSON.match(scheme) or (len(value) >= 6 and re.search(r"\d{4}", value)))


def telling(value: str) -> bool:
    """Whether a text is more than one common word: it has a number, several words, or is an e-mail."""
    return len(value.strip()) >= MIN and bool(_SEVERAL.search(value.strip()))


def personal_values(data: Any) -> set[str]:
    """What in a fact's data names a person, however deep."""
    found: set[str] = set()
    if isinstance(data, Mapping):
        for key, value in data.items():
            found |= _texts(value) if str(key).lower() in PERSONAL else personal_values(value)
    elif isinstance(data, list):
        for one in data:
            found |= personal_values(one)
    return {v for v in found if telling(v)}


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return set().union(*map(_texts, inner)) if inner else set()
