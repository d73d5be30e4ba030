"""After the answer: the work on deliveries, done once whatever happens, kept where it fails."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from connectors.host.errors import UnknownDelivery
from connectors.host.models import Fact, Inbound, InboundWork, Source, SourceLog
from connectors.host.selectors import deliveries_counts, deliveries_list, delivery_get
from connectors.host.services import (
    deliveries_due,
    deliveries_rerun,
    delivery_rerun,
    delivery_work,
    source_pause,
    source_resume,
)
from connectors.host.services import deliveries_work as work
from connectors.host.services.gathering import lanes
from connectors.sdk import Refused, TryAgain
from tests.inbound.conftest import SECRET, Shop, body, deliver, make_source, order, statuses
from workspace.logs import Masked


def due_now() -> None:
    lanes._lanes.clear()  # and the breaker has closed again
    InboundWork.objects.filter(state__in=("waiting", "failed")).update(due_at=timezone.now(), leased_until=None)


def state() -> tuple[str, int]:
    found = InboundWork.objects.latest("pk")
    return found.state, found.attempts


def test_a_delivery_becomes_facts_pushed_at_the_time_it_came(shop: Source) -> None:
    deliver(body(order(), order("48-2", "paid")))
    assert work() == 1 and statuses("48-1", "48-2") == {"48-1": "open", "48-2": "paid"}
    kept = Inbound.objects.get()
    assert {(f.how, f.started_at) for f in Fact.objects.all()} == {("push", kept.received_at)}
    assert (kept.work.state, kept.work.new, kept.work.reason) == ("done", 2, "") and not deliveries_due()


def test_one_delivery_can_be_worked_on_by_itself(shop: Source) -> None:
    for n in range(3):
        deliver(body(order(f"48-{n}")), id=f"m{n}")
    second = Inbound.objects.get(key="m1")
    assert delivery_work(inbound_id=second.pk) and not delivery_work(inbound_id=second.pk)
    assert deliveries_counts(source="shop") == {"waiting": 2, "done": 1, "failed": 0, "dead": 0}


def test_several_deliveries_of_one_record_in_one_go_end_with_the_newest(shop: Source) -> None:
    for n, status in ((2, "paid"), (1, "open"), (3, "sent")):
        deliver(body(order(status=status, n=n)), id=f"m{n}")
    assert work() == 3 and statuses() == {"48-1": "sent"}


def test_a_failure_is_kept_with_its_reason_and_tried_again_later(
    shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shop, "broken", "The shop is closed for stocktaking.")
    deliver()
    assert work() == 1 and work() == 0
    found = InboundWork.objects.get()
    assert (found.state, found.attempts, found.reason) == ("failed", 1, "The shop is closed for stocktaking.")
    assert found.due_at and timedelta(seconds=7) < found.due_at - timezone.now() < timedelta(seconds=13)
    monkeypatch.setattr(Shop, "broken", "")
    due_now()
    assert work() == 1 and state() == ("done", 2) and statuses() == {"48-1": "open"}


def test_waits_grow_and_after_eight_attempts_only_a_person_tries_again(
    shop: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Shop, "broken", "Closed.")
    deliver()
    waits = []
    for _ in range(8):
        due_now()
        work()
        found = InboundWork.objects.get()
        waits.append((found.due_at - timezone.now()).total_seconds() if found.due_at else 0)
    assert waits[:-1] == sorted(waits[:-1]) and waits[-1] == 0 and state() == ("dead", 8)
    assert not deliveries_due() and SourceLog.objects.filter(what="delivery given up", level="error").count() == 1


def test_a_fixed_sources_deliveries_are_run_again_in_bulk(shop: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        deliver(body(order(f"48-{n}")), id=f"m{n}")
    InboundWork.objects.update(state="dead", attempts=8, due_at=None)
    assert deliveries_rerun(source="shop", by="ines") == 3 and work() == 3
    assert statuses("48-0", "48-1", "48-2").keys() == {"48-0", "48-1", "48-2"}
    assert SourceLog.objects.latest("pk").sentence == "3 deliveries are worked on again, by ines."


def test_one_delivery_is_run_again_and_what_is_known_is_no_news(shop: Source) -> None:
    deliver()
    work()
    delivery_rerun(id=Inbound.objects.get().pk, by="ines")
    assert work() == 1 and state() == ("done", 1) and Fact.objects.count() == 1
    assert delivery_get(Inbound.objects.get().pk).facts[0].kind == "order.changed"
    with pytest.raises(UnknownDelivery, match="no delivery 999999999"):
        delivery_rerun(id=999_999_999)


def test_what_cannot_be_read_is_shown_with_its_text(shop: Source) -> None:
    deliver("not json \x00 <b>")
    work()
    found = delivery_get(Inbound.objects.get().pk)
    assert found.state == "failed" and "JSONDecodeError" in found.reason
    assert found.body == "not json \\x00 <b>" and found.headers["content-type"] == "application/json"


def test_a_delivery_with_a_row_that_cannot_be_read_is_done_and_says_so(shop: Source) -> None:
    deliver(body(order(), {"id": "48-2", "n": 1}))
    work()
    found = InboundWork.objects.get()
    assert (found.state, found.new, found.malformed) == ("done", 1, 1) and "KeyError: 'status'" in found.reason
    assert deliveries_rerun(source="shop") == 1


def test_a_paused_sources_deliveries_go_on_when_it_is_resumed(shop: Source) -> None:
    source_pause(name="shop", why="", by="ines")
    deliver()
    assert not deliveries_due() and work() == 0
    source_resume(name="shop", by="ines")
    assert deliveries_due() and work() == 1 and state() == ("done", 1)


def test_changed_settings_wake_what_failed_for_them(shop: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    make_source(base_url="http://[broken")
    deliver()
    work()
    assert state() == ("failed", 1) and not deliveries_due()
    make_source()
    assert work() == 1 and state() == ("done", 2)


def test_the_list_goes_back_page_by_page(shop: Source) -> None:
    for n in range(5):
        deliver(body(order(f"48-{n}")), id=f"m{n}")
    first = deliveries_list(source="shop", limit=3)
    rest = deliveries_list(source="shop", before=first[-1].id, limit=3)
    assert [d.key for d in (*first, *rest)] == ["m4", "m3", "m2", "m1", "m0"] and first[0].size == len(body())
    assert deliveries_list(state="done") == [] and deliveries_list(source="other") == []


def test_the_command_lists_shows_and_runs_again(shop: Source, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> str:
        call_command("deliveries", *words)
        return capsys.readouterr().out

    deliver("not json")
    work()
    id = str(Inbound.objects.get().pk)
    assert "JSONDecodeError" in said("--source", "shop", "--state", "failed") and "no such" in said("--state", "done")
    assert "not json" in said("--show", id) and json.loads(said("--show", id, "--json"))["state"] == "failed"
    assert json.loads(said("--json"))["deliveries"][0]["key"] == "msg_1"
    assert "worked on again" in said("--rerun", id) and state() == ("waiting", 0)
    work()
    assert json.loads(said("--source", "shop", "--rerun-all", "--json")) == {"rerun": 1}
    with pytest.raises(CommandError, match="no source 'x'"):
        said("--source", "x", "--rerun-all")


@pytest.mark.parametrize("said", ["a\x00b", "order \ud800", f"the key is {SECRET}"])
def test_whatever_an_error_says_is_kept_soundly_and_without_a_secret(
    said: str, shop: Source, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for number, error in enumerate((ValueError(said), Refused(said), TryAgain(said, after=float("inf")))):
        monkeypatch.setattr(Shop, "receive", lambda self, delivery, error=error: (_ for _ in ()).throw(error))
        deliver(id=f"m{number}")
        assert work() == 1 and state() == ("failed", 1)
    assert SECRET not in str(list(InboundWork.objects.values_list("reason")))
    assert SECRET not in "".join(Masked("%(message)s").format(record) for record in caplog.records)


def test_keys_in_the_address_of_a_delivery_are_not_kept(shop: Source) -> None:
    deliver(to="/in/shop/hook?shop=fi&api_key=abc123&x=" + SECRET.replace("=", "%3D"))
    assert Inbound.objects.get().headers[":path"].startswith("/in/shop/hook?shop=fi&api_key=•••&x=")
