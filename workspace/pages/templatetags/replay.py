"""Whether the reader may replay cases: for the one link to it on the case page."""

from __future__ import annotations

from django import template

from workspace.permissions import may

register = template.Library()


@register.simple_tag(takes_context=True)
def may_replay(context: template.Context) -> bool:
    request = context.get("request")
    return request is not None and may(request.user, "replay")
