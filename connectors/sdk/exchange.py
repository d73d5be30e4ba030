"""What goes out, what comes back, and the one small interface between: a request, a reply, a transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlsplit

from connectors.sdk.calls import Call

Why = Literal["lost", "untrusted", "address", "packed", "too big"]


@dataclass(frozen=True)
class Request:
    """A prepared request. ``url`` is absolute, in its wire form, and was found to be the source's own."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def target(self) -> str:
        """What stands in the request line: the path with its query."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True)
class Reply:
    """A whole answer. Header names are in lower case; the body is unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """True where asking once more could bring nothing better."""
        return self.status < 500 and self.status not in (408, 425, 429)


class Trouble(Exception):
    """An exchange that gave no whole answer: ``lost`` (try again), a certificate that is ``untrusted``, an
    ``address`` that can't be called, a body that can't be unpacked (``packed``) or is ``too big``."""

    def __init__(self, why: Why, detail: str, start: bytes = b"") -> None:
        super().__init__(detail)
        self.why = why
        self.start = start
        """What had come of the body."""


class Transport(Protocol):
    """The way to one source. Threads share it."""

    def send(self, request: Request, within: Call, max_bytes: int) -> Reply:
        """The answer, whatever its status. Ends when ``within`` does, at the latest, and tells it by ``within.uses``
        what to cut then. Raises Trouble, or BadSettings where the address may not be called."""

    def close(self) -> None:
        """Let go of what is kept open."""
