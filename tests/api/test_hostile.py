"""Bad input: each gets a problem document that says what to do, never a 500. The client checks the shape."""

import json

import pytest

from tests.api.client import Caller

NAMES = [
    "<script>alert(1)</script>", "\u202egnp.exe", "\U0001f9e6" * 50, "x" * 10_240,
    "' OR 1=1; DROP TABLE cases_case; --", "%00", "{{7*7}}", "\u0430\u0301" * 40, "../../etc", "a\tb\nc",
    "\ufeff", "order:", ":", "::", " ",
]  # fmt: skip
BODIES = [
    b"{", b"[1,", b"\xff\xfe", b'{"question": NaN}', b'{"a": 1, "a": 2}', b"nul", b'"text"', b"[]", b"5", b"null",
    b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"refs": ["order:\\u0000"]}', b'{"refs": ["\\ud800"]}',
    b'{"\\ud800": 1}', b"\x00", b'{"question": ' + b"9" * 5_000 + b"}", "{“question”: 1}".encode(),
]  # fmt: skip
WRONG = [None, 5, 1.5, True, [], {}, [[]], [None], {"a": {}}, "", "x", "x" * 20_000, ["order:o1", 5], [""], ["nope"]]


@pytest.mark.parametrize("body", BODIES, ids=lambda b: repr(b[:20]))
@pytest.mark.parametrize("path", ["cases/", "cases/1/messages/", "cases/1/refresh/"])
def test_a_body_that_is_no_sound_json_object_is_refused(path: str, body: bytes, rep: Caller) -> None:
    reply = rep.send("POST", path, body)
    assert reply.status in ((400, 404) if "1" in path else (400,))


@pytest.mark.parametrize("value", WRONG, ids=lambda v: repr(v)[:20])
@pytest.mark.parametrize("field", ["question", "refs", "message", "channel", "surprise"])
def test_every_field_of_a_wrong_type_is_named(field: str, value: object, rep: Caller) -> None:
    body = {"question": "refund-status", "refs": ["order:o1"], field: value}
    reply = rep.post("cases/", body)
    if not (field == "message" and value in ("", "x")):
        assert reply.status == 400
        assert reply["errors"][0]["pointer"].startswith(f"#/{field}")


@pytest.mark.parametrize("name", NAMES, ids=lambda n: repr(n)[:20])
def test_hostile_text_finds_nothing_and_breaks_nothing(name: str, rep: Caller) -> None:
    statuses = {
        rep.get("search/", q=name).status, rep.get("cases/", ref=f"order:{name}").status,
        rep.get("cases/", owner=name).status, rep.get("cases/", state=name).status,
        rep.get("cases/", cursor=name).status, rep.post("cases/", {"question": name, "refs": [name]}).status,
    }  # fmt: skip
    assert statuses <= {200, 400}


@pytest.mark.parametrize(
    "when",
    ["", "yesterday", "2026-11-19", "2026-11-19T14:06:00", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "-1",
     "1e9", "2026-13-40T00:00:00Z", "2026-11-19T25:00:00Z", "2026-W01-1T00:00:00Z",
     "\u0662\u0660\u0662\u0666-01-01T00:00:00Z",
     "now()", "2026-11-19T14:06:00+99:00"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["cases/", "sources/"])
def test_a_time_that_is_none_is_refused_with_an_example(path: str, when: str, rep: Caller) -> None:
    reply = rep.get(path, as_of=when)
    assert reply.status == 400 and reply["type"].endswith(":bad-time")
    assert reply["errors"][0]["parameter"] == "as_of"


@pytest.mark.parametrize("wait", ["-1", "10.1", "nan", "inf", "soon", "1e999", "0x1", "\u0665"])
def test_a_wait_is_a_number_of_seconds(wait: str, rep: Caller) -> None:
    assert rep.get("cases/1/answer/", wait=wait).status in (400, 404)


@pytest.mark.parametrize(
    "reference", ["0", "-1", "9" * 30, "abc", "%00", "1%0A", "\u0661", "1'--", "%ff", "..%2f..", "20418 "]
)
def test_an_unknown_case_is_a_problem_that_shows_what_a_reference_is(reference: str, rep: Caller) -> None:
    for path in ("", "answer/", "timeline/"):
        assert rep.get(f"cases/{reference}/{path}").status == 404
    assert rep.post(f"cases/{reference}/notes/", {"text": "x"}).status == 404


@pytest.mark.parametrize("number", ["0", "9223372036854775808", "9" * 5000, "-1", "1.0", "abc"])
def test_an_unknown_fact_is_a_problem(number: str, rep: Caller) -> None:
    assert rep.get(f"facts/{number}/").status == 404


def test_a_body_of_more_than_a_megabyte_is_turned_away(rep: Caller) -> None:
    reply = rep.post("cases/", {"question": "refund-status", "refs": ["order:o1"], "message": "x" * 1_100_000})
    assert reply.status == 413 and "1048576" in reply["detail"]


KINDS = [
    "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml",
    "application/json; charset=utf-16", "application/json; charset=hex", "nonsense", "x" * 500,
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k[:40])
def test_only_json_in_utf8_is_read(kind: str, rep: Caller) -> None:
    assert rep.send("POST", "cases/", json.dumps({"question": "refund-status"}), kind=kind).status == 415


def test_a_charset_that_is_no_text_codec_does_not_break_an_address(rep: Caller) -> None:
    assert rep.send("GET", "search/", kind="application/json; charset=hex", query={"q": "x"}).status == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
def test_only_json_is_given(accept: str, rep: Caller) -> None:
    assert rep.send("GET", "cases/", headers={"Accept": accept}).status == 406


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_other_methods_are_refused_and_the_allowed_named(method: str, rep: Caller) -> None:
    reply = rep.send(method, "cases/", "{}")
    assert reply.status == 405 and "GET" in reply.headers["Allow"] and "POST" in reply.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing/", "/api/v1/cases", "/api/v2/", "/api/", "/api/v1/%0A", "/api/v1/facts/x/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_an_address_where_nothing_is_gives_a_problem(method: str, path: str, stranger: Caller) -> None:
    assert stranger.send(method, path, "{}").status == 404


def test_a_wrong_host_gives_a_problem(rep: Caller) -> None:
    assert rep.send("GET", "cases/", headers={"Host": "evil.example"}).status == 400


def test_a_parameter_that_is_not_known_or_stands_twice_is_refused(rep: Caller) -> None:
    reply = rep.get("cases/", as_off="2026-11-19T14:06:00Z")
    assert reply.status == 400 and "as_of" in reply["detail"]
    assert rep.get("/api/v1/cases/?state=open&state=closed").status == 400
    assert rep.get("/api/v1/cases/?state=%ff").status == rep.get("/api/v1/cases/?state=%00").status == 400
