"""What sources can be asked to do about some references."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from connectors.host.models import Source
from connectors.host.registry import connector_classes
from connectors.sdk import Ref


@dataclass(frozen=True)
class ActionOffer:
    """One action of one source. ``arguments`` are ``(name, type name)``; ``suggested`` are the refs that fit it."""

    source: str
    source_title: str
    domain: str
    action: str
    title: str
    arguments: tuple[tuple[str, str], ...]
    suggested: tuple[Ref, ...]
    dry_run: bool


def actions_offered(refs: Collection[Ref]) -> list[ActionOffer]:
    """Actions of sources in use that can be done about any of these refs, by source and name."""
    classes = connector_classes()
    offers = []
    for source in Source.objects.filter(enabled=True, paused=False).order_by("title"):
        specs: dict[str, Any] = classes[source.connector].actions() if source.connector in classes else {}
        for spec in specs.values():
            fitting = tuple(sorted(r for r in refs if r.scheme in spec.refs))
            if fitting or not spec.refs:
                offers.append(
                    ActionOffer(
                        source.name, source.title, source.domain, spec.name, spec.name.replace("_", " ").capitalize(),
                        tuple((name, kind.__name__) for name, kind in spec.arguments.items()), fitting, spec.dry_run,
                    )
                )  # fmt: skip
    return offers
