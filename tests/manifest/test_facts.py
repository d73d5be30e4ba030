"""From the text of a manifest, over real HTTP, to the facts that a rep would see."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from connectors.sdk import BadCredentials, Ref, Refused, Row, Unreadable
from connectors.sdk.http import Http
from connectors.sdk.testing import Server, say
from tests.manifest.conftest import DEPOT, RETURN, Facing, facts, with_parts

EET = timezone(timedelta(hours=2))


def asked_about(facing: Facing, sent: Any, text: str = DEPOT, ref: str = "return:RMA-1") -> tuple[Any, Any]:
    connector, _ = facing(text, lambda asked: sent)
    (found,) = connector.lookup([Ref.parse(ref)])
    return connector, found


def read(facing: Facing, sent: dict[str, Any], text: str = DEPOT) -> Any:
    connector, _ = facing(text, lambda asked: sent)
    return facts(connector, [Row("return", "1", sent)])


def test_a_useful_manifest_has_at_most_thirty_lines() -> None:
    assert len([line for line in DEPOT.splitlines() if line.strip()]) <= 30


def test_a_status_says_its_kinds_and_fields_give_their_times(facing: Facing) -> None:
    connector, found = asked_about(facing, RETURN)
    said = facts(connector, found.rows)
    assert found.complete and found.rows[0].id == "RMA-1" and list(said) == ["return.received", "return.inspected"]
    received = said["return.received"]
    assert received.occurred == datetime(2026, 11, 13, 16, 2, tzinfo=EET) and received.data == {"by": "Dock 3"}
    assert received.refs == [Ref("return", "RMA-1"), Ref("order", "48-1193")]
    assert said["return.inspected"].occurred == datetime(2026, 11, 16, 8, 41, 7, tzinfo=UTC)
    assert said["return.inspected"].data == {"result": "passed"}


def test_a_milestone_that_only_the_status_implies_has_no_time(facing: Facing) -> None:
    said = read(facing, {**RETURN, "received_at": None})
    assert said["return.received"].implied and said["return.received"].occurred is None
    assert not said["return.inspected"].implied


def test_a_status_decides_and_a_time_alone_says_nothing_of_a_kind_that_a_status_names(facing: Facing) -> None:
    assert read(facing, {**RETURN, "state": "EXPECTED"}) == {}
    assert list(read(facing, {**RETURN, "state": "RECEIVED"})) == ["return.received"]


def test_a_kind_that_no_status_names_is_said_where_its_time_stands(facing: Facing) -> None:
    text = with_parts('fact."return.requested" = { at = "{asked_at}" }')
    assert read(facing, {**RETURN, "asked_at": "2026-11-01"}, text)["return.requested"].occurred == date(2026, 11, 1)
    assert "return.requested" not in read(facing, RETURN, text)


def test_the_time_of_the_status_is_that_of_its_own_kind(facing: Facing) -> None:
    sent = {**RETURN, "received_at": "", "inspected_at": "", "since": "2026-11-16T08:41:07Z"}
    said = read(facing, sent, with_parts('status_at = "{since}"'))
    assert said["return.inspected"].occurred == datetime(2026, 11, 16, 8, 41, 7, tzinfo=UTC)
    assert said["return.received"].implied


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"state": "LOST"}, "'LOST' is not named in connector.toml"), ({"state": "received"}, "is not named"),
        ({"state": None}, "It has no status"), ({"state": ["RECEIVED"]}, "is a list"), ({"state": True}, "yes or no"),
        ({"result": "MAYBE"}, "return.inspected: result: {result} is 'MAYBE', which the table does not name"),
        ({"received_at": "soon"}, "'soon' is not a time"), ({"order": {"number": ["a", {}]}}, "is an object"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_said_and_never_guessed(facing: Facing, sent: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as raised:
        read(facing, {**RETURN, **sent})
    assert said in str(raised.value)


def test_a_404_is_a_complete_nothing_and_an_error_in_a_200_is_not(facing: Facing) -> None:
    _, found = asked_about(facing, None)
    assert list(found.rows) == [] and found.complete
    for sent in ({"error": "try later"}, {}, "text", 3):
        with pytest.raises(Unreadable):
            asked_about(facing, sent)


def test_what_is_asked_about_stays_in_its_place_of_the_address(facing: Facing) -> None:
    connector, server = facing(DEPOT, lambda asked: None)
    list(connector.lookup([Ref("return", "a/../b?c=ä+1")]))
    assert server.asked[0].raw_path == "/returns/a%2F..%2Fb%3Fc%3D%C3%A4%2B1"
    assert server.asked[0].headers["x-api-key"] == "k-e-y-1"


def test_one_reference_that_can_not_be_asked_about_costs_the_others_nothing(facing: Facing) -> None:
    connector, _ = facing(DEPOT, lambda asked: RETURN)
    answers = connector.lookup([Ref("return", ".."), Ref("return", "RMA-1")])
    assert [row.id for row in next(iter(answers)).rows] == ["RMA-1"]
    with pytest.raises(Refused, match="can't be asked about"):
        list(answers)


def test_the_check_says_its_sentence_or_what_is_wrong(facing: Facing) -> None:
    connector, _ = facing(DEPOT, lambda asked: {})
    assert connector.check() == "The depot answers and takes the key."
    with Server(say(401)) as server, pytest.raises(BadCredentials):
        type(connector)(connector.settings, Http(server.url, internal=True)).check()


MONEY = """
title = "Ledger"
domain = "finance"
[check]
get = "/"
[lookup.payment]
get = "/refunds"
params = { payment = "{value}" }
items = "data.refunds"
paging = { page = "page", total = "total" }
[record.refund]
id = "{id}"
version = "{rev}"
url = "{settings.base_url}/ui/{id}"
refs = { refund = "{id}", payment = "{payment}", order = "{orders.number}" }
[record.refund.fact."refund.paid"]
at = { time = "{paid}", format = "unix_ms" }
amount = { minor = "{cents}", currency = "{cur}" }
lines = { each = "lines", label = "{text}", kind = "item", amount = { money = "{sum}", currency = "{record.cur}" } }
[record.refund.fact."ledger.noted"]
said = "Noted by {who.name} at desk {desk}"
tags = ["{tag}", "fixed"]
open = true
count = { number = "{n}" }
"""
REFUND: dict[str, Any] = {
    "id": "re/1", "rev": "7", "payment": "pay_1", "orders": [{"number": "A"}, {"number": "B"}, {}],
    "paid": 1763308867000, "cents": 8490, "cur": "eur", "lines": [{"text": "Shoes", "sum": "84.9"}],
    "who": {"name": "Aino"}, "tag": "x", "n": "2.0",
}  # fmt: skip


def test_money_lists_versions_and_addresses(facing: Facing) -> None:
    connector, server = facing(MONEY, lambda a: {"data": {"refunds": [REFUND]}, "total": 1})
    (found,) = connector.lookup([Ref("payment", "pay_1")])
    (row,) = found.rows
    assert (row.type, row.id, row.version, row.url) == ("refund", "re/1", 7, f"{server.url}/ui/re%2F1")
    said = facts(connector, found.rows)
    paid = said["refund.paid"]
    assert paid.data["amount"] == {"amount": "84.90", "currency": "EUR"}
    assert paid.data["lines"] == [{"label": "Shoes", "kind": "item", "amount": {"amount": "84.90", "currency": "EUR"}}]
    assert paid.occurred == datetime(2025, 11, 16, 16, 1, 7, tzinfo=UTC)
    assert [r.value for r in paid.refs] == ["re/1", "pay_1", "A", "B"]
    assert said["ledger.noted"].said == "Noted by Aino at desk ?"
    assert said["ledger.noted"].data == {"tags": ["x", "fixed"], "open": True, "count": 2}
    assert type(connector).orders_versions and type(connector).covers == {"payment": ("refund.paid", "ledger.noted")}


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"cents": "84.90"}, "minor units"), ({"cents": 84.9}, "minor units"), ({"cur": None}, "but no currency"),
     ({"cur": "euros"}, "currency code"), ({"lines": "Shoes"}, "not a list of objects"), ({"n": "two"}, "not a number"),
     ({"paid": "17633O8867000"}, "is not a time")],
)  # fmt: skip
def test_money_that_is_not_certain_is_no_money(facing: Facing, sent: dict[str, Any], said: str) -> None:
    connector, _ = facing(MONEY, lambda asked: {})
    with pytest.raises(ValueError, match=said):
        facts(connector, [Row("refund", "1", {**REFUND, **sent})])


def test_pages_are_read_to_the_end_and_what_is_cut_off_is_told(facing: Facing) -> None:
    def answers(asked: Any) -> Any:
        return {"data": {"refunds": [{**REFUND, "id": asked.params["page"]}]}, "total": 5}

    for pages, complete in ((5, True), (3, False)):
        text = MONEY.replace('items = "data.refunds"', f'items = "data.refunds"\npages = {pages}')
        connector, server = facing(text, answers)
        (found,) = connector.lookup([Ref("payment", "pay_1")])
        assert (len(found.rows), found.complete, bool(found.reason)) == (pages, complete, not complete)
        assert len(server.asked) <= pages + 1


def test_a_lookup_that_may_hide_rows_says_why(facing: Facing) -> None:
    asks = 'get = "/returns/{value}"'
    more = 'complete = false\nwhy = "Only this year is shown."\ncovers = "return.received"'
    text = DEPOT.replace(asks, f"{asks}\n{more}")
    connector, found = asked_about(facing, None, text)
    assert not found.complete and found.reason == "Only this year is shown."
    assert type(connector).covers == {"return": ("return.received",)}
