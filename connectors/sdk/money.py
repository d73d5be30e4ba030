"""Money as facts hold it: ``{"amount": "84.90", "currency": "EUR"}``, a decimal string and an ISO 4217 code.

Every function raises ValueError with a sentence; ``read`` may let it out.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

_MINOR = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: digits for digits, codes in _MINOR.items() for code in codes.split()}
MAX_DIGITS = 15


def digits(currency: str) -> int:
    """Decimals of a currency in ISO 4217: 2 for most, 0 for JPY, 3 for KWD."""
    return _DIGITS.get(currency, 2)


def money(amount: Any, currency: Any) -> dict[str, str]:
    """Money from a decimal amount: text, int, or Decimal as ``http.get`` gives it, e.g. ``"84.9"`` → 84.90.

    A float is refused, for it may have lost digits already; so is more precision than six decimals.
    """
    code = _currency(currency)
    if isinstance(amount, (bool, float)) or not isinstance(amount, (str, int, Decimal)):
        raise ValueError(f"{amount!r} is no exact amount of {code}; use text, int or Decimal.")
    try:
        value = Decimal(amount.strip() if isinstance(amount, str) else amount)
    except InvalidOperation:
        raise ValueError(f"{str(amount)[:40]!r} is not an amount of {code}.") from None
    if not value.is_finite() or abs(value.adjusted()) >= MAX_DIGITS + 6 or abs(value) >= Decimal(10) ** MAX_DIGITS:
        raise ValueError(f"{str(amount)[:40]!r} is not an amount of {code}.")
    return {"amount": _plain(value, digits(code)), "currency": code}


def minor(amount: Any, currency: Any) -> dict[str, str]:
    """Money from minor units: ``minor(8490, "eur")`` is EUR 84.90, ``minor(8490, "jpy")`` JPY 8490."""
    code = _currency(currency)
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise ValueError(f"{str(amount)[:40]!r} is not a whole number of minor units of {code}.")
    return money(Decimal(amount).scaleb(-digits(code)), code)


def number(value: Any) -> int | float:
    """A quantity as plain JSON: ``Decimal("2.0")`` → 2, ``Decimal("1.5")`` → 1.5. Not for money."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{str(value)[:40]!r} is not a number.") from None
    if isinstance(value, bool) or not found.is_finite() or abs(found.adjusted()) > MAX_DIGITS:
        raise ValueError(f"{str(value)[:40]!r} is not a number.")
    return int(found) if found == found.to_integral_value() else float(found)


def _currency(currency: Any) -> str:
    code = str(currency).strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise ValueError(f"{str(currency)[:40]!r} is not a currency code like EUR.")
    return code


def _plain(value: Decimal, decimals: int) -> str:
    """At least the currency's decimals, more only where they say something; never an exponent."""
    exact = f"{value:f}"
    whole, _, rest = exact.partition(".")
    rest = rest.rstrip("0").ljust(decimals, "0")
    if len(rest) > 6:
        raise ValueError(f"{exact[:40]} has more decimals than money can have.")
    text = f"{whole}.{rest}" if rest else whole
    return text.lstrip("-") if not value else text
