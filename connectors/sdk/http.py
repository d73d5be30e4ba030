"""The connector's only way out: HTTP bound to one source, with every limit and every error already decided."""

from __future__ import annotations

import hashlib
import json as json_module
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any
from urllib.parse import quote, unquote, urlencode, urljoin, urlsplit

from connectors.sdk.answer import Answer, error_for
from connectors.sdk.auth import Auth
from connectors.sdk.budget import RetryBudget
from connectors.sdk.calls import Call, call
from connectors.sdk.errors import Refused, SourceError, TryAgain, Unreadable
from connectors.sdk.exchange import Request, Transport, Trouble
from connectors.sdk.places import (
    Params,
    base_parts,
    in_wire_form,
    origin,
    safe_headers,
    secret_parts,
    with_params,
)
from connectors.sdk.pooled import PooledTransport
from connectors.sdk.secrets import mask
from connectors.sdk.spans import span

_REDIRECTS = 3
_OWN_HEADERS = {"User-Agent": "Throughline", "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}


class Untrusted(TryAgain):
    """The certificate is expired, for another name, or nobody's we know: asking at once again is of no use."""


@dataclass(frozen=True)
class _Ask:
    method: str
    url: str
    params: Params
    headers: dict[str, str]
    body: bytes = b""


class Http:
    """What ``self.http`` is. Paths are joined to ``base_url``; values go into paths by ``path``.

    Every method raises a SourceError named after what happens next (connectors.sdk.errors). Nothing is
    followed to another host, cookies are not kept, and a deadline of ``limit_s`` seconds holds for each
    request, or that of the host's call around it where it is sooner.

    ``name`` is the source's title in sentences. ``auth`` adds headers and parameters to each request, and is asked
    for new ones once after a 401. ``transport`` and ``budget`` are shared by all users of one
    source (transport.SourceLane has them); without them this object has its own.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        internal: bool = False,
        limit_s: float = 10.0,
        max_bytes: int = 5_000_000,
        max_requests: int = 200,
        pool_size: int = 8,
        name: str = "",
        transport: Transport | None = None,
        budget: RetryBudget | None = None,
        auth: Auth | None = None,
    ) -> None:
        parts = base_parts(base_url)
        self.base_url = base_url.rstrip("/")
        self.name = name or str(parts.hostname)
        self.limit_s, self.max_bytes, self.max_requests = limit_s, max_bytes, max_requests
        self._origin = origin(parts)
        self._headers = {**_OWN_HEADERS, **safe_headers(headers or {})}
        self._secrets = secret_parts(headers or {})
        self._auth = auth or Auth()
        self._transport = transport or PooledTransport(internal, pool_size)
        self._budget = budget or RetryBudget()

    def __repr__(self) -> str:
        return f"<Http {self.base_url}>"

    def get(self, path: str, params: Params = None, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON document at ``path``. Numbers with a fraction come as Decimal, the others as int."""
        answer = self.raw(path, params, headers)
        return self._read(answer.json)

    def get_text(self, path: str, params: Params = None, headers: Mapping[str, str] | None = None) -> str:
        """The text at ``path``; NUL and a wrong charset are Unreadable, HTML is text like any other."""
        return str(self._read(self.raw(path, params, {"Accept": "*/*", **(headers or {})}).text))

    def raw(self, path: str, params: Params = None, headers: Mapping[str, str] | None = None) -> Answer:
        """The whole answer, for ETags (send ``If-None-Match``, look at ``unchanged``) and ``link()``."""
        return self._ask("GET", path, params, dict(headers or {}), b"")

    def post(
        self,
        path: str,
        *,
        json: Any = None,
        data: Any = None,
        params: Params = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str = "",
    ) -> Any:
        """Send ``json`` or ``data`` (form fields or bytes). Gives the JSON answer, or None where the body is
        empty. Never repeated by itself: after TryAgain the source may or may not have acted, so give an
        ``idempotency_key`` where it takes one."""
        own = dict(headers or {})
        if idempotency_key:
            own["Idempotency-Key"] = idempotency_key
        body = data.encode() if isinstance(data, str) else data or b""
        if json is not None:
            own.setdefault("Content-Type", "application/json")
            body = json_module.dumps(json, default=str).encode()
        elif not isinstance(body, bytes):
            own.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = urlencode(body, doseq=True).encode()
        answer = self._ask("POST", path, params, own, body)
        return self._read(answer.json) if answer.body else None

    def send(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST these bytes once, and give the answer whatever its status. Raises only where none came."""
        ask = _Ask("POST", self._url(path), None, {**self._headers, **safe_headers(headers)}, body)
        with call(self.limit_s) as this:
            got = self._once(this, ask)
        if isinstance(got, SourceError):
            raise got
        return got

    def path(self, template: str, **values: Any) -> str:
        """``path("/orders/{id}", id="a/b")`` gives ``/orders/a%2Fb``: a value never leaves its segment."""
        encoded = {}
        for _, field, _, _ in Formatter().parse(template):
            if field is None:
                continue
            text = str(values[field])
            if text in ("", ".", "..") or "\0" in text:
                raise Refused(f"{self.name} can't be asked about {text[:20]!r}: it can't be part of an address.")
            encoded[field] = quote(text.encode("utf-8", "replace"), safe="")
        return template.format(**encoded)

    def pages(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        next: Callable[[Any], str | Mapping[str, Any] | None] | None = None,
        headers: Mapping[str, str] | None = None,
        max_pages: int = 100,
    ) -> Iterator[Any]:
        """Each page's JSON document in turn. ``next(document)`` says where the following one is: an address
        (next link), params to merge (cursor, page number, offset), or None at the end; without it the
        ``Link`` header decides. Pages that go in a loop, or never end, are Unreadable."""
        seen: set[str] = set()
        asked, last = dict(params or {}), b""
        for _ in range(max_pages):
            mark = repr((path, sorted(asked.items(), key=repr)))
            answer = self.raw(path, asked, headers)
            digest = hashlib.sha256(answer.body).digest()
            if mark in seen or digest == last:
                raise Unreadable(f"{self.name} sends the same page again and again.", f"loop of pages at {path}")
            seen.add(mark)
            last = digest
            document = self._read(answer.json)
            yield document
            where = next(document) if next else answer.link()
            if not where:
                return
            if isinstance(where, str):
                path, asked = urljoin(answer.url, where), {}
            else:
                asked = {**asked, **where}
        raise Unreadable(f"{self.name} sends more than {max_pages} pages.", f"more than {max_pages} pages at {path}")

    def _read(self, reader: Callable[[], Any]) -> Any:
        try:
            return reader()
        except Unreadable as error:
            trouble = Unreadable(error.sentence, self._mask(error.detail), self._mask(error.body))
        raise trouble

    def _ask(self, method: str, path: str, params: Params, headers: dict[str, str], body: bytes) -> Answer:
        """One request with its redirects, its one retry and its deadline."""
        ask = _Ask(method, self._url(path), params, {**self._headers, **safe_headers(headers)}, body)
        self._budget.earn()
        with call(self.limit_s) as this:
            got = self._follow(this, ask)
            wait = self._retry_wait(method, got, this)
            if wait is not None:
                time.sleep(wait)
                got = self._follow(this, ask)
            if isinstance(got, Answer) and got.status == 401 and self._auth.refresh():
                got = self._follow(this, ask)
        if isinstance(got, Answer):
            got = error_for(got, tuple(self._secrets)) or got
        if isinstance(got, SourceError):
            raise got
        return got

    def _retry_wait(self, method: str, got: Answer | SourceError, this: Call) -> float | None:
        """Seconds until the one retry, or None where there is none."""
        error = error_for(got) if isinstance(got, Answer) and got.status in (502, 503, 504) else got
        if method != "GET" or type(error) is not TryAgain or this.expired:
            return None
        wait = error.after if error.after is not None else random.uniform(0.01, 0.1)
        return wait if wait < this.left_s / 2 and self._budget.take() else None

    def _follow(self, this: Call, ask: _Ask) -> Answer | SourceError:
        for _ in range(_REDIRECTS + 1):
            got = self._once(this, ask)
            if isinstance(got, SourceError) or got.status not in (301, 302, 303, 307, 308) or ask.method != "GET":
                return got
            target = urljoin(got.url, got.headers.get("location", ""))
            if not self._is_here(target):
                return Refused(f"{self.name} redirects elsewhere, which is not followed.", f"redirect from {ask.url}")
            ask = replace(ask, url=target, params=None)
        return Unreadable(f"{self.name} redirects in a circle.", f"more than {_REDIRECTS} redirects to {ask.url}")

    def _once(self, this: Call, ask: _Ask) -> Answer | SourceError:
        if this.count_request() > self.max_requests:
            return Unreadable(f"{self.name} needed more than {self.max_requests} requests for one question.")
        try:
            shown = in_wire_form(ask.url, ask.params)
            request = self._signed(ask, shown)
            if not self._is_here(request.url):  # as it will be called, whatever was parsed before
                return Refused(f"{self.name} points to another address, which is not followed.")
            with span("http", source=self.name, method=ask.method) as mark:
                reply = self._transport.send(request, this, self.max_bytes)
                mark.note(status=reply.status)
        except (SourceError, Trouble, OSError, ValueError) as error:
            trouble: Exception = error
        else:
            if not this.expired:
                return Answer(reply.status, reply.headers, reply.body, shown, self.name)
            trouble = TimeoutError()
        return self._meaning(trouble, this)

    def _signed(self, ask: _Ask, url: str) -> Request:
        """With what proves who asks, which is remembered as something never to be shown."""
        headers, params = safe_headers(self._auth.headers()), dict(self._auth.params())
        self._secrets |= secret_parts(headers, params)
        return Request(ask.method, with_params(url, params), {**ask.headers, **headers}, ask.body)

    def _meaning(self, trouble: Exception, this: Call) -> SourceError:
        """What a failed exchange means. The original is left behind: it carries the request's headers."""
        if this.expired or this.left_s < 0.005:
            return TryAgain(f"{self.name} did not answer within {this.limit_s:g} s.")
        if isinstance(trouble, SourceError):
            return trouble
        detail = self._mask(f"{type(trouble).__name__}: {trouble}"[:500])
        match trouble.why if isinstance(trouble, Trouble) else "lost":
            case "untrusted":
                return Untrusted(f"The certificate of {self.name} can't be trusted.", detail)
            case "packed":
                return Unreadable(f"{self.name} sent a body that can't be unpacked.", detail)
            case "too big":
                start = self._mask(getattr(trouble, "start", b"").decode("utf-8", "replace"))
                return Unreadable(f"{self.name} sent more than {self.max_bytes / 1e6:g} MB.", detail, start)
        return TryAgain(f"{self.name} could not be reached.", detail)

    def _url(self, path: str) -> str:
        url = path if re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", path) else f"{self.base_url}/{path.lstrip('/')}"
        if not path.strip("/"):
            url = self.base_url + path
        if not self._is_here(url):
            raise Refused(f"{self.name} points to another address, which is not followed.", "address elsewhere")
        odd = "%" in url or ".." in url
        if odd and any(unquote(segment) == ".." for segment in urlsplit(url).path.split("/")):
            raise Refused(f"{self.name} can't be asked for an address with '..' in it.")
        return url

    def _is_here(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            return origin(parts) == self._origin and not parts.username and "\\" not in url
        except ValueError:
            return False

    def _mask(self, text: str) -> str:
        return mask(text, self._secrets)
