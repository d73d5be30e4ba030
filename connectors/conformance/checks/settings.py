"""Settings: described, drawn as a form, and without a secret of their own."""

from __future__ import annotations

from pydantic_core import PydanticUndefined

from connectors.conformance.checking import check, need
from connectors.conformance.subject import NOWHERE, Subject
from connectors.sdk import Settings
from connectors.sdk.forms import fields_of
from connectors.sdk.secrets import is_reference, names_secret

_PROVES = ("auth", "key", "token", "cookie", "secret", "password")


@check("settings-described", "Every setting is described, so that its form explains itself.")
def settings_described(subject: Subject) -> None:
    need(issubclass(subject.cls.Settings, Settings), "Settings must be a subclass of connectors.sdk.Settings.")
    for field in fields_of(subject.cls.Settings):
        need(field.help, f'Describe the setting {field.name}: {field.name}: … = Field(…, description="…").')


@check("settings-secrets", "A setting that holds a secret takes a reference, and has no secret as its default.")
def settings_secrets(subject: Subject) -> None:
    for name, info in subject.cls.Settings.model_fields.items():
        if not names_secret(name):
            continue
        need(info.annotation in (str, str | None), f"{name} is named as a secret: make it a str, for a reference.")
        default = info.get_default(call_default_factory=True)
        fine = default in ("", None, PydanticUndefined) or is_reference(default)
        need(fine, f"{name} has a default that is no reference: leave it empty, or write env:NAME.")


@check("settings-secret-names", "What proves who we are comes from settings that are named as secrets.")
def settings_secret_names(subject: Subject) -> None:
    """The host resolves, masks and hides only what is named so."""
    for name, info in subject.cls.Settings.model_fields.items():
        if names_secret(name) or info.annotation is not str or name in Settings.model_fields or info.metadata:
            continue
        made = subject.settings(NOWHERE, **{name: "zq7marker"})
        for header, value in subject.cls.headers(made).items():
            proves = any(word in header.lower() for word in _PROVES)
            need(not (proves and "zq7marker" in value), f"The header {header} is made from the setting {name}, which "
                 "is not named as a secret: call it key, token, password or …_secret.")  # fmt: skip
