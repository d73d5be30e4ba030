"""What pages say of promises and of a person's day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workspace.pages.present import promises as present
from workspace.pages.templatetags.ui import machine

register = template.Library()


@register.simple_tag
def due(when: datetime, at: datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine(when), present.due(when, at))


@register.inclusion_tag("pages/parts/promise_strip.html")
def day_strip(day: Any, always: bool = False) -> dict[str, Any]:
    """One line that leads to the day; ``always`` also where nothing is promised."""
    return {"day": day, "words": present.strip(day) if day else "", "always": always}


@register.filter
def item(found: dict[str, Any] | str, key: str) -> Any:
    """What a table holds under a name; empty where there is none."""
    return found.get(key, "") if isinstance(found, dict) else ""


@register.filter
def shown(promise: Any, at: datetime) -> present.Shown:
    return present.shown(promise, at)
