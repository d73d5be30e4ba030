"""The rules of retention: read from the product's own file and, over it, the operator's. Pure but for reading them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

DEFAULTS = Path(__file__).with_name("policy.toml")
MONEY = ("amount", "total", "currency", "number", "refunded", "method", "shipping", "fee")
"""What of a fact's data stays where a duty keeps its money."""


class BadPolicy(ValueError):
    """The rules can't be read; ``str(error)`` says where and what to do."""


@dataclass(frozen=True)
class Policy:
    """Ages in days; 0 keeps for ever."""

    facts: Mapping[str, int]
    duty: Mapping[str, int]
    data: Mapping[str, int]

    def kept(self, kind: str) -> timedelta | None:
        """How long a fact of this kind is kept; None for ever."""
        days = _best(self.facts, kind)
        return timedelta(days=days) if days else None

    def duty_of(self, kind: str) -> timedelta | None:
        """How long the money of this kind must be kept, whoever asks for erasure; None where no duty says so."""
        days = _best(self.duty, kind)
        return timedelta(days=days) if days else None

    def age(self, role: str) -> timedelta | None:
        """How long data of this role is kept; None for ever."""
        days = self.data[role]
        return timedelta(days=days) if days else None

    def names(self) -> tuple[str, ...]:
        """Every rule: ``facts:refund.*`` or ``data:drafts``, longest patterns of facts first."""
        patterns = sorted(self.facts, key=lambda p: (-len(p), p))
        return (*(f"facts:{p}" for p in patterns), *(f"data:{role}" for role in self.data))


def policy_read(path: str | Path | None = None) -> Policy:
    """The rules in force: ours, with what the file at ``path`` says over them. Raises BadPolicy."""
    found = _file(DEFAULTS)
    if path:
        own = _file(Path(path))
        for table, values in own.items():
            if table not in found:
                raise BadPolicy(f"{path}: there is no table [{table}]. There are: {', '.join(found)}.")
            if table == "data" and (unknown := sorted(set(values) - set(found["data"]))):
                known = ", ".join(found["data"])
                raise BadPolicy(f"{path}: [data] has no {unknown[0]!r}. There are: {known}.")
            found[table] = {**found[table], **values}
    for table, values in found.items():
        for name, days in values.items():
            if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= 36500 or 0 < days < 2:
                raise BadPolicy(f"[{table}] {name!r} takes a whole number of days, 2 to 36500, or 0 for ever.")
    return Policy(found["facts"], found["duty"], found["data"])


def matches(pattern: str, kind: str) -> bool:
    return fnmatchcase(kind, pattern)


def _best(rules: Mapping[str, int], kind: str) -> int:
    found = [p for p in rules if matches(p, kind)]
    return rules[max(found, key=len)] if found else 0


def _file(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPolicy(f"{path}: the rules of retention can't be read: {error}.") from None
