"""The one door to a source: what goes out, what comes back, and what each answer means."""

from __future__ import annotations

import gzip
import traceback
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import pytest

from connectors.sdk import BadCredentials, BadSettings, Missing, Refused, SourceError, TryAgain, Unreadable
from connectors.sdk import testing as hostile
from connectors.sdk.http import Http
from connectors.sdk.testing import Behaviour, Server, say

TOKEN = "sk_live_0123456789"


def http_to(server: Server, **options: object) -> Http:
    options = {"internal": True, "limit_s": 2.0, "name": "Warehouse", **options}
    return Http(server.url, **options)  # type: ignore[arg-type]


def asked_of(behaviour: Behaviour, path: str = "/x", **options: object) -> SourceError:
    with Server(behaviour) as server, pytest.raises(SourceError) as raised:
        http_to(server, **options).get(path)
    return raised.value


def test_a_document_comes_back_with_its_money_digits_whole() -> None:
    with Server(say(200, b'{"total": 84.90, "count": 3}', {"Content-Type": "application/json"})) as server:
        found = http_to(server).get("/orders")
    assert found == {"total": Decimal("84.90"), "count": 3}
    assert str(found["total"]) == "84.90"


def test_values_in_a_path_stay_inside_their_segment() -> None:
    with Server(say(200, {})) as server:
        http = http_to(server)
        http.get(http.path("/orders/{id}/lines", id="a/../b+c?d#ü😀"), {"email": "a+b@c.example"})
    assert server.asked[0].raw_path == "/orders/a%2F..%2Fb%2Bc%3Fd%23%C3%BC%F0%9F%98%80/lines"
    assert server.asked[0].params == {"email": "a+b@c.example"}


@pytest.mark.parametrize("value", ["..", ".", "", "a\0b"])
def test_a_value_that_no_path_can_hold_is_refused(value: str) -> None:
    with pytest.raises(Refused):
        Http("https://shop.example").path("/orders/{id}", id=value)


@pytest.mark.parametrize(
    "path",
    ["https://elsewhere.example/x", "http://127.0.0.1:1/x", "/a/../../b", "/a/%2e%2e/b", "../%2f", "//x/.\t./%2Fy"],
)
def test_an_address_elsewhere_is_refused_before_any_call(path: str) -> None:
    with Server(say(200, {})) as server, pytest.raises(Refused):
        http_to(server).get(path)
    assert server.asked == []


def test_an_absolute_address_at_the_same_place_is_fine() -> None:
    with Server(say(200, {"page": 2})) as server:
        assert http_to(server).get(f"{server.url}/orders?page=2") == {"page": 2}


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, Refused), (401, BadCredentials), (403, Refused), (404, Missing), (409, Refused), (410, Missing),
     (422, Refused), (429, TryAgain), (500, TryAgain), (503, TryAgain), (599, TryAgain)],
)  # fmt: skip
def test_each_status_is_named_after_what_happens_next(status: int, error: type[SourceError]) -> None:
    raised = asked_of(say(status, {"message": "the reason is this"}))
    assert type(raised) is error
    assert "Warehouse" in raised.sentence
    assert "the reason is this" in raised.detail


def test_retry_after_is_understood_as_seconds_and_as_a_date() -> None:
    seconds = asked_of(say(429, b"", {"Retry-After": "17"}))
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    date = asked_of(say(503, b"", {"Retry-After": later}))
    broken = asked_of(say(429, b"", {"Retry-After": "soon"}))
    assert isinstance(seconds, TryAgain) and seconds.after == 17
    assert isinstance(date, TryAgain) and date.after is not None and 57 <= date.after <= 60
    assert isinstance(broken, TryAgain) and broken.after is None


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (hostile.html(), "text/html instead of JSON"),
        (hostile.cut_in_body(promised=False), "cut off or broken"),
        (say(200, b'{"a": "\xe4"}', {"Content-Type": "application/json"}), "charset"),
        (say(200, b"{}", {"Content-Type": "application/json; charset=klingon"}), "charset"),
        (say(200, b'{"a": "\0"}', {"Content-Type": "application/json"}), "NUL"),
        (say(200, b'{"a": NaN}', {"Content-Type": "application/json"}), "broken"),
        (say(200, b"[" * 100_000, {"Content-Type": "application/json"}), "nested too deeply"),
        (say(200, b'{"a": 1e999999}', {"Content-Type": "application/json"}), "broken"),
        (say(200, b"9" * 5000, {"Content-Type": "application/json"}), "broken"),
        (say(200, b"", {"Content-Type": "application/json"}), "without a body"),
        (say(200, b"{}", {"Content-Type": ""}), "without a content type"),
        (say(200, b"just words", {"Content-Type": "text/plain"}), "broken"),
        (say(200, b"no gzip", {"Content-Type": "application/json", "Content-Encoding": "gzip"}), "unpacked"),
    ],
)
def test_what_is_not_as_promised_is_unreadable_with_its_start_kept(behaviour: Behaviour, says: str) -> None:
    raised = asked_of(behaviour)
    assert type(raised) is Unreadable
    assert says in raised.sentence


def test_the_excerpt_of_an_unreadable_answer_is_kept() -> None:
    raised = asked_of(hostile.html())
    assert isinstance(raised, Unreadable)
    assert "Please sign in" in raised.body and "Please sign in" in raised.detail


@pytest.mark.parametrize("status", [200, 404, 204])
def test_a_connection_cut_inside_the_headers_is_never_an_answer(status: int) -> None:
    assert type(asked_of(hostile.cut_in_headers(status))) is TryAgain


def test_a_body_cut_before_its_announced_length_is_trouble_and_no_answer() -> None:
    assert type(asked_of(hostile.cut_in_body())) is TryAgain


@pytest.mark.parametrize("behaviour", [hostile.endless(), hostile.bomb(), say(200, b" " * 1_100_000)])
def test_more_than_the_size_cap_is_not_read(behaviour: Behaviour) -> None:
    raised = asked_of(behaviour, max_bytes=1_000_000)
    assert type(raised) is Unreadable
    assert raised.sentence == "Warehouse sent more than 1 MB."


def test_a_redirect_elsewhere_is_refused_and_not_followed() -> None:
    with Server(say(200, {})) as other:
        raised = asked_of(hostile.redirect(f"{other.url}/secret"), headers={"Authorization": TOKEN})
        assert other.asked == []
    assert type(raised) is Refused and "redirects elsewhere" in raised.sentence


def test_a_redirect_within_the_source_is_followed_but_not_in_a_circle() -> None:
    with Server(hostile.in_turn(hostile.redirect("/new"), say(200, {"ok": True}))) as server:
        assert http_to(server).get("/old") == {"ok": True}
    assert "circle" in asked_of(hostile.redirect("/x")).sentence


def test_a_post_is_never_redirected_nor_repeated() -> None:
    with Server(hostile.redirect("/new")) as server, pytest.raises(Refused):
        http_to(server).post("/x", json={})
    with Server(say(503)) as server, pytest.raises(TryAgain):
        http_to(server).post("/x", json={})
    assert len(server.asked) == 1


def test_a_post_sends_its_document_with_an_idempotency_key() -> None:
    with Server(hostile.in_turn(say(201, {"id": 7}), say(204))) as server:
        http = http_to(server)
        assert http.post("/x", json={"a": 1}, idempotency_key="k1") == {"id": 7}
        assert http.post("/x", data={"a": "b c"}) is None
    assert server.asked[0].headers["idempotency-key"] == "k1"
    assert server.asked[0].body == b'{"a": 1}'
    assert server.asked[1].body == b"a=b+c"


def test_an_etag_that_still_holds_gives_unchanged() -> None:
    with Server(hostile.in_turn(say(200, {"v": 1}, {"ETag": '"7"'}), say(304, b"", {"ETag": '"7"'}))) as server:
        http = http_to(server)
        first = http.raw("/doc")
        second = http.raw("/doc", headers={"If-None-Match": first.etag})
    assert (first.etag, first.unchanged, second.unchanged) == ('"7"', False, True)
    assert server.asked[1].headers["if-none-match"] == '"7"'


def test_cookies_are_not_kept() -> None:
    with Server(say(200, {}, {"Set-Cookie": "session=1; Path=/"})) as server:
        http = http_to(server)
        http.get("/a")
        http.get("/b")
    assert "cookie" not in server.asked[1].headers


def test_pages_follow_links_cursors_and_numbers_to_their_end() -> None:
    link = say(200, [1], {"Link": '<https://no.example/x>; rel="prev", </orders?page=2>; rel="next"'})
    with Server(hostile.in_turn(link, say(200, [2]))) as server:
        assert list(http_to(server).pages("/orders")) == [[1], [2]]
    assert server.asked[1].params == {"page": "2"}
    two = hostile.in_turn(say(200, {"next": "c2"}), say(200, {"next": None}))
    with Server(two) as server:
        list(http_to(server).pages("/o", {"n": 5}, next=lambda d: {"cursor": d["next"]} if d["next"] else None))
    assert server.asked[1].params == {"n": "5", "cursor": "c2"}


@pytest.mark.parametrize("same", [True, False])
def test_pages_in_a_loop_or_without_end_are_unreadable(same: bool) -> None:
    turns = [say(200, {"n": n}) for n in range(12)]
    with Server(say(200, {"n": 0}) if same else hostile.in_turn(*turns)) as server:
        pages = http_to(server).pages("/o", next=lambda d: {"page": len(server.asked)}, max_pages=10)
        with pytest.raises(Unreadable) as raised:
            list(pages)
    assert ("again and again" if same else "more than 10 pages") in raised.value.sentence


def test_pages_that_come_round_again_are_a_loop() -> None:
    with (
        Server(hostile.in_turn(*[say(200, {"n": n}) for n in range(9)])) as server,
        pytest.raises(Unreadable) as raised,
    ):
        list(http_to(server).pages("/o", next=lambda d: f"/o?page={d['n'] % 2}"))
    assert "again and again" in raised.value.sentence and len(server.asked) <= 4


def test_no_secret_is_in_any_error_repr_or_traceback(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    echo = say(500, f"your header was Bearer {TOKEN}")
    for behaviour in (echo, say(200, f"<{TOKEN}>", {"Content-Type": "text/html"}), hostile.cut_in_headers()):
        with Server(behaviour) as server:
            http = http_to(server, headers={"Authorization": f"Bearer {TOKEN}"})
            with pytest.raises(SourceError) as raised:
                http.get("/x")
        error = raised.value
        shown = [repr(http), repr(error), error.detail, getattr(error, "body", ""), caplog.text]
        shown += traceback.format_exception(error, chain=True)
        assert TOKEN not in "".join(shown)
        assert error.__context__ is None


@pytest.mark.parametrize("value", [f"{TOKEN}\r\nX: y", f"{TOKEN}\n", f" {TOKEN}", f"{TOKEN}\u2028"])
def test_a_secret_that_breaks_its_header_is_named_by_the_header_alone(value: str) -> None:
    with pytest.raises(BadSettings) as raised:
        Http("https://shop.example", headers={"Authorization": value})
    assert "Authorization" in raised.value.sentence and TOKEN not in repr(raised.value)


@pytest.mark.parametrize(
    "base",
    [
        "",
        "shop.example",
        "ftp://x.example",
        "https://a:b@x.example",
        "https://x.example?k=1",
        "http://[::1",
        "https://x.example:99999",
    ],
)
def test_a_base_url_that_can_not_be_called_says_so(base: str) -> None:
    with pytest.raises(BadSettings):
        Http(base)


def test_a_name_in_any_script_is_the_same_place_in_its_wire_form() -> None:
    http = Http("https://bücher.example/api")
    assert http._url("https://xn--bcher-kva.example/next") == "https://xn--bcher-kva.example/next"
    with pytest.raises(Refused):
        http._url("https://xn--bcher-kva.example.evil.example/next")


def test_an_answer_may_come_packed() -> None:
    packed = gzip.compress(b'{"ok": 1}')
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    with Server(say(200, packed, headers)) as server:
        assert http_to(server).get("/x") == {"ok": 1}
    assert "gzip" in server.asked[0].headers["accept-encoding"]
