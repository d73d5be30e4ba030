"""A source may send our own key back to us. What is kept of it then is masked: no secret lies in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.sdk import BadSettings, Connector
from connectors.sdk.secrets import MASKED, is_reference, names_secret, secret_resolve

SHORTEST = 8
"""A shorter secret might be an ordinary word or number of the source's data, which must stay as it is."""


def secrets_of(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The values of a source's secrets, of references and of settings in which they are resolved alike."""
    found = set()
    for name, value in settings.items():
        if not isinstance(value, str):
            continue
        secret = _resolved(value) if is_reference(value) else value if names_secret(name) else ""
        if len(secret) >= SHORTEST:
            found.add(secret)
    return tuple(sorted(found, key=len, reverse=True))


def connector_secrets(connector: Connector) -> tuple[str, ...]:
    """The secrets that this connector works with."""
    return secrets_of(getattr(connector.settings, "__dict__", {}))


def bytes_masked(body: bytes, secrets: Sequence[str]) -> bytes:
    for secret in secrets:
        body = body.replace(secret.encode(), MASKED.encode())
    return body


def value_masked(value: Any, secrets: Sequence[str]) -> Any:
    """A text, or JSON, without these secrets, wherever in it they stand."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASKED)
        return value
    if isinstance(value, Mapping):
        return {value_masked(name, secrets): value_masked(inner, secrets) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [value_masked(inner, secrets) for inner in value]
    return value


def _resolved(reference: str) -> str:
    try:
        return secret_resolve(reference)
    except BadSettings:
        return ""
