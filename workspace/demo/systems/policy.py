"""The demo policy library: versioned documents over HTTP with ETags, which can be edited while it runs.

A document is Markdown under TOML front matter (between lines of ``+++``) that holds its terms for
machines. Bearer key; ``If-None-Match`` is answered 304.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from secrets import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workspace.demo.systems.base import Problem, System, database, serve, whole_number
from workspace.demo.systems.control import own_id

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (id TEXT, version INTEGER, terms TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (id, version));
"""
FIXED = frozenset({"document", "version", "kind", "in_force_from", "in_force_to"})
"""Terms that an edit does not touch: they say which document it is."""


def document_save(db: sqlite3.Connection, terms: dict[str, Any], text: str) -> None:
    """Write one version of a document. ``text`` may name terms: ``{refund_days}``, ``{bank_days[card][0]}``."""
    row = (terms["document"], int(terms["version"]), json.dumps(terms, ensure_ascii=False), text)
    db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", row)


def toml(value: Any) -> str:
    """A value as TOML writes it in one line."""
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def rendered(row: sqlite3.Row) -> tuple[str, str]:
    """The document as it is sent, and its ETag."""
    terms = json.loads(row["terms"])
    front = "\n".join(f"{key} = {toml(value)}" for key, value in terms.items())
    text = f"+++\n{front}\n+++\n\n{row['text'].format_map(terms)}"
    return text, f'"{sha256(text.encode()).hexdigest()[:20]}"'


def _row(db: sqlite3.Connection, document: str, version: int | None) -> sqlite3.Row:
    row = db.execute(
        "SELECT * FROM documents WHERE id = ? AND (version = ? OR ? IS NULL) ORDER BY version DESC LIMIT 1",
        (document, version, version),
    ).fetchone()
    if row is None:
        which = f"version {version} of " if version else ""
        raise Problem(404, f"There is no {which}document {document[:40]}.")
    assert isinstance(row, sqlite3.Row)
    return row


def listing(request: Request) -> Response:
    """Every document in its newest version, with the numbers of all its versions."""
    with database(request) as db:
        ids = [r["id"] for r in db.execute("SELECT DISTINCT id FROM documents ORDER BY id")]
        found = [_row(db, document, None) for document in ids]
    return JSONResponse({"documents": [
        {"id": r["id"], "url": f"/documents/{r['id']}", "version": r["version"], "etag": rendered(r)[1],
         "versions": list(range(1, r["version"] + 1))} for r in found
    ]})  # fmt: skip


def one(request: Request) -> Response:
    version = whole_number(request, "version", 0, 10**6) if "version" in request.query_params else None
    with database(request) as db:
        text, etag = rendered(_row(db, request.path_params["document"], version))
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    sent = [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]
    if etag in sent:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)


# -- the control ------------------------------------------------------------------------------------


def edit_policy(db: sqlite3.Connection, command: Mapping[str, Any]) -> dict[str, Any]:
    """Change terms: ``{"ref": "policy:RF-12", "set": {"refund_days": 4}}``.

    It corrects the newest version where it stands; with ``from`` (a day) it makes a new version that is
    in force from that day, and ends the one before on the day before.
    """
    old = _row(db, own_id(db, command, "policy"), None)
    terms = json.loads(old["terms"])
    changes = command.get("set")
    if not isinstance(changes, dict) or not changes:
        raise Problem(422, 'Say what changes: "set": {"refund_days": 4}.')
    start = _day(command["from"]) if "from" in command else None
    if start:
        if start <= date.fromisoformat(terms["in_force_from"]):
            raise Problem(422, "A new version begins after the one before it.")
        document_save(db, {**terms, "in_force_to": (start - timedelta(days=1)).isoformat()}, old["text"])
        terms = {**terms, "version": str(old["version"] + 1), "in_force_from": start.isoformat()}
        terms.pop("in_force_to", None)
    for key, value in changes.items():
        terms[key] = _merged(terms, key, value)
    document_save(db, terms, old["text"])
    row = _row(db, old["id"], None)
    return {"document": row["id"], "version": row["version"], "etag": rendered(row)[1]}


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Problem(422, "from must be a day, e.g. 2026-11-23.") from None


def _merged(terms: Mapping[str, Any], key: str, value: Any) -> Any:
    """The new value of a term, of the kind that it was; tables are changed entry by entry."""
    old = terms.get(key)
    if key in FIXED or old is None:
        known = ", ".join(sorted(set(terms) - FIXED))
        raise Problem(422, f"{key[:40]!r} is not a term to change here; these are: {known}.")
    if type(value) is not type(old) or (isinstance(old, list) and len(value) != len(old)):
        raise Problem(422, f"{key} must look like {json.dumps(old)}.")
    if isinstance(old, int) and not 0 <= value <= 3650:
        raise Problem(422, f"{key} must be from 0 to 3650.")
    if isinstance(old, dict):
        return {**old, **{k: _merged(old, k, v) for k, v in value.items()}}
    if isinstance(old, list):
        return [_merged({"item": o}, "item", v) for o, v in zip(old, value, strict=True)]
    return value


def about(db: sqlite3.Connection) -> dict[str, Any]:
    rows = db.execute("SELECT id, max(version) AS version FROM documents GROUP BY id ORDER BY id")
    return {"documents": {f"policy:{r['id']}": r["version"] for r in rows}}


def allowed(request: Request, token: str) -> bool:
    return compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())


SYSTEM = System(
    name="policy", title="The policy library", own="policy", schema=SCHEMA, allowed=allowed, about=about,
    routes=[Route("/documents", listing), Route("/documents/{document}", one)], verbs={"edit_policy": edit_policy},
)  # fmt: skip

if __name__ == "__main__":
    serve(SYSTEM)
