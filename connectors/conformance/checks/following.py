"""Pages to their end, and what is new since a cursor."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from connectors.conformance.checking import NotHere, check, fail, need
from connectors.conformance.servers import Replay
from connectors.conformance.subject import LIMIT_S, Subject, ask
from connectors.sdk import Page
from connectors.sdk.calls import call
from connectors.sdk.testing import say

_GOES_ON = re.compile(r"page|offset|cursor|after|start|skip|next|token|since|from|^p$|^s$")
"""How parameters are named that say where a list goes on."""
_ABOUT_PAGES = ("_links", "links", "meta", "page_info", "pageInfo", "paging", "pagination")
_MORE = re.compile(r"(@odata\.)?next(link|page|cursor|url|href|pagetoken|offset)?|has(more|next|nextpage|nextcursor)")
"""Names of fields, without underscores, that say that a list goes on."""
_PAGED = "manage.py connector record, of a ref or a cursor with more than one page of answers"


@check("paging-second-page", "A recording shows that pages are followed.", http=True)
def paging_second_page(subject: Subject) -> None:
    need(_paged(subject), f"The ledger says that paging is done, but no recording has a second page: {_PAGED}.")


@check("paging-exempt", "Where the ledger exempts paging, nothing that was recorded has another page.", http=True)
def paging_exempt(subject: Subject) -> None:
    if subject.ledger.status("paging") != "exempt":
        raise NotHere("Its ledger does not exempt paging.")
    for run in _runs(subject):
        with subject.server() as server:
            run(subject.connector(server.url))
        need(not second_page(server.asked), "A second page was asked for: say in the ledger that paging is done.")
        where = next((path for path, headers, body in server.answers if announces_more(headers, body)), "")
        need(not where, f"The recorded answer of {where} announces another page, which nobody reads: follow it with "
             "self.http.pages, or leave it out with complete=False.")  # fmt: skip


@check("paging-broken", "When a later page can't be had, the first ones are never told as all there is.", http=True)
def paging_broken(subject: Subject) -> None:
    for run, at in _paged(subject):
        with Replay(subject.recordings, spoil_at=at, spoiled=say(500, "Trouble.")) as server:
            need(not run(subject.connector(server.url)), "Page after page was read until one failed, and what came "
                 "before was told as complete: let the error out, or yield complete=False.")  # fmt: skip


@check("paging-loop", "Pages that never end are stopped.", http=True)
def paging_loop(subject: Subject) -> None:
    """Of changes the host itself reads so many pages at a time, and no more."""
    for run, _ in _paged(subject, changes=False):
        with Replay(subject.recordings, stuck=True) as server:
            whole = run(subject.connector(server.url))
            need(not whole, "The source gave the same page again and again, and it was told as complete: "
                 "use self.http.pages, which sees that.")  # fmt: skip


@check("changes-from-now", "changes(None) yields one empty page with the present cursor.")
def changes_from_now(subject: Subject) -> None:
    pages = _changes(subject, None)
    need(len(pages) == 1 and not pages[0].rows, "changes(None) means from now on: yield one Page((), cursor).")


@check("changes-cursor", "Every page of changes has a cursor that is text.")
def changes_cursor(subject: Subject) -> None:
    _tells(subject)
    for page in _changes(subject, None) + _changes(subject, _cursor(subject)):
        need(isinstance(page.cursor, str) and page.cursor, "A Page's cursor must be a text, and never empty.")


@check("changes-same-twice", "Reading the same changes twice brings the same rows.")
def changes_same_twice(subject: Subject) -> None:
    _tells(subject)
    first, again = _changes(subject, _cursor(subject)), _changes(subject, _cursor(subject))
    same = [[(r.type, r.id, r.body) for r in p.rows] for p in first]
    need(same == [[(r.type, r.id, r.body) for r in p.rows] for p in again],
         "Read twice from one cursor, the rows differ: take them from the source alone.")  # fmt: skip


@check("changes-broken", "A source in trouble never looks like one without news.", http=True)
def changes_broken(subject: Subject) -> None:
    _tells(subject)
    cursor = _cursor(subject)
    with Replay(subject.recordings, spoil_at=1, spoiled=say(500, "Trouble.")) as server:
        try:
            pages = list(subject.connector(server.url).changes(cursor))
        except Exception:  # noqa: BLE001 any error stops the poll, and the cursor stays
            return
    need(not pages, "The source answered 500, and changes yielded a page: let the error out, so that the cursor stays.")


def _cursor(subject: Subject) -> str:
    if subject.ledger.cursor is None:
        fail('Say in ledger.toml from which cursor the changes were recorded: [conformance] cursor = "…".')
    return str(subject.ledger.cursor)


def _tells(subject: Subject) -> None:
    if not subject.cls.can("changes"):
        raise NotHere("It tells nothing by itself: it defines no changes.")


def _changes(subject: Subject, cursor: str | None) -> list[Page]:
    _tells(subject)
    with subject.opened() as connector, call(10):
        try:
            return list(connector.changes(cursor))
        except Exception as error:  # noqa: BLE001
            fail(f"changes({cursor!r}) over the recordings ends in {type(error).__name__}: {error}. Record it.")


Run = Callable[[Any], bool]
"""Asks a connector, and says whether what it got was told as whole."""


def _paged(subject: Subject, changes: bool = True) -> list[tuple[Run, int]]:
    """What leads to a second page in the recordings, and which request, counted from 1, asks for it."""
    if subject.ledger.status("paging") != "done":
        raise NotHere("Its ledger does not say that paging is done.")
    found = []
    for run in _runs(subject, changes):
        with subject.server() as server:
            run(subject.connector(server.url))
        at = second_page(server.asked)
        if at:
            found.append((run, at))
    return found


def _runs(subject: Subject, changes: bool = True) -> list[Run]:
    """Everything that the recordings answer."""
    runs = [_asks(ref) for ref in subject.refs] if subject.cls.can("lookup") else []
    if changes and subject.cls.can("changes") and subject.ledger.cursor is not None:
        runs.append(_polls(subject.ledger.cursor))
    return runs


def announces_more(headers: Mapping[str, Any], body: Any) -> bool:
    """True for an answer that says where, or that, its list goes on: a Link header, or a field by a usual name."""
    link = next((str(value) for name, value in headers.items() if name.lower() == "link"), "")
    if re.search(r"""rel=["']?next\b""", link):
        return True
    places = [body, *(body.get(name) for name in _ABOUT_PAGES)] if isinstance(body, dict) else []
    return any(
        value not in (None, "", False, {}, []) and _MORE.fullmatch(str(name).replace("_", "").lower())
        for place in places if isinstance(place, dict) for name, value in place.items()
    )  # fmt: skip


def _asks(ref: Any) -> Run:
    return lambda connector: ask(connector, [ref]).is_told_as_whole


def _polls(cursor: str) -> Run:
    def run(connector: Any) -> bool:
        try:
            with call(LIMIT_S):
                return bool(list(connector.changes(cursor)))
        except Exception:  # noqa: BLE001
            return False

    return run


class Request(Protocol):
    """One request, sent or recorded."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


def second_page(asked: Sequence[Request]) -> int:
    """Counted from 1: the first request that differs from an earlier one only in where it goes on; else 0."""
    seen: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for number, one in enumerate(asked, 1):
        for before in seen[(one.method, one.path)]:
            names = [n for n in {*one.params, *before.params} if one.params.get(n) != before.params.get(n)]
            if names and all(map(_GOES_ON.search, names)):
                return number
        seen[(one.method, one.path)].append(one)
    return 0
