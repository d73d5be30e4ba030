"""The REST warehouse, which is nothing but a manifest, over its recordings."""

import json
from datetime import UTC, date, datetime

import pytest

from connectors.sdk import Delivery, Found, Ref, Row, Unreadable
from connectors.sdk.signatures import Hmac
from tests.contrib.conftest import CONTRIB, Make, ask, facts

ZONE = {"zone": "Europe/Helsinki"}


def told(make: Make, ref: str) -> tuple[Found, dict[str, object]]:
    connector = make("rest", **ZONE)
    found = ask(connector, ref)
    return found, {f.kind: f for f in facts(connector, found.rows)}


def test_it_is_one_file_and_reads_nothing_else() -> None:
    assert not list((CONTRIB / "rest").glob("*.py"))
    text = (CONTRIB / "rest" / "connector.toml").read_text()
    assert len([line for line in text.splitlines() if line.strip()]) <= 45


def test_a_return_is_told_with_its_times_in_the_warehouses_zone(replayed: Make) -> None:
    found, said = told(replayed, "return:RMA-88412")
    (row,) = found.rows
    assert (row.version, row.url.partition("/ui")[2]) == (4, "/returns/RMA-88412")
    assert list(said) == ["return.dispatched", "return.received", "return.inspected", "rest.restocked"]
    times = [f.occurred for f in said.values()]  # type: ignore[attr-defined]
    assert times[0] == date(2026, 11, 10) and times[1] == datetime(2026, 11, 13, 14, 2, tzinfo=UTC)
    assert said["return.inspected"].data == {"result": "passed", "grade": "A"}  # type: ignore[attr-defined]
    assert said["rest.restocked"].said == "Put back into stock at Dock 3"  # type: ignore[attr-defined]


def test_an_id_with_a_slash_and_a_failed_inspection_are_read(replayed: Make) -> None:
    found, said = told(replayed, "return:RMA/88 451")
    assert found.rows[0].id == "RMA/88 451" and found.rows[0].url.endswith("/RMA%2F88%20451")
    assert said["return.inspected"].data == {"result": "failed", "grade": "C"}  # type: ignore[attr-defined]


def test_the_returns_of_an_order_are_read_to_the_last_page(replayed: Make) -> None:
    found, said = told(replayed, "order:48-2210")
    assert [row.id for row in found.rows] == ["RMA-88412", "RMA-88430"] and found.complete
    assert list(told(replayed, "order:48-0000")[0].rows) == []
    assert list(told(replayed, "return:RMA-00000")[0].rows) == []


def test_a_dispatch_that_only_the_status_implies_has_no_time(replayed: Make) -> None:
    _, said = told(replayed, "return:RMA-88430")
    assert said["return.dispatched"].implied  # type: ignore[attr-defined]


def test_changes_go_on_from_two_minutes_before_the_latest(replayed: Make) -> None:
    connector = replayed("rest", **ZONE)
    pages = list(connector.changes("2026-11-16T06:00:00+00:00"))
    assert [row.id for page in pages for row in page.rows] == ["RMA-88412", "RMA-88430", "RMA/88 451", "RMA-88460"]
    assert pages[-1].cursor == "2026-11-16T08:12:00+00:00"
    assert [row.id for page in connector.changes(pages[-1].cursor) for row in page.rows] == ["RMA-88460"]


def delivered(make: Make, body: object) -> list[Row]:
    headers = {"x-warehouse-delivery": "dlv_1"}
    delivery = Delivery("dlv_1", headers, json.dumps(body).encode(), datetime(2026, 11, 16, tzinfo=UTC))
    return list(make("rest", **ZONE).receive(delivery))


def test_a_delivery_says_what_a_lookup_says(replayed: Make) -> None:
    recorded = json.loads((CONTRIB / "rest" / "recordings" / "deliveries" / "01-inspected.json").read_text())
    (row,) = delivered(replayed, recorded["body"])
    (looked_up,) = ask(replayed("rest", **ZONE), "return:RMA-88412").rows
    assert (row.id, row.version, row.body) == (looked_up.id, looked_up.version, looked_up.body)
    assert delivered(replayed, {"event": "ping"}) == []


@pytest.mark.parametrize("body", [{"event": "return.split"}, {}, [1], {"event": "return.updated"}])
def test_a_delivery_of_an_unknown_sort_is_kept_for_later(replayed: Make, body: object) -> None:
    with pytest.raises(Unreadable):
        delivered(replayed, body)


def test_deliveries_are_signed_as_the_manifest_says(replayed: Make) -> None:
    signature = type(replayed("rest")).signature
    assert signature == Hmac("X-Warehouse-Signature", prefix="sha256=", id="X-Warehouse-Delivery")


def test_a_status_that_is_not_named_is_kept_and_not_guessed(replayed: Make) -> None:
    connector = replayed("rest")
    row = Row("return", "1", {"rma": "1", "status": "ON_HOLD"})
    with pytest.raises(ValueError, match="'ON_HOLD' is not named in connector.toml"):
        list(connector.read(row))
    assert ask(connector, "return:RMA-88412").ref == Ref("return", "RMA-88412")
