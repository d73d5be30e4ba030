"""How amounts, days, clock times and ages are printed. Everything is computed at an instant that is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

from babel.numbers import format_currency
from django.utils import timezone

LOCALE = "en_GB"


def money(value: Mapping[str, Any] | None) -> str:
    """``€84.90`` from ``{"amount": "84.90", "currency": "EUR"}``; empty where there is none."""
    if not value:
        return ""
    try:
        return format_currency(Decimal(str(value["amount"])), str(value["currency"]), locale=LOCALE)
    except (InvalidOperation, KeyError):
        return ""


def local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def day(moment: datetime | date, at: datetime) -> str:
    """``Thu 19 Nov``, with the year where it is not the year of ``at``."""
    where = local(moment).date() if isinstance(moment, datetime) else moment
    year = "" if where.year == local(at).year else f" {where.year}"
    return f"{where:%a} {where.day} {where:%b}{year}"


def short_day(moment: datetime | date, at: datetime) -> str:
    """``1 Oct``, with the year where it is not the year of ``at``."""
    return day(moment, at).split(" ", 1)[1]


def clock(moment: datetime, seconds: bool = False) -> str:
    return f"{local(moment):%H:%M:%S}" if seconds else f"{local(moment):%H:%M}"


def stamp(moment: datetime, at: datetime, seconds: bool = True) -> str:
    """``today 14:06:11`` or ``Tue 17 Nov, 09:12:44``."""
    if local(moment).date() == local(at).date():
        return f"today {clock(moment, seconds)}"
    return f"{day(moment, at)}, {clock(moment, seconds)}"


def span(seconds: float) -> str:
    """The largest unit alone: ``9 s``, ``47 min``, ``3 h``, ``2 days``."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 48 * 3600:
        return f"{whole // 3600} h"
    return f"{whole // 86400} days"


def waited(since: datetime, at: datetime) -> str:
    """How long a customer has waited; ``now`` under a minute."""
    gone = at - since
    return "now" if gone < timedelta(minutes=1) else span(gone.total_seconds())


def initials(name: str) -> str:
    parts = [p for p in name.split() if p[:1].isalnum()]
    return "".join(p[0] for p in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper() or "?"


def first_name(name: str) -> str:
    return name.split()[0] if name.split() else ""


def quoted(text: str) -> str:
    """Fit for a query string."""
    return quote(text, safe="")
