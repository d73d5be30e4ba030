"""Where whoever works on pages may point to: else the settings of a source could carry any file of the server out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from connectors.host.errors import BadSource
from connectors.sdk.secrets import is_reference


def reference_allowed(reference: str, field: str = "reference") -> None:
    """Raises BadSource, which names ``field``, for a variable without one of the prefixes of SECRETS_ENV, and for a
    file outside the folders of SECRETS_DIR, wherever its links and dots lead."""
    scheme, _, place = reference.partition(":")
    no = f"{field}: {_shown(reference)} may not be used from here"
    if scheme == "env" and not place.startswith(tuple(settings.SECRETS_ENV)):
        begins = " or ".join(settings.SECRETS_ENV)
        allowed = f"name it so that it begins with {begins}, or have" if begins else "have"
        raise BadSource(f"{no}: {allowed} SECRETS_ENV allow it.")
    if scheme == "file" and not _inside(place):
        folders = " or ".join(map(str, settings.SECRETS_DIR))
        allowed = f"put the secret into {folders}, or have" if folders else "have"
        raise BadSource(f"{no}: {allowed} SECRETS_DIR name its folder.")


def references_allowed(wanted: Mapping[str, Any], saved: Mapping[str, Any]) -> None:
    """The same for every setting that is a reference and was not saved so before."""
    for name, value in wanted.items():
        if is_reference(value) and saved.get(name) != value:
            reference_allowed(value, f"s-{name}")


def _inside(place: str) -> bool:
    try:
        path = Path(place).resolve()
        return any(path.is_relative_to(Path(folder).resolve()) for folder in settings.SECRETS_DIR)
    except (OSError, ValueError, RuntimeError):
        return False


def _shown(reference: str) -> str:
    return reference if len(reference) <= 80 else f"{reference[:79]}…"
