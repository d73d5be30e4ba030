"""Each way of paging is read to its end against a real server, whatever the source does with sizes and ends."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.sdk import Missing, Unreadable
from connectors.sdk.http import Http
from connectors.sdk.paging import Cursor, LinkHeader, NextLink, Offset, PageNumber, Paging, listed, pages
from connectors.sdk.testing import Asked, Server, say

Reply = Callable[[Asked], tuple[Any, dict[str, str]]]
ROWS = [{"id": n} for n in range(7)]
SIZE = 3


def cut(start: int) -> list[Any]:
    return ROWS[start : start + SIZE]


def by_link(asked: Asked) -> tuple[Any, dict[str, str]]:
    start = int(asked.params.get("from", 0))
    more = f"/rows?from={start + SIZE}" if start + SIZE < len(ROWS) else None
    return {"data": {"rows": cut(start)}, "next": more}, {"Link": f'<{more}>; rel="next"'} if more else {}


def by_cursor(asked: Asked) -> tuple[Any, dict[str, str]]:
    start = int(asked.params.get("after", "c0")[1:])
    return {"data": {"rows": cut(start)}, "meta": {"next": f"c{start + SIZE}", "more": start + SIZE < len(ROWS)}}, {}


def by_page(asked: Asked) -> tuple[Any, dict[str, str]]:
    start = (int(asked.params["page"]) - 1) * SIZE
    return {"data": {"rows": cut(start)}, "total": len(ROWS), "pages": "3"}, {}


def by_offset(asked: Asked) -> tuple[Any, dict[str, str]]:
    return {"data": {"rows": cut(int(asked.params["offset"]))}, "total": len(ROWS)}, {}


def read(reply: Reply, paging: Paging | None, **more: Any) -> tuple[list[Any], list[Asked]]:
    def behave(sock: Any, asked: Asked) -> None:
        document, headers = reply(asked)
        say(200 if document is not None else 404, document or {}, headers)(sock, asked)

    with Server(behave) as server:
        http = Http(server.url, internal=True)
        found = list(pages(http, "/rows", {"kind": "return"}, paging, "data.rows", **more))
    return [row for rows, _ in found for row in rows], server.asked


@pytest.mark.parametrize(
    ("reply", "paging", "asked"),
    [
        (by_link, NextLink("next"), 3), (by_link, LinkHeader(), 3),
        (by_cursor, Cursor("meta.next", "after", "meta.more"), 3),
        (by_page, PageNumber(), 4), (by_page, PageNumber(size="per_page", limit=100), 4),
        (by_page, PageNumber(total="total"), 3), (by_page, PageNumber(last="pages"), 3),
        (by_offset, Offset(), 4), (by_offset, Offset(limit=100, total="total"), 3),
    ],
)  # fmt: skip
def test_every_row_is_read_once_also_where_pages_are_smaller_than_asked_for(
    reply: Reply, paging: Paging, asked: int
) -> None:
    rows, requests = read(reply, paging)
    assert rows == ROWS and len(requests) == asked and requests[0].params["kind"] == "return"


@pytest.mark.parametrize("paging", [PageNumber(), Offset()])
def test_a_source_that_answers_404_after_its_last_page_has_ended(paging: Paging) -> None:
    def reply(asked: Asked) -> tuple[Any, dict[str, str]]:
        document, headers = (by_page if "page" in asked.params else by_offset)(asked)
        return (document if document["data"]["rows"] else None), headers

    assert read(reply, paging)[0] == ROWS


def test_a_404_to_the_first_page_is_still_missing() -> None:
    with pytest.raises(Missing):
        read(lambda asked: (None, {}), PageNumber())


@pytest.mark.parametrize("paging", [PageNumber(), Offset(), Cursor("meta.next"), NextLink("data.self")])
def test_a_source_that_sends_the_same_page_for_ever_is_unreadable(paging: Paging) -> None:
    same = {"data": {"rows": ROWS[:3], "self": "/rows"}, "meta": {"next": "c3"}}
    with pytest.raises(Unreadable, match="again and again"):
        read(lambda asked: (same, {}), paging)


def test_a_link_to_another_host_is_not_followed() -> None:
    with pytest.raises(Exception, match="another address"):
        read(lambda asked: ({"data": {"rows": ROWS}, "next": "https://elsewhere.example/rows"}, {}), NextLink("next"))


@pytest.mark.parametrize("document", [{"data": "none"}, {"rows": []}, [], "text", {"data": {"rows": 3}}])
def test_an_answer_without_its_list_is_unreadable_and_never_an_empty_one(document: Any) -> None:
    with pytest.raises(Unreadable, match=r"no list at data\.rows"):
        listed(document, "data.rows")


def test_a_single_object_is_a_list_of_one_and_null_is_none() -> None:
    assert listed({"data": {"rows": ROWS[0]}}, "data.rows") == [ROWS[0]] and listed({"rows": None}, "rows") == []
    assert listed(ROWS, "") == ROWS


def test_a_total_that_is_no_number_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="number at total"):
        read(lambda asked: ({"data": {"rows": ROWS}, "total": "many"}, {}), Offset(total="total"))
