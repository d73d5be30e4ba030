"""Times that a packet holds as text."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from workspace.pages.templatetags.ui import when

register = template.Library()


@register.simple_tag
def moment(text: str, at: datetime) -> SafeString | str:
    """The same as ``when … "moment"`` for an ISO 8601 text."""
    try:
        return when(datetime.fromisoformat(text), at, "moment")
    except ValueError:
        return ""
