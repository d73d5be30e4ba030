"""Tags of the test console: rows as their source sent them."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from connectors.host.views import FactView
from workspace.pages.present import titles

register = template.Library()


@register.simple_tag
def indent(steps: int) -> str:
    return "  " * steps


@register.filter
def marked(text: str) -> SafeString:
    """A value that facts rest on; the comma behind it is none of it."""
    value = text.removesuffix(",")
    return format_html("<mark>{}</mark>{}", value, text[len(value) :])


@register.filter
def kind_icon(kind: str) -> str:
    return titles.icon(kind)


@register.filter
def rep_words(fact: FactView) -> titles.Said:
    """What a representative reads of a stored fact: a title, and what stands beside it."""
    return titles.said(fact.kind, fact.data, fact.said)


@register.filter
def pretty(body: Any) -> str:
    """Indented JSON."""
    return json.dumps(body, indent=2, ensure_ascii=False, default=str)[:20_000]
