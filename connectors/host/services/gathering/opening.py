"""A connector made ready for one call: settings with secrets resolved, and its way out."""

from __future__ import annotations

from typing import Any

from connectors.host.models import Source
from connectors.host.registry import connector_class
from connectors.host.services.gathering.lanes import lane_of
from connectors.sdk import BadSettings, Connector, Settings
from connectors.sdk.secrets import is_reference, secret_resolve


def connector_open(source: Source) -> Connector:
    """The connector of this source, bound to it. Raises BadSettings where a setting or a secret can't work."""
    cls = connector_class(source.connector)
    values = {key: _resolved(value) for key, value in source.settings.items()}
    lane = lane_of(source)
    told, kept = repr((values, source.zone)), lane.opened
    if kept is None or kept[:2] != (cls, told):
        kept = lane.opened = (cls, told, _settings(cls, source, values))
    settings = kept[2].model_copy()
    auth = lane.auth_for((cls, told), lambda: cls.auth(settings))
    http = lane.http(settings.base_url, headers=cls.headers(settings), limit_s=source.source_limit_s, auth=auth)
    return cls(settings, http)


def _settings(cls: type[Connector], source: Source, values: dict[str, Any]) -> Settings:
    try:
        return cls.Settings(**{**values, "zone": source.zone})
    except ValueError as error:
        raise BadSettings(f"{source.title}: its settings can't be used.", type(error).__name__) from None


def _resolved(value: Any) -> Any:
    return secret_resolve(value) if is_reference(value) else value
