"""One policy document: Markdown under TOML front matter between lines of ``+++``."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from typing import Any

from connectors.sdk import Fact, Ref

_FRONT = re.compile(r"\A\ufeff?\s*\+\+\+[ \t]*\r?\n(.*?)^\+\+\+[ \t]*\r?\n?(.*)\Z", re.DOTALL | re.MULTILINE)
_FAMILY = re.compile(r"^policy\.([a-z_]+)$")


def split(markdown: str) -> tuple[dict[str, Any], str]:
    """The terms and the text. ValueError says what is wrong with the front matter."""
    found = _FRONT.match(markdown)
    if not found:
        raise ValueError("The document must begin with its terms as TOML between two lines of +++.")
    try:
        return tomllib.loads(found[1].replace("\r\n", "\n")), found[2].strip()
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"The terms between the lines of +++ are not TOML: {error}.") from None


def family(markdown: str) -> str | None:
    """``refunds`` for ``kind = "policy.refunds"``; None where the document can't be read."""
    try:
        terms, _ = split(markdown)
    except ValueError:
        return None
    found = _FAMILY.match(str(terms.get("kind")))
    return found[1] if found else None


def fact(markdown: str, zone: str) -> Fact:
    """The document as a holding that is so from its first day. ValueError where terms are missing or wrong."""
    terms, text = split(markdown)
    kind = str(terms.pop("kind", ""))
    found = _FAMILY.match(kind)
    if not found:
        raise ValueError('The terms need a kind, e.g. kind = "policy.returns".')
    data = {"zone": zone, **_plain(terms), "text": text}
    data["version"] = str(data.get("version", ""))
    try:
        start = date.fromisoformat(str(data.get("in_force_from")))
        end = date.fromisoformat(str(data.get("in_force_to", date.max)))
    except ValueError:
        raise ValueError("in_force_from and in_force_to must be days, e.g. in_force_from = 2026-01-01.") from None
    if end < start:
        raise ValueError(f"The document ends ({end}) before it begins ({start}).")
    refs = [Ref("policy", found[1]), Ref("document", str(data.get("document", "")))]
    return Fact(kind, data, refs, occurred=start)


def _plain(value: Any) -> Any:
    """TOML's days and times as text, so that the terms are plain JSON."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
