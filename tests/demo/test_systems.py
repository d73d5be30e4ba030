"""The demo systems over HTTP: keys, paging, faults, and what their staff can do."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.demo.conftest import TOKEN, Systems
from workspace import processes
from workspace.env import BASE_DIR

BEARER = {"authorization": f"Bearer {TOKEN}"}
DOORS = {"shop": "/orders/48-1193", "warehouse": "/v2/returns/RMA-77120", "finance": "/ping", "policy": "/documents"}


@pytest.mark.parametrize("name", DOORS)
def test_each_system_refuses_calls_without_its_key(systems: Systems, name: str) -> None:
    assert systems.call(systems.urls[name] + DOORS[name])[0] == 401
    assert systems.call(systems.urls[name] + DOORS[name], authorization="Bearer no", x_api_key="é")[0] == 401


@pytest.mark.parametrize("name", DOORS)
def test_down_delay_and_rate_limit_begin_and_end(systems: Systems, name: str) -> None:
    url = systems.urls[name] + DOORS[name]
    systems.control(name, "down")
    assert systems.call(url)[0] == 503
    systems.control(name, "up")
    systems.control(name, "rate_limit", seconds=20)
    assert systems.call(url)[0] == 429
    systems.control(name, "up")
    systems.control(name, "delay", seconds=0.2)
    began = time.monotonic()
    assert systems.call(url)[0] == 401 and time.monotonic() - began > 0.19
    assert systems.call(f"{systems.urls[name]}/health")[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b'{"do": ["receive"]}', b'{"do": "dance"}'])
def test_a_command_that_cannot_be_read_says_what_to_send(systems: Systems, body: bytes) -> None:
    status, said = systems.call(f"{systems.urls['warehouse']}/control", body)
    assert status in (400, 422) and ("do" in said["error"] or "JSON" in said["error"])


def test_a_command_for_another_system_is_sent_to_its_door(systems: Systems) -> None:
    status, said = systems.control("finance", "receive", "order:48-1193")
    assert status == 422 and "warehouse's work" in said["error"]


@pytest.mark.parametrize("ref", ["order:none", "return:RMA-0", "RMA-0", "", 7, "email:a@b.example", ":", "order:"])
def test_an_unknown_reference_is_a_clear_refusal(systems: Systems, ref: Any) -> None:
    status, said = systems.control("warehouse", "receive", ref)
    assert status in (404, 422) and said["error"]


def test_orders_of_one_person_come_page_by_page(systems: Systems) -> None:
    url = f"{systems.urls['shop']}/orders?email=MAYA@post.example&limit=2"
    first = systems.call(url, **BEARER)[1]
    second = systems.call(f"{url}&cursor={first['next_cursor']}", **BEARER)[1]
    assert len(first["orders"]) == 2 and [o["number"] for o in second["orders"]] == ["48-1193"]
    assert second["next_cursor"] is None


def test_bad_cursors_and_numbers_are_refused_in_a_sentence(systems: Systems) -> None:
    for path in ("/orders?email=a&cursor=%F0%9F", "/changes?after=soon", "/orders", "/changes?after=999999"):
        status, said = systems.call(systems.urls["shop"] + path, **BEARER)
        assert status in (400, 410) and said["error"]


def test_a_return_walks_through_the_warehouse_once(systems: Systems) -> None:
    ref = f"order:{systems.order('announced')}"
    assert systems.control("warehouse", "inspect", ref)[0] == 409
    for do in ("ship", "receive", "inspect"):
        assert systems.control("warehouse", do, ref)[0] == 200
    assert systems.control("warehouse", "receive", ref)[0] == 409


def test_a_refund_walks_through_finance_and_gets_its_bank_reference(systems: Systems) -> None:
    ref = f"order:{systems.order('inspection_due')}"
    assert systems.control("finance", "pay", ref)[0] == 409
    for do in ("approve", "submit", "pay"):
        assert systems.control("finance", do, ref)[0] == 200
    assert systems.control("finance", "approve", ref)[0] == 409
    assert [f.data["bank_reference"][:4] for f in _paid(systems, "inspection_due")] == ["7443"]


@pytest.mark.parametrize("amount", ["x", "0", "-1", "1.234", "NaN", "1e30", [], None])
def test_an_impossible_amount_is_refused(systems: Systems, amount: Any) -> None:
    status, said = systems.control("finance", "approve", f"order:{systems.order('announced')}", amount=amount)
    assert status == 422 and "amount" in said["error"]


def test_a_new_return_is_known_to_the_shop_alone_until_it_is_announced(systems: Systems) -> None:
    order = f"order:{systems.order('early_refund_not_allowed')}"
    rma = systems.control("shop", "announce", order)[1]["return"]
    assert systems.control("warehouse", "receive", f"return:{rma}")[0] == 404
    assert systems.control("warehouse", "announce", f"return:{rma}", order=order)[0] == 200
    assert systems.control("warehouse", "receive", order)[1]["return"] == rma


def test_a_parcel_is_sent_gets_stuck_and_arrives_and_its_return_is_called_off(systems: Systems) -> None:
    order = f"order:{systems.order('cancellation_can_cancel')}"
    assert systems.control("shop", "trouble", order)[0] == 409
    tracking = systems.control("shop", "send", order)[1]["tracking"]
    assert systems.control("shop", "call_off", order)[0] == 409
    for do in ("trouble", "deliver", "announce", "call_off"):
        assert systems.control("shop", do, order)[0] == 200
    told = systems.facts("shop", order)
    assert {"shipment.dispatched", "shipment.exception", "shipment.delivered", "return.cancelled"} < {
        f.kind for f in told
    }
    assert {r.value for f in told for r in f.refs if r.scheme == "tracking"} == {tracking}


def test_policies_answer_304_until_they_are_edited(systems: Systems) -> None:
    url = f"{systems.urls['policy']}/documents/RF-12"
    etag = _etag(url)
    assert systems.call(url, **BEARER, if_none_match=etag)[0] == 304
    said = systems.control("policy", "edit_policy", "policy:RF-12", set={"bank_days": {"card": [6, 12]}})[1]
    assert said["etag"] != etag and said["version"] == 2
    assert b"after 6 to 12 business days" in _text(url)


def test_an_edit_from_a_day_makes_a_new_version_and_ends_the_old(systems: Systems) -> None:
    url = f"{systems.urls['policy']}/documents/CN-3"
    status, said = systems.control("policy", "edit_policy", "CN-3", **{"from": "2026-11-20", "set": {"refund_days": 4}})
    assert (status, said["version"]) == (200, 2)
    assert b'in_force_to = "2026-11-19"' in _text(f"{url}?version=1") and b"refund_days = 4" in _text(url)


@pytest.mark.parametrize("terms", [{}, None, {"refund_days": "3"}, {"refund_days": -1}, {"version": "9"}, {"nope": 1},
                                   {"bank_days": {"card": [1]}}, {"bank_days": {"coins": [1, 2]}}])  # fmt: skip
def test_an_edit_that_would_break_a_document_is_refused(systems: Systems, terms: Any) -> None:
    status, said = systems.control("policy", "edit_policy", "policy:RF-12", set=terms)
    assert status == 422 and said["error"]


@pytest.mark.parametrize("name", DOORS)
def test_control_tells_people_and_programs_what_can_be_done(systems: Systems, name: str) -> None:
    url = f"{systems.urls[name]}/control"
    assert {"down", "up", "delay", "rate_limit"} < set(systems.call(url)[1]["verbs"])
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": "text/html"})) as page:
        assert b"<h1>" in page.read()


def _paid(systems: Systems, situation: str) -> list[Any]:
    payment = systems.world.named[situation].payment
    return [f for f in systems.facts("finance", f"payment:{payment}") if f.kind == "refund.paid"]


def _get(url: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(url, headers=BEARER))


def _text(url: str) -> bytes:
    with _get(url) as response:
        return bytes(response.read())


def _etag(url: str) -> str:
    with _get(url) as response:
        return str(response.headers["ETag"])


@pytest.mark.parametrize("name", DOORS)
def test_a_system_runs_without_django_and_without_anything_of_the_workspace(name: str) -> None:
    unwanted = "{'django', 'connectors', 'cases', 'customers', 'workspace.settings'}"
    code = f"import sys, workspace.demo.systems.{name}; sys.exit(bool({unwanted} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=BASE_DIR, check=False).returncode == 0


def test_a_key_may_begin_with_a_dash_and_is_not_among_the_arguments(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("-secret\n")
    port = processes.free_port()
    argv = [sys.executable, "-m", "workspace.demo.systems.shop", "--port", str(port), "--db", tmp_path / "s.sqlite"]
    process = processes.spawn([*argv, "--token-file", tmp_path / "key"], cwd=BASE_DIR)
    try:
        assert processes.wait_until(lambda: not processes.port_is_free(port), timeout_s=20)
        answer = requests.get(
            f"http://127.0.0.1:{port}/orders/none", headers={"Authorization": "Bearer -secret"}, timeout=5
        )
        assert answer.status_code == 404
    finally:
        processes.stop(process)
