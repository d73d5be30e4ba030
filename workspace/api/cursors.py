"""Page cursors: opaque, signed, and tied to what they were made for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core import signing
from rest_framework.request import Request

from workspace.api.problems import bad_query

SALT = "throughline.api.cursor"
PARAMETERS = ("cursor", "as_of")


def made(content: Mapping[str, Any], about: str, query: Mapping[str, str]) -> str:
    """A cursor for the same list (``about``) under the same filters."""
    return signing.dumps([about, _filters(query), content], salt=SALT, compress=True)


def read(cursor: str, about: str, query: Mapping[str, str]) -> dict[str, Any]:
    """What ``made`` was given. Raises a ``bad-cursor`` problem for anything else."""
    how = "Take it from the last page's next_cursor, or start again without it."
    try:
        list_, filters, content = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise bad_query(f"This cursor is not one of ours. {how}", "cursor", "bad-cursor") from None
    if list_ != about or filters != _filters(query):
        raise bad_query(f"This cursor was made for another list or other filters. {how}", "cursor", "bad-cursor")
    return dict(content)


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name not in PARAMETERS and value}


def page(
    request: Request, query: Mapping[str, str], rows: list[Any], cursor: str | None, as_of: datetime, **more: Any
) -> dict[str, Any]:
    """The shape of every list that has pages."""
    following = None
    if cursor:
        asked = request._request.GET.copy()
        asked.pop("as_of", None)
        asked["cursor"] = cursor
        following = request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
    return {"as_of": as_of.isoformat(), "results": rows, "next": following, "next_cursor": cursor, **more}
