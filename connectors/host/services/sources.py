"""Setting up sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.text import slugify
from pydantic import ValidationError

from connectors.host.errors import BadSource
from connectors.host.models import Source, SourceCursor
from connectors.host.registry import connector_class
from connectors.host.services.deliveries_again import deliveries_wake
from connectors.host.services.source_terms import source_terms_set
from connectors.host.services.sources_log import source_note
from connectors.sdk import Connector
from connectors.sdk.secrets import is_reference, names_secret

_TAKEN = ("add", "live")
"""Names that are addresses already."""
_MOST = {"name": 50, "title": 200, "domain": 40, "zone": 60}
_WORDS = {
    "freshness_s": "freshness limit", "source_limit_s": "time limit of an asking", "poll_s": "polling period",
    "enabled": "in use", "demo": "part of the demo",
}  # fmt: skip


@transaction.atomic
def source_save(
    *,
    name: str,
    title: str,
    connector: str,
    domain: str,
    settings: dict[str, Any],
    freshness_s: float,
    source_limit_s: float = 10,
    poll_s: float | None = None,
    zone: str = "UTC",
    demo: bool = False,
    by: str = "",
) -> Source:
    """Add a source or change it. Times in seconds; ``settings`` hold references to secrets, never a secret.
    What changed stands in its log, with ``by`` (who).

    Raises BadSource where a field can't work (it names the field) and UnknownConnector.
    """
    cls = connector_class(connector)
    _texts_fit(name=name, title=title, domain=domain, zone=zone)
    for field, seconds in {"freshness_s": freshness_s, "source_limit_s": source_limit_s, "poll_s": poll_s}.items():
        if seconds is not None and not 0 < seconds <= timedelta(days=366).total_seconds():
            raise BadSource(f"{field}: must be more than 0 seconds and at most 366 days.")
    _settings_fit(cls, settings, zone)
    wanted = {
        "title": title, "connector": connector, "domain": domain, "settings": settings, "zone": zone,
        "source_limit_s": source_limit_s, "poll_s": poll_s, "demo": demo, "enabled": True,
    }  # fmt: skip
    source, new = _locked_or_made(name, wanted)
    changed = [] if new else [field for field, value in wanted.items() if getattr(source, field) != value]
    if changed:
        for field in changed:
            setattr(source, field, wanted[field])
        source.save(update_fields=changed)
    SourceCursor.objects.get_or_create(source=source)
    if source_terms_set(source=source, freshness_s=freshness_s):
        changed.append("freshness_s")
    if new:
        source_note(source=source, what="added", sentence=f"Added{f' by {by}' if by else ''}.", by=by)
    elif changed:
        said = ", ".join(sorted(_WORDS.get(field, field) for field in changed))
        source_note(source=source, what="changed", sentence=f"Changed: {said}.", by=by)
        deliveries_wake(source=source)
    return source


def _settings_fit(cls: type[Connector], settings: Mapping[str, Any], zone: str) -> None:
    """Raises BadSource where the connector can't use them, or where one is a secret itself."""
    for field, value in settings.items():
        if names_secret(field) and value and not is_reference(value):
            raise BadSource(f"settings: {field}: give a reference, env:NAME or file:/path, and keep the secret there.")
    try:
        ZoneInfo(zone)
        cls.Settings(**{**settings, "zone": zone})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSource(f"settings: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    except (ValueError, KeyError, OSError):
        raise BadSource(f"zone: {zone!r} is not a time zone; write e.g. Europe/Helsinki.") from None


def _texts_fit(**texts: str) -> None:
    name = texts["name"]
    if name != slugify(name) or name in _TAKEN:
        raise BadSource(f"name: {name!r} must be a slug, e.g. {slugify(name) or 'turku-warehouse'!r}.")
    for field, text in texts.items():
        if len(text) > _MOST[field] or "\x00" in text:
            raise BadSource(f"{field}: write at most {_MOST[field]} characters.")


def _locked_or_made(name: str, wanted: dict[str, Any]) -> tuple[Source, bool]:
    """The lock lets rows refer to the source: a writer that holds the clock must not wait for one who wants it."""
    locked = Source.objects.select_for_update(no_key=True)
    found = locked.filter(name=name).first()
    if found is not None:
        return found, False
    made, new = Source.objects.get_or_create(name=name, defaults=wanted)
    return (made, True) if new else (locked.get(name=name), False)


@transaction.atomic
def demo_sources_keep(*, names: Collection[str]) -> None:
    """Ask the demo's other sources no more: they belong to an earlier run. What they said stays; saving one again
    brings it back."""
    Source.objects.filter(demo=True).exclude(name__in=names).update(enabled=False)
