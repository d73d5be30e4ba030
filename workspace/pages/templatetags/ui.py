"""The few tags that pages are built of: icons, source marks, times, and sentences with their values marked."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.answers import Text, Value
from workspace.pages.present import words
from workspace.pages.present.freshness import Fresh

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg class="i" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def mark(look: str, name: str) -> SafeString:
    return format_html('<span class="src {} mark">{}</span>', look, icon(name))


@register.simple_tag
def fresh(found: Fresh | None, prefix: str = "") -> SafeString | str:
    if found is None:
        return ""
    text = f"{prefix}{found.text}"
    inner = format_html('<time datetime="{}">{}</time>', machine(found.when), text) if found.when else text
    return format_html('<span class="fresh {}">{}{}</span>', found.look, icon(found.icon), inner)


@register.simple_tag
def said(text: Text | str) -> SafeString | str:
    """A sentence; amounts, dates and references stay on one line, dates are machine-readable."""
    if isinstance(text, str):
        return text
    return format_html_join("", "{}", ((p if isinstance(p, str) else _value(p),) for p in text.parts))


def _value(value: Value) -> SafeString:
    if value.type in ("date", "time") and value.value:
        return format_html('<time class="nw" datetime="{}">{}</time>', value.value, value.text)
    if len(value.text) > 24:
        return format_html("{}", value.text)
    return format_html('<span class="nw">{}</span>', value.text)


def machine(when: datetime | date) -> str:
    """ISO 8601 for the ``datetime`` attribute."""
    return when.isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()


@register.simple_tag
def when(moment: datetime | date | None, at: datetime, style: str = "stamp") -> SafeString | str:
    """``style``: stamp (day and clock), minute (no seconds), moment (today: the clock alone), day, short, clock …"""
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        text = words.short_day(moment, at) if style == "short" else words.day(moment, at)
    else:
        text = {
            "stamp": lambda: words.stamp(moment, at),
            "minute": lambda: words.stamp(moment, at, seconds=False),
            "moment": lambda: words.stamp(moment, at, seconds=False).removeprefix("today "),
            "day": lambda: words.day(moment, at),
            "short": lambda: words.short_day(moment, at),
            "clock": lambda: words.clock(moment),
            "seconds": lambda: words.clock(moment, seconds=True),
            "log": lambda: words.stamp(moment, at).removeprefix("today "),
            "since": lambda: words.waited(moment, at),
        }[style]()
    return format_html('<time datetime="{}">{}</time>', machine(moment), text)


@register.filter
def ref(found: object) -> str:
    """``Order 48-1193`` for ``order:48-1193``; an e-mail speaks for itself."""
    scheme, _, value = str(found).partition(":")
    return value if scheme == "email" else f"{scheme.split('.')[0].replace('_', ' ').capitalize()} {value}"


@register.filter
def tail(text: str, n: int = 6) -> str:
    """The last characters of a long reference, ``…571204``."""
    return text if len(text) <= n + 2 else f"…{text[-n:]}"
