"""How the numbers of the sources in use look in what people write."""

from __future__ import annotations

from connectors.host.models import Source
from connectors.host.registry import connector_classes
from connectors.host.views import NumberPattern


def number_patterns() -> tuple[NumberPattern, ...]:
    """The patterns of all sources in use, each once, in one order. A paused source's numbers are still its numbers."""
    classes = connector_classes()
    found: dict[tuple[str, str], NumberPattern] = {}
    for title, slug in Source.objects.filter(enabled=True).order_by("pk").values_list("title", "connector"):
        for scheme, pattern in (classes[slug].patterns if slug in classes else {}).items():
            found.setdefault((scheme, pattern), NumberPattern(scheme, pattern, title))
    return tuple(sorted(found.values()))
