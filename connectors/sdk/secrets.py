"""Secrets are references, ``env:KEY`` or ``file:/path``: resolved late, kept nowhere, masked in what is shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from connectors.sdk.errors import BadSettings

MASKED = "•••"
_MIN_MASKED = 4
"""Shorter values would also blank out ordinary words and numbers."""
_MAX_READ = 65_536
"""Characters: a reference to something endless must not fill the memory."""

_SECRET_NAME = re.compile(
    r"(^|_)(password|passphrase|secret|token)(_before)?$|^key$|(^|_)(api|private|secret|access)_?key$"
)
_OURS = re.compile(
    r"(SECRET_KEY|LEDGER_KEY|OIDC_CLIENT_SECRET|METRICS_TOKEN|PG\w*|OTEL_\w+|INBOX_PASSWORD"
    r"|(DATABASE|DATABASE_OWNER|LISTEN|BROKER|EMAIL|INBOX)_URL)$"
)
"""Variables of the product itself: who may set up a source could else have them sent to an address of their own."""
_resolved: set[str] = set()


def secret_resolve(reference: str) -> str:
    """The secret that ``env:KEY`` or ``file:/path`` points to, stripped of white space at both ends.

    Raises BadSettings that names the reference, never the value. A text that is no reference is refused
    (and not repeated: it may be the secret itself).
    """
    scheme, _, place = str(reference).partition(":")
    if scheme not in ("env", "file") or not place:
        raise BadSettings("Give the secret as a reference: env:NAME or file:/path, not the secret itself.")
    if scheme == "env" and _OURS.match(place.upper()):
        raise BadSettings(f"{reference} is the product's own: keep the source's secret in another variable.")
    value = os.environ.get(place, "") if scheme == "env" else _read(place, reference)
    value = value.strip()
    if not value:
        raise BadSettings(f"The secret {reference} is missing or empty: set it where the product runs.")
    if len(value) >= _MIN_MASKED:
        _resolved.add(value)
    return value


def names_secret(field: str) -> bool:
    """True for a setting whose name says that it holds a secret: key, api_key, password, client_secret, token…"""
    return bool(_SECRET_NAME.search(field))


def is_reference(text: object) -> bool:
    """True for ``env:NAME`` and ``file:/path``."""
    return isinstance(text, str) and text.startswith(("env:", "file:/"))


def mask(text: str, extra: Iterable[str] = ()) -> str:
    """``text`` with every secret resolved so far, and every value of ``extra``, blanked out."""
    for value in sorted(_resolved.union(extra), key=len, reverse=True):
        if len(value) >= _MIN_MASKED:
            text = text.replace(value, MASKED)
    return text


def told(text: object) -> str:
    """``text`` as it may be shown and kept: secrets blanked out, NUL and lone surrogates as their escapes."""
    return mask(str(text)).replace("\x00", "\\u0000").encode("utf-8", "backslashreplace").decode()


def _read(place: str, reference: str) -> str:
    try:
        path = Path(place)
        if not path.is_file() or path.resolve().parts[1:2] in (("proc",), ("sys",), ("dev",)):
            raise OSError("no ordinary file")
        with path.open(encoding="utf-8") as file:
            return file.read(_MAX_READ)
    except (OSError, ValueError) as error:
        raise BadSettings(
            f"The secret {reference} can't be read: {type(error).__name__}. Check the path and its rights."
        ) from None
