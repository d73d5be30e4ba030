"""The ways in which sources page their lists. Each is read to its end, and none can go in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn, Protocol

from connectors.sdk.errors import Missing, Unreadable
from connectors.sdk.http import Http

Next = str | Mapping[str, Any] | None
"""Where the next page is: an address, parameters to ask with, or None after the last."""

ABSENT = object()


class Paging(Protocol):
    """What ``pages`` needs to know. An object holds no state: it may be a constant of a connector."""

    def first(self) -> Mapping[str, Any]:  # pragma: no cover
        """Parameters of the first page."""
        ...

    def following(self) -> Callable[[Any, int], Next] | None:  # pragma: no cover
        """A new function from a page's document and its number of items to the next page; None: by Link header."""
        ...


@dataclass(frozen=True)
class NextLink:
    """The address of the next page stands in the body, at ``path`` (``links.next``)."""

    path: str

    def first(self) -> Mapping[str, Any]:
        return {}

    def following(self) -> Callable[[Any, int], Next]:
        return lambda document, count: _text(at(document, self.path), self.path)


@dataclass(frozen=True)
class LinkHeader:
    """The address of the next page stands in the ``Link`` header, with ``rel="next"``."""

    def first(self) -> Mapping[str, Any]:
        return {}

    def following(self) -> None:
        return None


@dataclass(frozen=True)
class Cursor:
    """The body holds, at ``path``, what to send as the parameter ``param`` for the next page. ``more`` is the path of
    a yes or no, for sources that send a cursor with the last page too."""

    path: str
    param: str = "cursor"
    more: str = ""

    def first(self) -> Mapping[str, Any]:
        return {}

    def following(self) -> Callable[[Any, int], Next]:
        def step(document: Any, count: int) -> Next:
            if self.more and not _yes(at(document, self.more), self.more):
                return None
            cursor = at(document, self.path)
            return {self.param: cursor} if cursor not in (None, "", ABSENT) else None

        return step


@dataclass(frozen=True)
class PageNumber:
    """Pages are numbered in ``param``, from ``start``. ``size`` and ``limit`` ask for so many items a page.

    The last page is the one after which ``total`` items (a path), or ``last`` pages (a path), were read. Where the
    source tells neither, it is the first empty one: a source may send fewer than were asked for on any page.
    """

    param: str = "page"
    start: int = 1
    size: str = ""
    limit: int = 100
    total: str = ""
    last: str = ""

    def first(self) -> Mapping[str, Any]:
        return {self.param: self.start, **({self.size: self.limit} if self.size else {})}

    def following(self) -> Callable[[Any, int], Next]:
        number, seen = self.start, 0

        def step(document: Any, count: int) -> Next:
            nonlocal number, seen
            seen += count
            ended = not count or (self.total and seen >= _count(document, self.total))
            if ended or (self.last and number - self.start + 1 >= _count(document, self.last)):
                return None
            number += 1
            return {self.param: number}

        return step


@dataclass(frozen=True)
class Offset:
    """Items are skipped by ``param``; ``size`` and ``limit`` ask for so many a page. It goes on from the items really
    sent, up to ``total`` (a path), or to the first empty page where the source tells no total."""

    param: str = "offset"
    size: str = "limit"
    limit: int = 100
    total: str = ""

    def first(self) -> Mapping[str, Any]:
        return {self.param: 0, **({self.size: self.limit} if self.size else {})}

    def following(self) -> Callable[[Any, int], Next]:
        seen = 0

        def step(document: Any, count: int) -> Next:
            nonlocal seen
            seen += count
            return None if not count or (self.total and seen >= _count(document, self.total)) else {self.param: seen}

        return step


def pages(
    http: Http,
    path: str,
    params: Mapping[str, Any] | None = None,
    paging: Paging | None = None,
    items: str = "",
    max_pages: int = 100,
) -> Iterator[tuple[list[Any], Any]]:
    """Each page's items and its whole document. ``items`` is their path (``data.returns``; empty: the document is the
    list). Without ``paging`` there is one page. Raises Unreadable where the list is not there."""
    if paging is None:
        document = http.get(path, params)
        yield listed(document, items, http.name), document
        return
    step = paging.following()
    found: list[Any] = []

    def onward(document: Any) -> Next:
        return step(document, len(found)) if step else None

    asked = {**(params or {}), **paging.first()}
    documents = http.pages(path, asked, onward if step else None, max_pages=max_pages)
    first = True
    while True:
        try:
            document = next(documents)
        except StopIteration:
            return
        except Missing:  # some sources answer 404 to the page after their last
            if first or not isinstance(paging, (PageNumber, Offset)):
                raise
            return
        first, found = False, listed(document, items, http.name)
        yield found, document


def listed(document: Any, items: str, source: str = "The source") -> list[Any]:
    """The list at a path. A single object is a list of one; a path that holds null is an empty list."""
    found = at(document, items) if items else document
    if isinstance(found, list):
        return found
    if isinstance(found, dict) and found:
        return [found]
    if found is None and items:
        return []
    raise Unreadable(f"{source} sent no list{f' at {items}' if items else ''}.", f"{type(found).__name__} at {items!r}")


def at(document: Any, path: str) -> Any:
    """What stands at a path like ``meta.next``; ABSENT where nothing does."""
    for name in path.split("."):
        if not isinstance(document, Mapping) or name not in document:
            return ABSENT
        document = document[name]
    return document


def _text(value: Any, path: str) -> str | None:
    if value in (None, "", False, ABSENT):
        return None
    return value if isinstance(value, str) else _unreadable(path, "an address")


def _yes(value: Any, path: str) -> bool:
    return value if isinstance(value, bool) else _unreadable(path, "true or false")


def _count(document: Any, path: str) -> int:
    value = at(document, path)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:18])
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        _unreadable(path, "a number")
    return int(value)


def _unreadable(path: str, what: str) -> NoReturn:
    raise Unreadable(f"The source sent no {what.removeprefix('an ').removeprefix('a ')} at {path}.", f"not {what}")
