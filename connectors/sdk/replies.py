"""One reply as it comes off the wire: parsed, unpacked and bounded while it arrives."""

from __future__ import annotations

import zlib
from typing import Any

import httptools

from connectors.sdk.exchange import Reply, Trouble

MAX_HEAD = 262_144
"""Bytes of status line and headers; llhttp has no limit of its own."""
_BODILESS = (204, 304)


class Incoming:
    """Feed it what is received until ``done``. An interim answer (1xx) is passed over."""

    def __init__(self, max_bytes: int) -> None:
        self._parser: Any = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)  # harmless: nobody reads on
        self._max_bytes = max_bytes
        self._head_bytes = 0
        self._headed = False
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._unpack: _Unpacking | None = None
        self._trouble: Trouble | None = None
        self.done = False
        self.keeps = False
        """True where the connection may be used again: nothing else came, and it was not said to close."""

    def feed(self, data: bytes) -> None:
        """Raises Trouble."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise Trouble("lost", "the connection was upgraded to another protocol") from None
        except httptools.HttpParserError as error:
            raise self._trouble or Trouble("lost", f"not HTTP: {error}") from None
        self._head_bytes += 0 if self._headed else len(data)
        if self._head_bytes > MAX_HEAD:
            raise Trouble("lost", f"more than {MAX_HEAD} bytes of headers")
        if self._trouble:
            raise self._trouble

    def end(self) -> None:
        """The connection closed. Raises Trouble, unless a body ends just so."""
        announced = "content-length" in self._headers or "transfer-encoding" in self._headers
        if not self._headed or announced:
            raise Trouble("lost", f"the connection closed inside the {'body' if self._headed else 'headers'}")
        self.done = True

    def reply(self) -> Reply:
        return Reply(self._parser.get_status_code(), self._headers, bytes(self._body))

    def on_message_begin(self) -> None:
        if self.done:
            self.keeps = False  # more came than was asked for

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.done:
            return
        key, text = name.decode("latin-1").lower(), value.decode("latin-1").strip()
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        if self._parser.get_status_code() < 200:
            self._headers = {}
        elif not self.done:
            self._headed = True
            packed = self._headers.get("content-encoding", "").lower()
            self._unpack = _Unpacking(packed) if packed in ("gzip", "x-gzip", "deflate") else None

    def on_body(self, data: bytes) -> None:
        if self._trouble or self.done:
            return
        try:
            room = self._max_bytes + 1 - len(self._body)
            self._body += self._unpack.more(data, room) if self._unpack else data[:room]
        except zlib.error as error:
            self._trouble = Trouble("packed", str(error))
        if len(self._body) > self._max_bytes:
            self._trouble = Trouble("too big", f"more than {self._max_bytes} bytes", bytes(self._body[:2000]))

    def on_message_complete(self) -> None:
        if self._headed and not self.done:
            self.done, self.keeps = True, self._parser.should_keep_alive()


class _Unpacking:
    """gzip, zlib and bare deflate, as far as there is room."""

    def __init__(self, packed: str) -> None:
        self._bare_too = packed == "deflate"
        self._stream = zlib.decompressobj(15 if self._bare_too else 31)

    def more(self, data: bytes, room: int) -> bytes:
        found = b""
        while data and len(found) < room:
            try:
                found += self._stream.decompress(data, room - len(found))
            except zlib.error:
                if not self._bare_too:
                    raise
                self._bare_too, self._stream = False, zlib.decompressobj(-15)
                continue
            self._bare_too = False
            data = self._stream.unconsumed_tail
            if self._stream.eof:
                data = self._stream.unused_data.lstrip(b"\0")
                self._stream = zlib.decompressobj(31)  # gzip may come in several members
        return found
