"""Talking to the running workspace as any program does: over its API, with the standard library alone."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """The API said no; ``status`` is its HTTP status."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status}: {words}")
        self.status = status


class Api:
    """``Api(base_url, token).post("cases/", {...})``; answers are parsed JSON. Raises ApiError and OSError."""

    def __init__(self, base_url: str, token: str) -> None:
        self.root = f"{base_url}/api/v1/"
        self.token = token

    def get(self, path: str) -> Any:
        return self._send(path, None, {})

    def post(self, path: str, body: Mapping[str, Any], key: str = "") -> Any:
        return self._send(path, body, {"Idempotency-Key": key} if key else {})

    def _send(self, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]) -> Any:
        request = urllib.request.Request(  # noqa: S310  (our own address)
            self.root + path,
            json.dumps(body).encode() if body is not None else None,
            {"Authorization": f"Token {self.token}", "Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                return json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            raise ApiError(error.code, error.read(500).decode("utf-8", "replace")) from None


def cases_open(api: Api, wanted: Mapping[str, Mapping[str, Any]], known: Mapping[str, str]) -> dict[str, str]:
    """A case for each situation: the one ``known`` from an earlier run where it is still there, else a new one."""
    found = {}
    for situation, body in wanted.items():
        reference = known.get(situation, "")
        if not (reference and _is_about(api, reference, body["refs"])):
            reference = _opened(api, situation, body)
        found[situation] = reference
    return found


def _opened(api: Api, situation: str, body: Mapping[str, Any]) -> str:
    mark = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    try:
        return str(api.post("cases/", body, key=f"demo-{situation}-{mark}")["reference"])
    except ApiError as error:
        if error.status != 409:
            raise
        # An earlier run was cut off while it opened this case: a second one does no harm in a demo.
        return str(api.post("cases/", body)["reference"])


def _is_about(api: Api, reference: str, refs: list[str]) -> bool:
    try:
        case = api.get(f"cases/{reference}/")
    except ApiError as error:
        if error.status == 404:
            return False
        raise
    return set(refs) <= set(case.get("refs", refs))
