"""Stripe's amounts: whole numbers in the smallest unit, which is not the same for every currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

NO_DECIMALS = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
"""ISK and UGX have no decimals either, but Stripe goes on counting them in hundredths."""

THREE_DECIMALS = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))


def money(minor: Any, currency: Any) -> dict[str, str]:
    """``8490, "eur"`` is ``{"amount": "84.90", "currency": "EUR"}``. ValueError where it is no whole number."""
    if isinstance(minor, bool) or not isinstance(minor, int):
        raise ValueError(f"An amount of Stripe's must be a whole number, not {str(minor)[:40]!r}.")
    code = str(currency).upper()
    places = 0 if code in NO_DECIMALS else 3 if code in THREE_DECIMALS else 2
    return {"amount": f"{Decimal(minor).scaleb(-places):.{places}f}", "currency": code}
