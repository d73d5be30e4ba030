"""Up to what amount a role may have a source do something without a second person. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.host.views import Evidence
from connectors.sdk import Ref

Limits = Mapping[str, Mapping[str, Decimal]]
"""By role, then by currency."""
_LIMIT = re.compile(r"([a-z]{2,20})\s+(\d{1,12}(?:\.\d{1,4})?)\s+([A-Z]{3})")
ROLES = ("rep", "supervisor")


@dataclass(frozen=True)
class Money:
    """An amount that a deed moves; ``currency`` is empty where nothing says it."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount:,.2f} {self.currency}".strip()


def limits_read(text: str) -> Limits:
    """``rep 200 EUR, supervisor 2000 EUR``. Raises ValueError with a sentence that says what is wrong."""
    found: dict[str, dict[str, Decimal]] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        match = _LIMIT.fullmatch(part)
        if match is None:
            raise ValueError(f"{part[:60]!r} is no limit. Write a role, an amount and a currency: rep 200 EUR.")
        role, amount, currency = match.groups()
        if role not in ROLES:
            raise ValueError(f"{role!r} is no role that acts. Use one of: {', '.join(ROLES)}.")
        if currency in found.setdefault(role, {}):
            raise ValueError(f"{role} has two limits in {currency}. Leave one.")
        found[role][currency] = Decimal(amount)
    return found


def second_needed(limits: Limits, roles: Collection[str], money: Money | None) -> str:
    """Why a second person is to say yes, in a sentence; empty where the asker may do it alone.

    What moves no money needs nobody. A currency that no limit names is above every limit; where nothing says the
    currency, the smallest of the limits holds.
    """
    if money is None:
        return ""
    mine = [limits[role] for role in roles if role in limits]
    if money.currency:
        known = [limit[money.currency] for limit in mine if money.currency in limit]
    else:
        known = [min(limit.values()) for limit in mine]
    if not known:
        return f"{money} waits for a second person: there is no limit in {money.currency or 'any currency'}."
    if money.amount <= max(known):
        return ""
    return f"{money} is above the limit of {Money(max(known), money.currency)}, so it waits for a second person."


def money_moved(evidence: Evidence, arguments: Mapping[str, Any]) -> Money | None:
    """The money that a deed moves: the amount that it is given, else the largest that the facts about its references
    name. None where there is none."""
    refs = [v for v in arguments.values() if isinstance(v, Ref)]
    told = [m for ref in refs for m in _amounts(evidence, ref)]
    given = [v for v in arguments.values() if isinstance(v, Decimal)]
    if given:
        stated = str(arguments.get("currency") or "").upper()
        return Money(max(given), stated or next((m.currency for m in told if m.currency), ""))
    return max(told, key=lambda m: m.amount, default=None)


def _amounts(evidence: Evidence, ref: Ref) -> list[Money]:
    """What facts say about this reference: its own kind's first (an order's total), else any that names it."""
    facts = [f for f in evidence.facts if ref in f.refs]
    own = [f for f in facts if f.kind.partition(".")[0] == ref.scheme]
    return [m for f in own if (m := _money(f.data))] or [m for f in facts if (m := _money(f.data))]


def _money(data: Mapping[str, Any]) -> Money | None:
    for name in ("amount", "total"):
        said = data.get(name)
        if isinstance(said, Mapping):
            try:
                return Money(abs(Decimal(str(said["amount"]))), str(said["currency"]))
            except (KeyError, ArithmeticError):
                continue
    return None
