"""Where a request goes and what it carries: addresses that stay at home, and headers that can be sent."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, quote_plus, urlencode, urlsplit

import idna

from connectors.sdk.errors import BadSettings

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\x21-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\xff])?")
_PLAIN = re.compile(r"https?://[A-Za-z0-9._~:-]+(/[A-Za-z0-9._~:@,=+-]*)*")
"""An address that is in its wire form already."""
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
Params = Mapping[str, Any] | list[tuple[str, Any]] | None
_MIN_WORD = 8
"""Shorter words of a header, such as ``Bearer``, are no secrets."""


@functools.lru_cache(maxsize=512)
def base_parts(base_url: str) -> Any:
    """A base URL taken apart. Raises BadSettings where it can't be called."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and bool(origin(parts)[1]) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username is not None or parts.query or parts.fragment:
        raise BadSettings("The base URL must look like https://host/path, without a name, a query or a fragment.")
    return parts


def origin(parts: Any) -> tuple[str, str, int]:
    """Scheme, host in its wire form, and port. Raises ValueError for what has none."""
    return _origin(parts.scheme, parts.netloc)


@functools.lru_cache(maxsize=512)
def _origin(scheme: str, netloc: str) -> tuple[str, str, int]:
    parts = SplitResult(scheme, netloc, "", "", "")
    host = (parts.hostname or "").lower()
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode()
    return scheme, host, parts.port or {"http": 80, "https": 443}.get(scheme, 0)


def safe_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers. Raises BadSettings, without the value, where one could not be sent."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
            raise BadSettings(f"The header {name[:40]!r} has a value that can't be sent: check the secret behind it.")
    return dict(headers)


def secret_parts(headers: Mapping[str, str], params: Mapping[str, str] | None = None) -> set[str]:
    """Whole values and their words, so that ``Bearer`` tokens are masked when echoed alone, in every form."""
    words = {word for value in headers.values() for word in (value, *value.split()) if len(word) >= _MIN_WORD}
    return words | {form for v in (params or {}).values() for form in (v, quote(v, safe=""), quote_plus(v))}


def in_wire_form(url: str, params: Params = None) -> str:
    """``url`` as it is called: ASCII alone, nothing encoded twice, ``params`` behind its own, no fragment. A parameter
    may be given as a list to repeat it; one that is None is left out."""
    if not params and _PLAIN.fullmatch(url):
        return url
    parts = urlsplit(url)
    pairs = params.items() if isinstance(params, Mapping) else params or ()
    asked = urlencode([(name, value) for name, value in pairs if value is not None], doseq=True)
    query = "&".join(part for part in (_encoded(parts.query), asked) if part)
    return parts._replace(path=_encoded(parts.path), query=query, fragment="").geturl()


def _encoded(text: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", text), safe="!#$%&'()*+,/:;=?@[]~")


def with_params(url: str, params: Mapping[str, str]) -> str:
    """``url`` with these parameters in its query, in the place of any of the same name."""
    if not params:
        return url
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in params]
    return parts._replace(query=urlencode([*kept, *params.items()])).geturl()
