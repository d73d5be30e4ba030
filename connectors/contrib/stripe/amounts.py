"""Stripe's amounts: whole numbers in the smallest unit, which is Stripe's own for some currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connectors.sdk import money as sdk

OWN_DECIMALS = {"MGA": 0, "ISK": 2, "UGX": 2}
"""Where Stripe counts otherwise than ISO 4217 does: it goes on counting krónur and shillings in hundredths."""


def money(minor: Any, currency: Any) -> dict[str, str]:
    """``8490, "eur"`` is EUR 84.90 and ``8490, "jpy"`` JPY 8490. ValueError where it is no whole number."""
    code = str(currency).upper()
    if code not in OWN_DECIMALS:
        return sdk.minor(minor, code)
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise ValueError(f"{str(minor)[:40]!r} is not a whole number of minor units of {code}.")
    return sdk.money(Decimal(minor).scaleb(-OWN_DECIMALS[code]), code)


def minor(amount: Decimal, currency: Any) -> int:
    """The other way: ``Decimal("84.90"), "eur"`` is 8490. ValueError where it is not above zero, or too precise."""
    code = str(currency).upper()
    found = amount.scaleb(OWN_DECIMALS.get(code, sdk.digits(code))) if amount.is_finite() else Decimal(0)
    if found <= 0 or found != found.to_integral_value():
        raise ValueError(f"{str(amount)[:40]} is not an amount of {code} above zero.")
    return int(found)
