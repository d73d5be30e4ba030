"""What a name on the command line stands for: a stored source, or a connector with settings given as options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import Error as DatabaseError

from connectors.host.errors import UnknownConnector, UnknownSource
from connectors.host.selectors.connectors import connector_class
from connectors.host.services import source_get
from connectors.host.services.trying import connector_bound
from connectors.sdk import Connector
from connectors.sdk.exchange import Transport
from connectors.sdk.forms import settings_from


class Unnamed(Exception):
    """Neither a source nor a connector has this name; the sentence says which there are."""


@dataclass(frozen=True)
class Target:
    """``source`` is set where a stored source was named. ``options`` are the texts of settings given as options; over a
    stored source they take the place of its own."""

    name: str
    cls: type[Connector]
    slug: str
    source: Any = None
    options: Mapping[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, Any]:
        """Plain settings, secrets still references. Raises BadFields."""
        if self.source is None:
            return settings_from(self.cls.Settings, self.options)
        own = {**self.source.settings, "zone": self.source.zone}
        return {**own, **(settings_from(self.cls.Settings, {**_texts(own), **self.options}) if self.options else {})}

    def bound(self, transport: Transport | None = None, **more: Any) -> Connector:
        """The connector with these settings. Raises BadFields and BadSettings."""
        return connector_bound(
            connector=self.slug, settings={**self.settings(), **more}, transport=transport,
            title=self.source.title if self.source else "", limit_s=self.source.source_limit_s if self.source else 10.0,
        )  # fmt: skip


def target(name: str, options: Mapping[str, str] | None = None) -> Target:
    """The source of this name; where there is none, or settings are given, the connector. Raises Unnamed."""
    options = options or {}
    source, why = (None, "") if options and _is_connector(name) else _source(name)
    slug = source.connector if source else name
    try:
        return Target(name, connector_class(slug), slug, source, options)
    except UnknownConnector as error:
        if source:
            raise Unnamed(str(error)) from None
        raise Unnamed(f"{error} {why}") from None


def _source(name: str) -> tuple[Any, str]:
    """The stored source, or None and why there is none."""
    try:
        return source_get(name), ""
    except UnknownSource as error:
        return None, str(error)
    except DatabaseError:  # connectors are tried before there is any database
        return None, "No database answers, so sources could not be looked up."


def _is_connector(name: str) -> bool:
    try:
        connector_class(name)
    except UnknownConnector:
        return False
    return True


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: ", ".join(map(str, v)) if isinstance(v, list) else str(v) for name, v in values.items() if v != ""}
