"""Connectors bound to try settings, and to look at what a source sends. Nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from connectors.host.models import Source
from connectors.host.registry import connector_class
from connectors.host.services.gathering.lanes import lane_of
from connectors.host.services.gathering.opening import connector_open
from connectors.sdk import BadSettings, Connector
from connectors.sdk.calls import Call, call
from connectors.sdk.exchange import Transport
from connectors.sdk.secrets import is_reference, secret_resolve
from connectors.sdk.transport import SourceLane

Tryable = Source | Connector
"""A stored source, or a connector bound to settings that are not saved."""


def connector_bound(
    *,
    connector: str,
    settings: Mapping[str, Any],
    title: str = "",
    limit_s: float = 10.0,
    transport: Transport | None = None,
) -> Connector:
    """A connector with settings that are not saved. Values that are references are resolved.

    ``transport`` takes the place of the lane's own connections, e.g. to record what goes over them.
    Raises UnknownConnector, and BadSettings where a setting or a secret can't work.
    """
    cls = connector_class(connector)
    values: dict[str, Any] = {key: secret_resolve(v) if is_reference(v) else v for key, v in settings.items()}
    try:
        made = cls.Settings(**values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadSettings(f"The settings can't be used: {where}: {first['msg']}.") from None
    lane = SourceLane(title or cls.title, internal=made.internal, transport=transport)
    auth = lane.auth_for((cls, made.model_dump_json()), lambda: cls.auth(made))
    return cls(made, lane.http(made.base_url, headers=cls.headers(made), limit_s=limit_s, auth=auth))


@contextmanager
def connector_trying(source: Tryable, limit_s: float = 10.0) -> Iterator[tuple[Connector, Call]]:
    """A stored source's connector, in its lane and within its limit; or a bound one, within ``limit_s``.

    Raises what opening a source raises (BadSettings) and what its lane says (Busy, NotNow).
    """
    if isinstance(source, Source):
        with lane_of(source).admit(), call(source.source_limit_s) as this:
            yield connector_open(source), this
    else:
        with call(limit_s) as this:
            yield source, this
