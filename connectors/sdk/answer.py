"""What a source answered, and what that means: the mapping from statuses and bodies to errors."""

from __future__ import annotations

import codecs
import email.utils
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn

from connectors.sdk.errors import BadCredentials, Missing, Refused, SourceError, TryAgain, Unreadable
from connectors.sdk.secrets import mask

EXCERPT = 500
MAX_AFTER_S = 24 * 3600.0


@dataclass(frozen=True)
class Answer:
    """One answer below 400. ``headers`` has lower-case names; ``source`` is the name used in sentences."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""
    source: str = "The source"

    @property
    def unchanged(self) -> bool:
        """True for 304: what you know by its ETag still holds, and there is no body."""
        return self.status == 304

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """The document; numbers with a fraction are Decimal, so money keeps its digits. Raises Unreadable.

        JSON sent as plain text is read too if it is an object or a list; HTML never is. An escaped NUL or
        half of a surrogate pair inside a string is legal JSON and left to whoever keeps the row.
        """
        kind = self.content_type
        if kind not in ("", "text/plain", "application/octet-stream") and "json" not in kind:
            self._unreadable(f"sent {kind} instead of JSON")
        try:
            found = _DOCUMENT.decode(self.text())
        except RecursionError:
            self._unreadable("sent JSON that is nested too deeply")
        except ValueError as error:
            self._unreadable("sent JSON that is cut off or broken", str(error))
        if "json" not in kind and not isinstance(found, (dict, list)):
            self._unreadable("sent text instead of JSON")
        return found

    def text(self) -> str:
        """The body in the charset it declares, else UTF-8. Raises Unreadable."""
        if not self.body or not self.content_type:
            self._unreadable("sent an answer without " + ("a body" if not self.body else "a content type"))
        _, _, charset = self.headers.get("content-type", "").lower().partition("charset=")
        name = charset.partition(";")[0].strip(" \"'") or "utf-8"
        try:
            name = name if name == "utf-8" else codecs.lookup(name).name
            text = self.body.decode("utf-8-sig" if name == "utf-8" else name)
        except (LookupError, UnicodeError, ValueError):
            self._unreadable(f"sent text that is not in the charset it names ({name[:20]})")
        if "\0" in text:
            self._unreadable("sent text with NUL characters")
        return text

    def link(self, rel: str = "next") -> str | None:
        """The target of a ``Link`` header, e.g. the next page; None where there is none."""
        for part in self.headers.get("link", "").split(","):
            target, _, marks = part.partition(";")
            if f'rel="{rel}"' in marks or f"rel={rel}" in marks.replace('"', ""):
                return target.strip().strip("<>") or None
        return None

    def excerpt(self) -> str:
        """The start of the body for logs, secrets masked, unprintable characters shown as dots."""
        text = self.body[: 4 * EXCERPT].decode("utf-8", "replace")
        return mask("".join(c if c.isprintable() else "·" for c in text))[:EXCERPT]

    def _unreadable(self, what: str, why: str = "") -> NoReturn:
        body = mask(self.body[:4000].decode("utf-8", "replace").replace("\0", "·"))
        detail = f"{self.source} {what} (status {self.status}). {why} {self.excerpt()}"
        raise Unreadable(f"{self.source} {what}.", detail, body) from None


def error_for(answer: Answer, secrets: tuple[str, ...] = ()) -> SourceError | None:
    """The error that a status means, or None below 300 and for 304."""
    status, source = answer.status, answer.source
    if 200 <= status < 300 or status == 304:
        return None
    detail = f"{source} answered {status}: {mask(answer.excerpt(), secrets)}"
    if status == 401:
        return BadCredentials(f"{source} does not accept our credentials: reconnect it.", detail)
    if status == 403:
        return Refused(f"{source} does not allow us to see this.", detail)
    if status in (404, 410):
        return Missing(f"{source} has no such record.", detail)
    if 300 <= status < 400:
        return Refused(f"{source} redirects elsewhere, which is not followed.", detail)
    if status in (408, 425, 429) or status >= 500:
        after = retry_after(answer.headers.get("retry-after"))
        why = "asks us to slow down" if status == 429 else "is in trouble"
        return TryAgain(f"{source} {why} ({status}).", detail, after)
    return Refused(f"{source} refused the request ({status}).", detail)


def retry_after(value: str | None) -> float | None:
    """Seconds to wait, from ``Retry-After`` given as seconds or as an HTTP date; None where unreadable."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_AFTER_S)
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return min(max(0.0, (when - datetime.now(UTC)).total_seconds()), MAX_AFTER_S)


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > 400:
        raise ValueError("a number is out of all proportion")
    return number


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


_DOCUMENT = json.JSONDecoder(parse_float=_number, parse_constant=_constant)
