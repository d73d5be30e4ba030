"""Over a real socket: what no well-meaning sender does costs nothing and keeps nothing."""

import base64
import hashlib
import hmac
import re
import socket
import time
import zlib
from collections.abc import Iterator

import pytest
import requests

from connectors.host.models import Inbound, SourceLog
from tests.inbound.conftest import SECRET, body, make_source, signed
from tests.pages.conftest import web

__all__ = ["web"]


@pytest.fixture
def door(committed_db: object, web: str) -> Iterator[str]:
    make_source()
    yield f"{web}/in/shop/"


def raw(door: str, head: str, body: bytes = b"", close: bool = False) -> str:
    """The first line of the answer to these very bytes."""
    host, port = door.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(head.format(host=f"{host}:{port}").encode("latin-1") + b"\r\n\r\n")
        for start in range(0, len(body), 65536):
            try:
                sock.sendall(body[start : start + 65536])
            except OSError:
                break  # it has heard enough
        if close:
            sock.shutdown(socket.SHUT_WR)
        answer = b""
        while b"\r\n" not in answer and (part := sock.recv(4096)):
            answer += part
        return answer.split(b"\r\n")[0].decode()


def head(text: str, length: int | str | None = None, more: str = "", path: str = "/in/shop/", id: str = "msg_1") -> str:
    lines = [f"{name}: {value}" for name, value in signed(text, id).items()]
    length = len(text.encode()) if length is None else length
    extra = more.split("\n") if more else []
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: {host}", f"Content-Length: {length}", *lines, *extra])


def post(door: str, body: str | bytes, **headers: str) -> requests.Response:
    """Signed over these very bytes."""
    id, stamp = headers.pop("id", "msg_1"), str(int(time.time()))
    data = body.encode() if isinstance(body, str) else body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    made = base64.b64encode(hmac.new(key, f"{id}.{stamp}.".encode() + data, hashlib.sha256).digest()).decode()
    own = {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{made}"}
    return requests.post(door, data, headers={**own, **headers}, timeout=10)


def test_a_delivery_is_answered_at_once_whatever_it_holds(door: str) -> None:
    half = '{"orders": [{"id": "a\\u0000b", "n": 1, "status": "\\ud800"}]}'
    odd = [body(), "", "\x00\x00", half, b"\xff\xfe\x80 no utf-8", "x" * 1_048_576]
    took = []
    for n, text in enumerate(odd):
        began = time.perf_counter()
        assert post(door, text, id=f"m{n}").status_code == 202
        took.append(time.perf_counter() - began)
    kept = [bytes(found.body) for found in Inbound.objects.order_by("pk")]
    assert kept == [t if isinstance(t, bytes) else t.encode() for t in odd] and min(took) < 0.25


def test_ids_of_any_length_name_a_delivery_once(door: str) -> None:
    for id in ("i" * 300, "i" * 301, "i" * 5000, "sha256:0"):
        assert [post(door, body(), id=id).json()["known"] for _ in range(2)] == [False, True]
    keys = list(Inbound.objects.values_list("key", flat=True))
    assert len(set(keys)) == 4 and max(map(len, keys)) == 300


def test_nothing_is_kept_of_what_is_broken_or_forged(door: str) -> None:
    """Each by its first line; what can't be a request at all may get no answer."""
    text, said = body(), {}
    said["too large"] = raw(door, head("", 10**12))
    said["bomb"] = str(post(door, zlib.compress(b"0" * 50_000_000), **{"Content-Encoding": "deflate"}).status_code)
    said["too short"] = raw(door, head(text), text.encode()[:20], close=True)
    said["longer than it says"] = raw(door, head(text, len(text) - 1), text.encode())
    said["no number"] = raw(door, head(text, "abc"), text.encode())
    said["two lengths"] = raw(door, head(text, more="Content-Length: 5"), text.encode())
    said["no ASCII"] = raw(door, head(text).replace("signature: v1,", "signature: v1,\xe9\xff"), text.encode())
    said["a NUL"] = raw(door, head(text, more="x-odd: a\x00b"), text.encode())
    said["forged"] = str(requests.post(door, text, timeout=10).status_code)
    status = {name: re.sub(r"HTTP/1.1 (\d+).*", r"\1", line) for name, line in said.items()}
    assert not Inbound.objects.exists()
    assert {status.pop("too short"), status.pop("longer than it says")} <= {"", "400", "401"}
    assert status == {"too large": "413", "bomb": "415", "no number": "400", "two lengths": "400",
                      "no ASCII": "401", "a NUL": "400", "forged": "401"}  # fmt: skip


def test_tricks_with_the_address_find_no_other_source(door: str) -> None:
    tricks = ["/in/../in/shop/", "/in/./shop/", "/in/%2e%2e/shop/", "/in/%2fshop/", "/in/shop%00/", "/in/SHOP/"]
    answers = [raw(door, head(body(), path=path), body().encode()).split()[1] for path in tricks]
    assert answers == ["404"] * len(tricks) and not Inbound.objects.exists()


def test_many_headers_are_kept_in_part_or_not_at_all(door: str) -> None:
    for count in (500, 10_000):
        many = "\n".join(f"x-{n}: {n}" for n in range(count))
        assert raw(door, head(body(), more=many, id=f"m{count}"), body().encode()).split()[1] in ("202", "400", "431")
    assert all(len(kept.headers) <= 101 for kept in Inbound.objects.all())


def test_a_flood_of_forgeries_is_one_line_in_the_log(door: str) -> None:
    assert {requests.post(door, "{}", timeout=10).status_code for _ in range(20)} == {401}
    (line,) = SourceLog.objects.filter(what="delivery refused")
    assert line.sentence.startswith("1 delivery was refused")
