"""Times, money, secrets and recordings: read exactly, or refused with a sentence that helps."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.sdk import BadSettings, TryAgain, times
from connectors.sdk.http import Http
from connectors.sdk.money import minor, money, number
from connectors.sdk.secrets import mask, secret_resolve
from connectors.sdk.testing import ReplayServer

HELSINKI = ZoneInfo("Europe/Helsinki")


def test_a_time_keeps_its_zone_or_gets_the_one_of_its_source() -> None:
    assert times.instant("2026-03-02T09:12:00Z") == datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
    assert times.instant("2026-03-02 09:12:00", HELSINKI) == datetime(2026, 3, 2, 7, 12, tzinfo=UTC)
    assert times.day_or_instant("2026-03-02") == date(2026, 3, 2)
    assert times.epoch("1772442720") == times.epoch_ms(1772442720000) == datetime(2026, 3, 2, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", None, 7, "yesterday", "2026-13-01T00:00Z", "2026-03-02", "2026-03-02T09:12:00", "9999-12-31T23:59:59-23:59"],
)
def test_a_time_that_can_not_be_read_for_sure_is_refused(text: object) -> None:
    with pytest.raises(ValueError):
        times.instant(text)


def test_a_local_time_that_the_clocks_skipped_is_refused() -> None:
    with pytest.raises(ValueError, match="skipped"):
        times.instant("2026-03-29T03:30:00", HELSINKI)


@pytest.mark.parametrize("value", [True, None, "x", float("nan"), 1772442720000000, -5, "1e400"])
def test_seconds_out_of_all_proportion_are_refused(value: object) -> None:
    with pytest.raises(ValueError):
        times.epoch(value)


def test_a_day_is_only_a_day() -> None:
    for text in ("2026-02-30", "2026-3-2", "2026-03-02T00:00Z", None):
        with pytest.raises(ValueError):
            times.day(text)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("84.9", "EUR", "84.90"), (Decimal("84.900"), "eur", "84.90"), (84, "EUR", "84.00"), ("1000", "JPY", "1000"),
     ("-5", "KWD", "-5.000"), ("0.1234", "EUR", "0.1234"), (Decimal("1E+3"), "JPY", "1000"), ("-0.00", "EUR", "0.00")],
)  # fmt: skip
def test_money_is_written_out_with_its_currencys_decimals(amount: object, currency: str, shown: str) -> None:
    assert money(amount, currency) == {"amount": shown, "currency": currency.upper()}


def test_minor_units_follow_the_currency() -> None:
    shown = [minor(8490, code)["amount"] for code in ("eur", "jpy", "kwd")]
    assert shown == ["84.90", "8490", "8.490"]


@pytest.mark.parametrize(
    ("amount", "currency"),
    [(84.9, "EUR"), (True, "EUR"), ("", "EUR"), ("1,5", "EUR"), ("NaN", "EUR"), ("1e999999", "EUR"), ("1", "EURO"),
     ("1" * 16, "EUR"), ("0.1234567", "EUR"), (None, "EUR"), ("1", None)],
)  # fmt: skip
def test_money_that_may_be_wrong_is_refused(amount: object, currency: object) -> None:
    with pytest.raises(ValueError):
        money(amount, currency)


def test_a_quantity_is_a_plain_number() -> None:
    assert [number(x) for x in (Decimal("2.0"), "1.5", 3)] == [2, 1.5, 3]
    assert isinstance(number(Decimal("2.0")), int)


def test_a_secret_is_found_where_its_reference_points(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHOP_KEY", "from-the-environment")
    (tmp_path / "key").write_text("from-a-file\n")
    assert secret_resolve("env:SHOP_KEY") == "from-the-environment"
    assert secret_resolve(f"file:{tmp_path}/key") == "from-a-file"
    assert mask("sent from-a-file here") == "sent ••• here"


@pytest.mark.parametrize("reference", ["env:NOT_SET_AT_ALL", "file:/no/such/file"])
def test_a_missing_secret_is_named_by_its_reference(reference: str) -> None:
    with pytest.raises(BadSettings, match=reference):
        secret_resolve(reference)


def test_a_secret_given_itself_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadSettings) as raised:
        secret_resolve("sk_live_0123456789")
    assert "sk_live" not in str(raised.value) + raised.value.detail


def test_recordings_are_replayed_over_http_in_their_order(tmp_path: Path) -> None:
    order = {"request": {"path": "/orders/a/b", "params": {"x": 1}}, "response": {"body": {"number": "a/b"}}}
    calls = [
        {"request": {"method": "POST", "path": "/rpc", "body": {"method": "read"}}, "response": {"body": [n]}}
        for n in (1, 2)
    ]
    (tmp_path / "1.json").write_text(json.dumps(order))
    (tmp_path / "2.json").write_text(json.dumps(calls))
    with ReplayServer(tmp_path) as server:
        http = Http(server.url, internal=True)
        assert http.get(http.path("/orders/{n}", n="a/b"), {"x": 1}) == {"number": "a/b"}
        assert [http.post("/rpc", json={"id": n, "method": "read"}) for n in range(3)] == [[1], [2], [2]]


def test_a_request_without_a_recording_fails_the_test(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps({"request": {"path": "/a"}, "response": {"body": {}}}))
    with pytest.raises(AssertionError, match="GET /b"), ReplayServer(tmp_path) as server, pytest.raises(TryAgain):
        Http(server.url, internal=True).get("/b")
