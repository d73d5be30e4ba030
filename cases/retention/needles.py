"""What identifies a person, in every spelling in which rows that no ref leads to may hold it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

MIN = 5
"""What is shorter is found everywhere and says nothing."""
PERSONAL = frozenset({
    "email", "e_mail", "mail", "phone", "mobile", "telephone", "customer_name", "recipient_name", "full_name",
    "address", "street", "address1", "line1", "iban", "birthday",
})  # fmt: skip
"""Keys of a fact's data whose values name a person."""
_PERSON = re.compile(r"^(email|.*\.customer|phone|address|iban|person|customer)$")


def identifying(scheme: str, value: str) -> bool:
    """Whether a ref's value may be searched for in free text: it names a person, or has a number nobody makes up."""
    return len(value) >= MIN and bool(_PERSON.match(scheme) or (len(value) >= 6 and re.search(r"\d{4}", value)))


def personal_values(data: Any) -> set[str]:
    """What in a fact's data names a person, however deep."""
    found: set[str] = set()
    if isinstance(data, Mapping):
        for key, value in data.items():
            if str(key).lower() in PERSONAL:
                found |= {value} if isinstance(value, str) else _texts(value)
            else:
                found |= personal_values(value)
    elif isinstance(data, list):
        for one in data:
            found |= personal_values(one)
    return {v.strip() for v in found if len(v.strip()) >= MIN}


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return set().union(*map(_texts, inner)) if inner else set()


def spellings(values: Iterable[str]) -> tuple[str, ...]:
    """Each value as it is, as JSON escapes it, and as forms and addresses do; sorted, each once."""
    found: set[str] = set()
    for value in values:
        if len(value) >= MIN:
            plain = json.dumps(value)[1:-1]
            found |= {value, plain, plain.replace("/", "\\/"), quote(value, safe=""), quote_plus(value)}
    return tuple(sorted(found))
