"""How a connector proves who asks: what is added to every request, and what to do once it no longer holds."""

from __future__ import annotations

import base64
import contextlib
import math
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

from connectors.sdk.calls import current_call
from connectors.sdk.errors import BadCredentials, Missing, Refused, SourceError, TryAgain, Unreadable

_EARLY_S = 30.0


class Auth:
    """Subclass it where fixed ``headers`` are not enough. The host keeps one object per source and settings in each
    process, so it may cache a token; threads share it. What it adds is masked wherever it could be shown."""

    def headers(self) -> Mapping[str, str]:
        """Headers for the next request."""
        return {}

    def params(self) -> Mapping[str, str]:
        """Query parameters for the next request."""
        return {}

    def refresh(self) -> bool:
        """The source answered 401. True where the request may be sent once more, with what is new now."""
        return False


class Bearer(Auth):
    """``Authorization: Bearer <token>``."""

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


class Basic(Auth):
    """``Authorization: Basic`` with a user and a password, in UTF-8; either may be empty."""

    def __init__(self, user: str, password: str) -> None:
        self._pair = base64.b64encode(f"{user}:{password}".encode()).decode()

    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Basic {self._pair}"}


class Header(Auth):
    """A header of the source's own, e.g. ``X-Api-Key``."""

    def __init__(self, name: str, value: str) -> None:
        self._headers = {name: value}

    def headers(self) -> Mapping[str, str]:
        return self._headers


class Query(Auth):
    """A parameter in the query of every request, e.g. ``api_key``; it is never shown."""

    def __init__(self, name: str, value: str) -> None:
        self._params = {name: value}

    def params(self) -> Mapping[str, str]:
        return self._params


class Several(Auth):
    """More than one of these at once, e.g. two headers."""

    def __init__(self, *auths: Auth) -> None:
        self._auths = auths

    def headers(self) -> Mapping[str, str]:
        return {name: value for one in self._auths for name, value in one.headers().items()}

    def params(self) -> Mapping[str, str]:
        return {name: value for one in self._auths for name, value in one.params().items()}

    def refresh(self) -> bool:
        refreshed = [one.refresh() for one in self._auths]
        return True in refreshed


class OAuth2ClientCredentials(Auth):
    """A token fetched with a client id and its secret (RFC 6749 §4.4), used until shortly before it expires.

    ``token_url`` is a whole address, which may be another host than the source's. The client names itself by Basic
    authentication, or with ``in_body`` by two form fields. ``audience`` is sent where given. ``internal`` allows a
    private address. A token without ``expires_in`` is used until the source answers 401; then, as after any 401, a
    new one is fetched once. Threads that run out of the same token share one fetch.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        *,
        scope: str = "",
        audience: str = "",
        in_body: bool = False,
        internal: bool = False,
    ) -> None:
        self._url, self._internal = token_url, internal
        self._client, self._in_body = (client_id, client_secret), in_body
        self._form = {"grant_type": "client_credentials", "scope": scope, "audience": audience}
        self._token, self._until = "", 0.0
        self._lock = threading.Lock()
        self._given = threading.local()

    def headers(self) -> Mapping[str, str]:
        """Raises a SourceError where no token can be had."""
        with self._alone():
            if not self._token or time.monotonic() >= self._until:
                self._fetch()
            self._given.token = self._token
            return {"Authorization": f"Bearer {self._token}"}

    def refresh(self) -> bool:
        with self._alone():
            if getattr(self._given, "token", "") == self._token:  # else another thread has fetched one since
                self._token = ""
            return True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        this = current_call()
        if not self._lock.acquire(timeout=min(this.left_s, 60) if this else 10):
            raise TryAgain("The address that gives tokens did not answer in time.")
        try:
            yield
        finally:
            self._lock.release()

    def _fetch(self) -> None:
        sent = self._ask()
        sent = sent if isinstance(sent, dict) else {}
        token, kind = sent.get("access_token"), str(sent.get("token_type", "Bearer"))
        if not isinstance(token, str) or not token or kind.lower() != "bearer":
            raise Unreadable("The address that gives tokens sent none of the kind Bearer.")
        self._token, self._until = token, time.monotonic() + _lasts_s(sent.get("expires_in"))

    def _ask(self) -> Any:
        """What the token's address sends. Its errors are told without bodies: they might hold a token or the secret."""
        from connectors.sdk.http import Http  # it needs this module for Auth

        headers, form = {"Accept": "application/json"}, {k: v for k, v in self._form.items() if v}
        if self._in_body:
            form |= {"client_id": self._client[0], "client_secret": self._client[1]}
        else:
            headers |= Basic(*(quote_plus(part) for part in self._client)).headers()
        split = urlsplit(self._url)
        host = f"{split.scheme}://{split.netloc}"
        http = Http(host, headers=headers, internal=self._internal, limit_s=10, name=split.hostname or host)
        try:
            return http.post(self._url, data=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
        except Unreadable as error:
            trouble: SourceError = Unreadable(error.sentence)
        except (BadCredentials, Refused, Missing) as error:
            sentence = f"{http.name} gives no token: check the address of the tokens, client id, secret and scope."
            trouble = BadCredentials(sentence, error.sentence)
        except TryAgain as error:
            trouble = TryAgain(error.sentence, after=error.after)
        raise trouble


def _lasts_s(expires_in: Any) -> float:
    """How long to use a token: up to 30 s, and at most a tenth of its life, less than it holds."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return math.inf
    return max(0.0, seconds - min(_EARLY_S, seconds / 10)) if math.isfinite(seconds) else math.inf
