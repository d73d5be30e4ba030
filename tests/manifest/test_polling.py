"""What is new: by the time of the last change and by the source's own cursor; and what deliveries mean."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.sdk import Delivery, StandardWebhooks, StripeScheme, TryAgain, Unreadable
from connectors.sdk.http import Http
from connectors.sdk.testing import Asked, Server, say
from tests.manifest.conftest import RETURN, Facing, with_parts

CHANGES = '[changes]\nget = "/changes"\nparams = { since = "{cursor}" }\nitems = "rows"\nupdated = "{at}"\n'
CURSOR = (
    '[changes]\nget = "/changes"\nparams = { after = "{cursor}" }\nitems = "rows"\ncursor = "next"\nmore = "more"\n'
    'from_now = "latest"\n'
)


def row(n: int, at: str) -> dict[str, Any]:
    return {**RETURN, "rma": f"RMA-{n}", "at": at}


def polled(facing: Facing, rows: list[Any], cursor: str, more: str = "", **settings: Any) -> tuple[Any, Server]:
    connector, server = facing(with_parts(CHANGES + more), lambda asked: {"rows": rows}, **settings)
    return list(connector.changes(cursor)), server


def test_the_cursor_is_the_latest_change_and_moves_with_the_last_page_alone(facing: Facing) -> None:
    rows = [row(1, "2026-11-16T10:00:00Z"), row(2, "2026-11-16T09:00:00Z"), row(3, "2026-11-16T12:30:00")]
    pages, server = polled(facing, rows, "2026-11-16T06:00:00+00:00")
    assert server.asked[0].params == {"since": "2026-11-16T06:00:00Z"}
    assert [p.cursor for p in pages] == ["2026-11-16T06:00:00+00:00", "2026-11-16T10:30:00+00:00"]
    assert [len(p.rows) for p in pages] == [3, 0]


def test_rows_that_come_oldest_first_move_the_cursor_page_by_page(facing: Facing) -> None:
    def answers(asked: Asked) -> Any:
        page = int(asked.params["page"])
        return {"rows": [row(page, f"2026-11-16T0{page}:00:00Z")] if page < 4 else []}

    text = with_parts(CHANGES + 'oldest_first = true\npaging = { page = "page" }')
    connector, _ = facing(text, answers)
    cursors = [page.cursor[11:13] for page in connector.changes("2026-11-16T00:30:00+00:00")]
    assert cursors == ["01", "02", "03", "03"]


def test_a_source_that_breaks_its_order_is_told_before_a_row_is_lost(facing: Facing) -> None:
    rows = [row(1, "2026-11-16T10:00:00Z"), row(2, "2026-11-16T09:00:00Z")]
    with pytest.raises(Unreadable, match="oldest first"):
        polled(facing, rows, "2026-11-16T06:00:00+00:00", "oldest_first = true")


def test_the_overlap_is_read_again_and_the_format_is_the_sources_own(facing: Facing) -> None:
    more = 'overlap_s = 60\n[times]\nformat = "unix"\n'
    pages, server = polled(facing, [row(1, "x")], "1970-01-01T00:00:30+00:00", more)
    assert server.asked[0].params == {"since": "0"} and len(pages[0].rows) == 1
    _, server = polled(facing, [], "2026-11-16T06:00:00.750+00:00", more)
    assert server.asked[0].params == {"since": str(1794808800 - 60)}


@pytest.mark.parametrize("at", ["2999-01-01T00:00:00Z", "soon", "", None, 3])
def test_a_wrong_clock_never_moves_the_cursor_past_now(facing: Facing, at: Any) -> None:
    pages, _ = polled(facing, [row(1, at), "no row"], "2026-11-16T06:00:00+00:00")
    assert datetime.fromisoformat(pages[-1].cursor) <= datetime.now(UTC) and len(pages[0].rows) == 2


def test_from_now_on_means_the_sources_clock_where_it_is_behind(facing: Facing) -> None:
    connector, _ = facing(with_parts(CHANGES), lambda asked: {})
    behind = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    for date, expected in ((behind.strftime("%a, %d %b %Y %H:%M:%S GMT"), behind), ("never", None)):
        with Server(say(200, {}, {"Date": date})) as server:
            (page,) = type(connector)(connector.settings, Http(server.url, internal=True)).changes(None)
        assert page.rows == () and datetime.fromisoformat(page.cursor) >= behind
        assert expected is None or datetime.fromisoformat(page.cursor) == expected


def test_what_is_new_by_time_can_be_backfilled_from_any_day(facing: Facing) -> None:
    connector, _ = facing(with_parts(CHANGES), lambda asked: {})
    assert connector.cursor_at(None) == "1970-01-01T00:00:00+00:00"
    assert connector.cursor_at(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00+00:00"


LOG = [[1, 2], [3], [4, 5]]


def by_cursor(asked: Asked) -> Any:
    n = {"latest": 3, "first": 0}.get(asked.params["after"], -1)
    n = int(asked.params["after"][1:]) if n < 0 else n
    rows = [row(k, "") for k in (LOG[n] if n < len(LOG) else [])]
    return {"rows": rows, "next": f"c{min(n + 1, 3)}", "more": n + 1 < len(LOG)}


def test_a_cursor_of_the_sources_own_is_followed_while_there_is_more(facing: Facing) -> None:
    connector, server = facing(with_parts(CURSOR + 'from_start = "first"'), by_cursor)
    (now,) = connector.changes(None)
    assert (now.rows, now.cursor) == ((), "c3") and server.asked[0].params == {"after": "latest"}
    pages = list(connector.changes(connector.cursor_at(datetime(2026, 1, 1, tzinfo=UTC))))
    assert [r.id for p in pages for r in p.rows] == [f"RMA-{n}" for n in range(1, 6)] and pages[-1].cursor == "c3"
    assert [page.cursor for page in connector.changes("c3")] == ["c3"]


def test_without_a_way_to_start_over_there_is_no_backfill(facing: Facing) -> None:
    connector, _ = facing(with_parts(CURSOR), by_cursor)
    assert not type(connector).can("cursor_at") and type(connector).can("changes")


def test_rows_without_a_cursor_are_no_page(facing: Facing) -> None:
    connector, _ = facing(with_parts(CURSOR), lambda asked: {"rows": [row(1, "")]})
    with pytest.raises(Unreadable, match="no cursor at next"):
        list(connector.changes("c1"))


def test_a_source_in_trouble_yields_no_page(facing: Facing) -> None:
    for part in (CHANGES, CURSOR):
        connector, _ = facing(with_parts(part), lambda asked: {})
        with Server(say(503)) as server, pytest.raises(TryAgain):
            connector = type(connector)(connector.settings, Http(server.url, internal=True))
            list(connector.changes("2026-11-16T06:00:00+00:00"))


def delivered(facing: Facing, receive: str, body: Any) -> Any:
    connector, server = facing(with_parts(f"[receive]\n{receive}"), lambda asked: RETURN)
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return connector, [r.id for r in connector.receive(Delivery("1", {}, sent, datetime.now(UTC)))], server


def test_a_delivery_carries_rows_or_names_what_to_look_up(facing: Facing) -> None:
    connector, ids, _ = delivered(facing, 'signature = "standard-webhooks"\nitems = "data"', {"data": [RETURN, RETURN]})
    assert ids == ["RMA-1", "RMA-1"] and type(connector).signature == StandardWebhooks()
    twice = {"returns": [{"rma": "RMA-1"}, {"rma": "RMA-1"}]}
    receive = 'signature = "stripe"\nlook_up = { return = "{returns.rma}" }'
    connector, ids, server = delivered(facing, receive, twice)
    assert ids == ["RMA-1"] and len(server.asked) == 1 and type(connector).signature == StripeScheme()


def test_the_id_of_a_delivery_may_stand_in_its_body(facing: Facing) -> None:
    connector, _, _ = delivered(facing, 'signature = "stripe"\nid = "{event.id}"', {**RETURN, "event": {"id": 7}})
    assert type(connector).delivery_id({}, b'{"event": {"id": 7}}') == "7"
    assert [type(connector).delivery_id({}, body) for body in (b"{}", b"[]", b"x", b'{"event": []}')] == [""] * 4


@pytest.mark.parametrize("body", [b"no json", {"other": 1}, [], b"[" * 100_000])
@pytest.mark.parametrize(
    "receive", ['items = "data"', 'look_up = { return = "{rma}" }', 'type = "{t}"\ntypes = { x = "" }']
)
def test_a_delivery_that_means_nothing_certain_is_unreadable(facing: Facing, receive: str, body: Any) -> None:
    with pytest.raises(Unreadable):
        delivered(facing, f'signature = "stripe"\n{receive}', body)
