"""How money, days and ranges are printed: Babel, British English, no-break spaces so that no line splits a date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

LOCALE = "en_GB"
NBSP = "\N{NO-BREAK SPACE}"


def _kept(text: str) -> str:
    return text.replace(" ", NBSP)


def money(amount: str, currency: str) -> str:
    """``€84.90``; an amount that can't be read is printed as it was sent."""
    try:
        return _kept(str(format_currency(Decimal(amount), currency, locale=LOCALE)))
    except (InvalidOperation, ValueError):
        return _kept(f"{currency} {amount}")


def day(when: date, at: date | None = None) -> str:
    """``Tue 17 Nov``; the year is added where it is not ``at``'s."""
    return _kept(format_date(when, "EEE d MMM" if _same(when, at) else "EEE d MMM y", locale=LOCALE))


def short_day(when: date, at: date | None = None) -> str:
    """``17 Nov``."""
    return _kept(format_date(when, "d MMM" if _same(when, at) else "d MMM y", locale=LOCALE))


def long_day(when: date, at: date | None = None) -> str:
    """``Tuesday 17 November``."""
    return _kept(format_date(when, "EEEE d MMMM" if _same(when, at) else "EEEE d MMMM y", locale=LOCALE))


def _same(when: date, at: date | None) -> bool:
    return at is None or when.year == at.year or abs((when - at).days) < 120


def span(low: Any, high: Any) -> str:
    """``5 to 10``, or one number where both are the same."""
    return f"{low}" if low == high else _kept(f"{low} to {high}")
