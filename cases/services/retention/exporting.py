"""Everything that is held about a person, for the person: the right of access."""

from __future__ import annotations

import base64
import html
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cases.actors import Actor
from cases.selectors.holdings import holdings
from cases.services.accessing import access_record

CSS = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;"
CSS += "width:100%}td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:"
CSS += "anywhere}th{width:14rem}pre{white-space:pre-wrap;margin:0}"


def customer_export(*, customer: int, actor: Actor, why: str = "") -> bytes:
    """A zip with everything that is held about this customer: ``data.json``, the same to read as ``data.html``, and the
    files of their letters. That it was made, for whom and by whom, is on record. Raises CaseNotFound."""
    found, files = _held(customer, actor, why)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("data.json", json.dumps(found, default=_plain, ensure_ascii=False, indent=1))
        pack.writestr("data.html", page(found))
        for name, content in files:
            pack.writestr(f"letters/{name}", content)
    return out.getvalue()


def customer_held(*, customer: int, actor: Actor, why: str = "") -> dict[str, Any]:
    """The same as plain values, with ``files`` as name and base64; on record in the same way. Raises CaseNotFound."""
    found, files = _held(customer, actor, why)
    plain: dict[str, Any] = json.loads(json.dumps(found, default=_plain))
    return {**plain, "files": [{"name": name, "base64": base64.b64encode(raw).decode()} for name, raw in files]}


def _held(customer: int, actor: Actor, why: str) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    found = holdings(customer=customer)
    access_record(actor=actor, what="export", customer=customer, why=why or "All that is held about them")
    return found


def page(found: Mapping[str, Any]) -> str:
    """The same to read: one heading for each kind of thing, one table for each thing."""
    head = f"<meta charset=utf-8><title>What is held about you</title><style>{CSS}</style>"
    parts = [f"<!doctype html><html lang=en>{head}<h1>What is held about you</h1>"]
    for name, value in found.items():
        parts.append(f"<h2>{html.escape(name.replace('_', ' ').capitalize())}</h2>")
        items = value if isinstance(value, list) else [value]
        parts += [_table(one) for one in items] or ["<p>Nothing.</p>"]
    return "".join(parts)


def _table(value: Any) -> str:
    if not isinstance(value, Mapping):
        return f"<p>{html.escape(str(_plain(value) if value is not None else ''))}</p>"
    named = [(str(k).replace("_", " "), v) for k, v in value.items() if v not in (None, "")]
    rows = [f"<tr><th>{html.escape(name)}<td>{_cell(v)}" for name, v in named]
    return f"<table>{''.join(rows)}</table><br>"


def _cell(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return f"<pre>{html.escape(json.dumps(value, default=_plain, ensure_ascii=False, indent=1))}</pre>"
    return f"<pre>{html.escape(str(_plain(value)))}</pre>"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return base64.b64encode(raw).decode()
    return list(value) if isinstance(value, Sequence | set) and not isinstance(value, str) else value
