"""When two letters are the same one: their id, and what does not change on the way."""

from __future__ import annotations

import hashlib
import re

_ID = re.compile(r"<([^<>\s]{1,490})>")
_LASTING = ("from", "date", "subject")
MAX_HEAD = 262_144


def message_id_of(raw: bytes) -> str:
    """Its Message-ID without angle brackets; empty where it has none that can be kept."""
    found = ids_in(_headers(raw).get("message-id", b"").decode("utf-8", "replace"))
    return found[0] if found else ""


def content_digest(raw: bytes) -> str:
    """SHA-256 over sender, date, subject and body. Headers that mail servers add on the way don't count, and neither
    do ends of lines."""
    headers = _headers(raw)
    told = hashlib.sha256()
    for name in _LASTING:
        told.update(b" ".join(headers.get(name, b"").split()) + b"\n")
    told.update(_parts(raw)[1].replace(b"\r\n", b"\n").rstrip())
    return told.hexdigest()


def ids_in(text: str) -> tuple[str, ...]:
    """Message-IDs in a header's text, in their order, each once."""
    sound = (i for i in _ID.findall(text[:20_000]) if i.isprintable() and not any("\ud800" <= c <= "\udfff" for c in i))
    return tuple(dict.fromkeys(sound))


def _parts(raw: bytes) -> tuple[bytes, bytes]:
    """Headers and body. A letter without an empty line is all headers."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    if not ends:
        return raw, b""
    at, wide = min(ends)
    return raw[:at], raw[at + wide :]


def _headers(raw: bytes) -> dict[str, bytes]:
    """The first of each header, unfolded, by its lower-case name."""
    found: dict[str, bytes] = {}
    name = ""
    for line in _parts(raw)[0][:MAX_HEAD].splitlines():
        if line[:1] in (b" ", b"\t") and name:
            found[name] += b" " + line.strip()
            continue
        head, colon, rest = line.partition(b":")
        key = head.decode("ascii", "replace").strip().lower()
        name = key if colon and key not in found else ""
        if name:
            found[name] = rest.strip()
    return found
