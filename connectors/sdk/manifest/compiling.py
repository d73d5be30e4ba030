"""From the text of a ``connector.toml`` to a connector's class."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urljoin

from pydantic import Field, ValidationError, create_model

from connectors.sdk import auth as ways
from connectors.sdk.connector import Settings
from connectors.sdk.manifest import polling, schema
from connectors.sdk.manifest.asking import Looks, ManifestConnector, Receives
from connectors.sdk.manifest.checks import misfits
from connectors.sdk.manifest.fields import Known
from connectors.sdk.manifest.positions import lines_of
from connectors.sdk.manifest.problems import ManifestError, Problem, of_syntax, of_validation, problem_at
from connectors.sdk.manifest.templates import Template
from connectors.sdk.signatures import Hmac, Signature, StandardWebhooks, StripeScheme

FILE = "connector.toml"


def connector_from(path: Path | str) -> type[ManifestConnector]:
    """The connector that this manifest, or the one in this folder, describes: a class like one written in Python.

    Raises ManifestError with every problem and its line, and OSError where there is no such file.
    """
    place = Path(path)
    place = place / FILE if place.is_dir() else place
    try:
        text = place.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ManifestError(_name(str(place)), [Problem(1, "The file is not UTF-8; save it so.")]) from None
    return compiled(text, str(place))


def compiled(text: str, path: str = FILE) -> type[ManifestConnector]:
    """The connector that this text describes; ``path`` is where it stands, for errors. Raises ManifestError."""
    manifest = manifest_of(text, _name(path))
    parts = [*_polls(manifest), *([Looks] if manifest.lookup else []), *([Receives] if manifest.receive else [])]
    members: dict[str, Any] = {
        "__doc__": f"{manifest.title}, as {Path(path).name} describes it.",
        "manifest": manifest,
        "manifest_path": path,
        "title": manifest.title,
        "domain": manifest.domain,
        "version": manifest.version,
        "Settings": _settings(manifest),
        "accepts": tuple(manifest.lookup),
        "identifying": tuple(manifest.identifying),
        "patterns": dict(manifest.patterns),
        "covers": {scheme: tuple(_covers(manifest, one)) for scheme, one in manifest.lookup.items()},
        "signature": _signature(manifest.receive),
        "overlap_s": manifest.changes.overlap_s if manifest.changes else 0,
        "orders_versions": all(record.version for record in manifest.record.values()),
        "headers": classmethod(lambda cls, settings: _filled(manifest.headers, settings)),
        "auth": classmethod(lambda cls, settings: _auth(manifest.auth, settings)),
    }
    name = "".join(word.title() for word in re.findall(r"\w+", manifest.title)) or "Manifest"
    return cast(type[ManifestConnector], type(name, tuple(parts) or (ManifestConnector,), members))


def _name(path: str) -> str:
    """The file with its folder: ``wms/connector.toml``."""
    return "/".join(Path(path).parts[-2:])


def manifest_of(text: str, name: str = FILE) -> schema.Manifest:
    """The manifest as a value. Raises ManifestError with every problem and its line."""
    text = text.replace("\r\n", "\n")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ManifestError(name, [of_syntax(text, str(error))]) from None
    lines = lines_of(text)
    problems = [problem_at(lines, place, said) for place, said in misfits(raw)]
    try:
        found = schema.Manifest.model_validate(raw, context=Known.of(raw))
    except ValidationError as error:
        problems += of_validation(error, lines)
    if problems:
        raise ManifestError(name, problems)
    return found


def _polls(manifest: schema.Manifest) -> list[type[ManifestConnector]]:
    if manifest.changes is None:
        return []
    if manifest.changes.updated:
        return [polling.PollsByTime]
    return [polling.BackfillsByCursor if manifest.changes.from_start else polling.PollsByCursor]


def _covers(manifest: schema.Manifest, spec: schema.Lookup) -> list[str]:
    record = manifest.record[spec.record or next(iter(manifest.record))]
    return record.kinds if spec.covers is None else spec.covers


def _settings(manifest: schema.Manifest) -> type[Settings]:
    fields: dict[str, Any] = {}
    for name, spec in manifest.settings.items():
        inherited = Settings.model_fields.get(name)
        about = spec.help or (inherited.description if inherited else "") or ""
        plain = str if spec.default is None else type(spec.default)
        kind: Any = Literal[tuple(spec.choices)] if spec.choices else plain
        fields[name] = (kind, Field(... if spec.default is None else spec.default, description=about))
    return create_model("Settings", __base__=Settings, **fields)


def _filled(texts: dict[str, Template], settings: Any) -> dict[str, str]:
    """Texts with settings filled in; one whose setting is empty is left out."""
    values = settings.model_dump(mode="json")
    found = {name: template.value(values) for name, template in texts.items()}
    return {name: str(text) for name, text in found.items() if text not in (None, "")}


def _auth(spec: schema.Auth | None, settings: Any) -> ways.Auth | None:
    if spec is None:
        return None
    values = settings.model_dump(mode="json")
    if spec.bearer:
        return ways.Bearer(_one(spec.bearer, values))
    if spec.basic:
        return ways.Basic(_one(spec.basic.user, values), _one(spec.basic.password, values))
    if spec.oauth2:
        return _oauth2(spec.oauth2, values, settings)
    headers = [ways.Header(name, text) for name, text in _filled(spec.header, settings).items()]
    params = [ways.Query(name, text) for name, text in _filled(spec.query, settings).items()]
    return ways.Several(*headers, *params)


def _oauth2(spec: schema.OAuth2, values: dict[str, Any], settings: Settings) -> ways.Auth:
    url = _one(spec.token_url, values)
    whole = settings.base_url.rstrip("/") + url if url.startswith("/") else urljoin(settings.base_url, url)
    return ways.OAuth2ClientCredentials(
        whole, _one(spec.client_id, values), _one(spec.client_secret, values), scope=_one(spec.scope, values),
        audience=_one(spec.audience, values), in_body=spec.in_body, internal=settings.internal,
    )  # fmt: skip


def _one(template: Template, values: dict[str, Any]) -> str:
    found = template.value(values)
    return "" if found is None else str(found)


def _signature(spec: schema.Receive | None) -> Signature | None:
    if spec is None:
        return None
    how = spec.signature
    if how.kind == "hmac":
        return Hmac(how.header, how.algorithm, how.encoding, how.prefix, how.id, how.stamp)
    return StandardWebhooks() if how.kind == "standard-webhooks" else StripeScheme()
