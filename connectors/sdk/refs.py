"""Typed references: how facts, identities and cases find each other, and nothing else does."""

from __future__ import annotations

import re
from dataclasses import dataclass

MATTER_SCHEMES = frozenset({"order", "return", "payment", "refund", "invoice", "credit_note", "dispute", "shipment"})
"""Schemes that name one matter. They spread: what carries one of them belongs to the same case."""

PERSON_SCHEMES = frozenset({"email"})
"""Schemes that name a person. They are asked about, and find orders, but do not widen a case.

A source's own customer id uses the scheme ``<slug>.customer`` and counts as a person scheme."""

_SCHEME = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")
MAX_VALUE = 300
_UNSOUND = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""Controls, and halves of surrogate pairs, that no database keeps."""


@dataclass(frozen=True, order=True)
class Ref:
    """One typed reference, ``order:48-1193``. Values are stripped; e-mails are lower-cased.

    Raises ValueError, with a sentence for people, where scheme or value can't be a reference.
    """

    scheme: str
    value: str

    def __post_init__(self) -> None:
        if not isinstance(self.scheme, str) or not _SCHEME.match(self.scheme):
            raise ValueError(f"{str(self.scheme)[:40]!r} is not a reference scheme; write e.g. order:48-1193.")
        value = str(self.value).strip()
        if self.scheme == "email":
            value = value.lower()
        if not value or len(value) > MAX_VALUE or _UNSOUND.search(value):
            raise ValueError(f"A reference value needs 1 to {MAX_VALUE} printable characters (scheme {self.scheme}).")
        object.__setattr__(self, "value", value)

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read ``scheme:value``; the value may itself hold colons. Raises ValueError."""
        scheme, colon, value = str(text).partition(":")
        if not colon:
            raise ValueError(f"{str(text)[:40]!r} is not a reference; write scheme:value, e.g. order:48-1193.")
        return cls(scheme.strip(), value)

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @property
    def is_matter(self) -> bool:
        """True where it names one matter: order, return, payment, refund, invoice, credit_note, dispute, shipment."""
        return self.scheme in MATTER_SCHEMES

    @property
    def is_person(self) -> bool:
        """True for ``email`` and for a source's own customer id, ``<slug>.customer``."""
        return self.scheme in PERSON_SCHEMES or self.scheme.endswith(".customer")

    @property
    def joins(self) -> bool:
        """True where a source may be asked about it; other schemes only label."""
        return self.is_matter or self.is_person or self.scheme == "policy"


def pattern_problem(pattern: object) -> str:
    """What is wrong with a pattern of a connector's ``patterns``, in a sentence; empty where nothing is."""
    try:
        compiled = re.compile(str(pattern), re.IGNORECASE)
    except re.error as error:
        return f"{str(pattern)[:60]!r} is no regular expression: {error}."
    if not isinstance(pattern, str) or compiled.match(""):
        return f"{str(pattern)[:60]!r} finds nothing at all, too: a number has at least one character."
    return ""
