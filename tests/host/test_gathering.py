"""Gathering over real HTTP, with real threads and commits: one slow source costs the others nothing."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

from connectors.host import registry
from connectors.host.models import Check, CheckRef, Fact, Lease, Malformed, SourceCursor
from connectors.host.selectors import evidence
from connectors.host.services import gather, gather_now, source_poll, source_save
from connectors.host.services.gathering import lanes
from connectors.host.views import UNREAD
from connectors.sdk import Connector, Found, Page, Ref, Row
from connectors.sdk import Fact as Said

pytestmark = pytest.mark.alone

ORDER = Ref("order", "o1")


class Store:
    """A source over HTTP: answers by path, counts who asked, and can be made slow, hung or broken."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[str] = []
        self.behave: Callable[[BaseHTTPRequestHandler], bool] = lambda _: False
        self.freed = threading.Event()
        store = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                store.asked.append(self.path)
                if store.behave(self):
                    return
                body = json.dumps(store.rows.get(unquote(self.path), [])).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def hang(self, _: BaseHTTPRequestHandler) -> bool:
        self.freed.wait(20)
        return True

    def slow(self, _: BaseHTTPRequestHandler) -> bool:
        time.sleep(0.3)
        return False

    def broken(self, handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(500)
        handler.end_headers()
        return True


class Web(Connector):
    """Rows: ``{"id", "kind", "data", "refs"}``."""

    title = "Web"
    domain = "order"
    accepts = ("order", "return", "payment")
    covers = dict.fromkeys(accepts, ("order.placed", "return.received", "refund.paid"))

    def check(self) -> str:
        self.http.get("/")
        return "It works."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        for ref in refs:
            rows = self.http.get(self.http.path("/{ref}", ref=str(ref)))
            yield Found(ref, [Row("thing", row["id"], row) for row in rows])

    def changes(self, cursor: str | None) -> Iterator[Page]:
        if cursor is None:
            yield Page((), "0")
            return
        rows = self.http.get("/changes", {"after": cursor})
        yield Page([Row("thing", row["id"], row) for row in rows], str(int(cursor) + len(rows)))

    def read(self, row: Row) -> Iterable[Said]:
        yield Said(row.body["kind"], row.body["data"], [Ref.parse(r) for r in row.body["refs"]])


@pytest.fixture
def stores(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Store]]:
    """Three sources: the shop knows orders, the warehouse returns, finance payments."""
    found: dict[str, Any] = {}
    for name, scheme in {"shop": "order", "warehouse": "return", "finance": "payment"}.items():
        found[name] = type(name.title(), (Web,), {"accepts": (scheme,), "domain": name})
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    made = {name: Store() for name in found}
    for name, store in made.items():
        source_save(name=name, title=name.title(), connector=name, domain=name, freshness_s=60, source_limit_s=1.5,
                    settings={"base_url": store.url, "internal": True})  # fmt: skip
    made["shop"].rows["/order:o1"] = [_thing("1", "order.placed", "order:o1", "return:x1", "payment:p1")]
    made["warehouse"].rows["/return:x1"] = [_thing("2", "return.received", "return:x1")]
    made["finance"].rows["/payment:p1"] = [_thing("3", "refund.paid", "payment:p1", "refund:r1")]
    yield made
    for store in made.values():
        store.freed.set()
        store.server.shutdown()


def _thing(id: str, kind: str, *refs: str) -> dict[str, Any]:
    money = {"amount": "84.90", "currency": "EUR"}
    data = {"order.placed": {"number": "o1", "total": money}, "refund.paid": {"amount": money}}.get(kind, {})
    return {"id": id, "kind": kind, "data": data, "refs": list(refs)}


def kinds() -> set[str]:
    return {f.kind for f in evidence(seeds=[ORDER]).facts}


def test_refs_are_followed_from_source_to_source_until_nothing_new_appears(stores: dict[str, Store]) -> None:
    gathering = gather_now(seeds=[ORDER], timeout=5)
    assert gathering.settled and gathering.asked == 3
    assert kinds() == {"order.placed", "return.received", "refund.paid"}


def test_no_source_is_asked_again_while_its_word_is_fresh(stores: dict[str, Store]) -> None:
    gather_now(seeds=[ORDER], timeout=5)
    gather_now(seeds=[ORDER], timeout=5)
    assert [len(s.asked) for s in stores.values()] == [1, 1, 1]
    gather_now(seeds=[ORDER], timeout=5, force=True)
    assert [len(s.asked) for s in stores.values()] == [2, 2, 2]


def test_two_opens_at_once_ask_each_source_once(stores: dict[str, Store]) -> None:
    for store in stores.values():
        store.behave = store.slow
    both = [gather(seeds=[ORDER], force=True), gather(seeds=[ORDER], force=True)]
    assert all(g.wait(8) for g in both)
    gather_now(seeds=[ORDER], timeout=5)
    assert [len(s.asked) for s in stores.values()] == [1, 1, 1]
    assert Lease.objects.count() == 0


def test_one_hung_source_costs_the_others_nothing(stores: dict[str, Store]) -> None:
    stores["warehouse"].behave = stores["warehouse"].hang
    gathering = gather_now(seeds=[ORDER], timeout=0.8)
    assert not gathering.settled
    assert kinds() == {"order.placed", "refund.paid"}
    waiting = evidence(seeds=[ORDER]).source("warehouse")
    assert waiting is not None and waiting.status == "waiting"
    assert gathering.wait(5)
    late = evidence(seeds=[ORDER]).source("warehouse")
    assert late is not None and late.status == "down" and "did not answer" in late.reason


def test_what_comes_after_the_page_deadline_is_stored_and_marked_late(stores: dict[str, Store], settings: Any) -> None:
    settings.PAGE_DEADLINE_S = 0.1
    stores["finance"].behave = stores["finance"].slow
    gather_now(seeds=[ORDER], timeout=5)
    assert Check.objects.get(source__name="finance").late
    assert "refund.paid" in kinds()


def test_a_source_that_fails_leaves_a_check_that_says_why(stores: dict[str, Store]) -> None:
    stores["finance"].behave = stores["finance"].broken
    gather_now(seeds=[ORDER], timeout=5)
    finance = evidence(seeds=[ORDER]).source("finance")
    assert finance is not None and (finance.status, finance.complete) == ("down", False)
    assert CheckRef.objects.filter(source__name="finance", outcome="unreachable").exists()


def _shop(store: Store, freshness_s: float = 60) -> None:
    source_save(name="shop", title="Shop", connector="shop", domain="shop", freshness_s=freshness_s, poll_s=3,
                settings={"base_url": store.url, "internal": True})  # fmt: skip


def _shop_after(store: Store, failure: Callable[[BaseHTTPRequestHandler], bool]) -> str:
    """The shop's state in a case after it answered, failed to, and was polled again."""
    _shop(store)
    gather_now(seeds=[ORDER], timeout=5)
    store.behave = failure
    gather_now(seeds=[ORDER], timeout=5, force=True)
    assert _shop_status() == "down"
    store.behave = lambda _: False
    source_poll(name="shop")
    return _shop_status()


def _shop_status() -> str:
    found = evidence(seeds=[ORDER]).source("shop")
    assert found is not None
    return found.status


def test_a_source_that_polling_reached_again_is_no_longer_down(stores: dict[str, Store]) -> None:
    assert _shop_after(stores["shop"], stores["shop"].broken) == "live"


def test_polling_hides_no_answer_that_could_not_be_read(stores: dict[str, Store]) -> None:
    def html(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"<html>")
        return True

    assert _shop_after(stores["shop"], html) == "down"
    _shop(stores["shop"], freshness_s=0.001)
    gather_now(seeds=[ORDER], timeout=5)
    _shop(stores["shop"])
    assert _shop_status() == "live"


def test_nothing_found_is_said_by_a_complete_check(stores: dict[str, Store]) -> None:
    gather_now(seeds=[Ref("order", "unknown")], timeout=5)
    (check,) = evidence(seeds=[Ref("order", "unknown")]).checks
    assert (check.outcome, check.complete, "order.placed" in check.kinds) == ("nothing", True, True)


def test_a_row_without_a_sound_id_is_kept_as_malformed_and_the_asking_is_not_complete(stores: dict[str, Store]) -> None:
    sound = _thing("1", "order.placed", "order:o1")
    stores["shop"].rows["/order:o1"] = [sound, {**sound, "id": {"a": 1}}, {**sound, "id": "x\x00y"}]
    gather_now(seeds=[ORDER], timeout=5)
    (check,) = [c for c in evidence(seeds=[ORDER]).checks if c.source == "shop"]
    assert (check.outcome, check.complete, check.reason) == ("found", False, UNREAD)
    assert (kinds(), Malformed.objects.count()) == ({"order.placed"}, 2)


def test_what_an_author_gets_wrong_is_the_sources_failure_and_not_ours(stores: dict[str, Store]) -> None:
    stores["shop"].rows["/order:o1"] = [{"no": "id"}]
    gather_now(seeds=[ORDER], timeout=5)
    assert CheckRef.objects.get(source__name="shop").outcome == "malformed"


def test_a_source_that_says_there_is_none_is_a_complete_nothing(stores: dict[str, Store]) -> None:
    def none(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_error(404)
        return True

    stores["shop"].behave = none
    gather_now(seeds=[ORDER], timeout=5)
    said = CheckRef.objects.get(source__name="shop")
    assert (said.outcome, said.complete) == ("nothing", True)


def test_with_every_source_hung_and_fifty_opens_the_stored_view_still_answers(stores: dict[str, Store]) -> None:
    for store in stores.values():
        store.behave = store.hang
    gatherings = [gather(seeds=[Ref("order", f"o{n}")]) for n in range(50)]
    began = time.monotonic()
    assert evidence(seeds=[ORDER]).facts == ()
    assert time.monotonic() - began < 1.5
    for store in stores.values():
        store.freed.set()
    assert all(g.wait(10) for g in gatherings)


def test_polling_moves_the_cursor_with_what_it_covers(stores: dict[str, Store]) -> None:
    stores["shop"].rows["/changes?after=0"] = [_thing("9", "order.placed", "order:o9")]
    assert source_poll(name="shop") == 0
    assert source_poll(name="shop") == 1
    assert Fact.objects.get().how == "poll"
    stores["shop"].behave = stores["shop"].broken
    assert source_poll(name="shop") == 0
    assert SourceCursor.objects.get(source__name="shop").cursor == "1"
