"""Stripe's lists, searches and single objects, as its documentation has them and as other programs speak them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.contrib.stripe.reading import Obj, id_of
from connectors.sdk import Missing, Refused, Unreadable
from connectors.sdk.http import Http

Params = list[tuple[str, Any]]
PAGE = 100


class Api:
    """What Stripe shows at its addresses. Raises the SourceErrors of ``Http``, and Unreadable for what is no list."""

    def __init__(self, http: Http) -> None:
        self.http = http

    def one(self, kind: str, id: str, *expanded: str) -> Any:
        """One object: ``one("charges", "ch_1", "customer")``. Raises Missing."""
        return self.http.get(self.http.path(f"/v1/{kind}/{{id}}", id=id), expand("", *expanded))

    def one_or_none(self, kind: str, id: str) -> Any:
        """The same, or None where there is none or the key may not see it."""
        try:
            return self.one(kind, id)
        except (Missing, Refused):
            return None

    def first(self, path: str, params: Params) -> list[Obj]:
        """The objects on the first page of a list or search."""
        return self._page(path, params)[0]

    def pages(self, path: str, params: Params) -> Iterator[list[Obj]]:
        """Every page of a list. The last id leads to the next, whichever way the list is ordered."""
        after: Params = []
        seen: set[str] = set()
        more = True
        while more:
            data, more = self._page(path, [("limit", PAGE), *params, *after])
            yield data
            last = id_of(data[-1]) if data else ""
            if more and last in seen:
                raise Unreadable("Stripe sends the same page again and again.", f"loop of pages at {path}")
            seen.add(last)
            after = [("starting_after", last)]

    def _page(self, path: str, params: Params) -> tuple[list[Obj], bool]:
        """The objects of one page, and whether there are more."""
        document = self.http.get(path, params)
        data = document.get("data") if isinstance(document, dict) else None
        if not isinstance(data, list) or not all(isinstance(o, dict) and id_of(o) for o in data):
            raise Unreadable("Stripe sent something other than a list.", f"no list of objects at {path}")
        return data, bool(data and document.get("has_more"))


def expand(prefix: str, *names: str) -> Params:
    return [("expand[]", prefix + name) for name in names]
