"""A mapping as people write it, and one to begin with."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from typing import Any

from connectors.host.errors import BadImport

MAX_TEXT = 100_000


def mapping_read(text: str) -> dict[str, Any]:
    """What a mapping says, written as TOML or as JSON; {} for an empty one. Raises BadImport, with a sentence."""
    if not text.strip():
        return {}
    if len(text) > MAX_TEXT:
        raise BadImport(f"mapping: write at most {MAX_TEXT:,} characters.")
    try:
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadImport(f"mapping: it is neither sound TOML nor JSON: {str(error).rstrip('.')}.") from None
    if not isinstance(found, dict):
        raise BadImport("mapping: it must hold a table with rows or record.")
    return found


def mapping_sketch(columns: Sequence[str]) -> str:
    """A mapping to begin with, for a file with these columns: its first one names the record."""
    fields = [column for column in columns if column and not set(column) & set("{}\"\\\n")]
    names = ", ".join(f"{{{name}}}" for name in fields)
    first = fields[0] if fields else "id"
    order = next((name for name in fields if "order" in name.lower()), first)
    when = next((name for name in fields if any(word in name.lower() for word in ("date", "time", " at", "_at"))), "")
    at = f'at = {{ time = "{{{when}}}", format = "%d.%m.%Y" }}' if when else ""
    return (
        f"# Columns: {names}\n[record.row]\n"
        f'id = "{{{first}}}"\nrefs = {{ order = "{{{order}}}" }}\nfact."return.received" = {{ {at} }}\n'
    )
