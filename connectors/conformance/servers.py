"""Recordings served with something changed: one answer spoiled, every document bent, all pages the same."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from connectors.sdk.testing import Asked, Behaviour, ReplayServer, Server

Change = Callable[[Any], Any]


class Replay(ReplayServer):
    """``spoil_at`` (counted from 1) and all later requests get ``spoiled`` instead of what was recorded.

    ``change`` is given every recorded document, ``link`` is added as a Link header to every answer. ``stuck`` answers
    every request with the first answer that was given at its address, whatever its parameters.
    """

    def __init__(
        self, folder: Path, *, spoil_at: int = 0, spoiled: Behaviour | None = None, change: Change | None = None,
        stuck: bool = False, link: str = "",
    ) -> None:  # fmt: skip
        super().__init__(folder)
        self._spoil_at, self._spoiled, self._stuck = spoil_at, spoiled, stuck
        self._firsts: dict[str, Any] = {}
        self._count, self._counting = 0, threading.Lock()
        if change:
            self._recordings = [_changed(one, change) for one in self._recordings]
        if link:
            self._recordings = [_linked(one, link) for one in self._recordings]

    def __exit__(self, *error: object) -> None:
        Server.__exit__(self, *error)

    def _replay(self, sock: socket.socket, asked: Asked) -> None:
        with self._counting:
            self._count += 1
            spoil = bool(self._spoiled and self._spoil_at and self._count >= self._spoil_at)
        if spoil and self._spoiled:
            return self._spoiled(sock, asked)
        if self._stuck:
            asked = self._firsts.setdefault(f"{asked.method} {asked.path} {_shape(asked.body)}", asked)
        return super()._replay(sock, asked)

    @property
    def answers(self) -> list[tuple[str, Mapping[str, Any], Any]]:
        """Address, headers and body of every recorded answer that was given."""
        given = [self._recordings[n] for n in sorted(self._given)]
        return [(o["request"]["path"], o["response"].get("headers") or {}, o["response"].get("body")) for o in given]

    @property
    def documents(self) -> list[Any]:
        """Every recorded body."""
        return [one["response"].get("body") for one in self._recordings]


def _shape(body: bytes) -> int:
    return bool(body)


def _changed(one: Mapping[str, Any], change: Change) -> dict[str, Any]:
    response = deepcopy(one["response"])
    if response.get("status", 200) < 300 and isinstance(response.get("body"), dict | list):
        response["body"] = change(response["body"])
    return {**one, "response": response}


def _linked(one: Mapping[str, Any], link: str) -> dict[str, Any]:
    kept = {name: value for name, value in one["response"].get("headers", {}).items() if name.lower() != "link"}
    return {**one, "response": {**one["response"], "headers": {**kept, "Link": link}}}


def pages_emptied(document: Any) -> Any:
    """Every list of records in a document without its records."""
    return _lists(document, lambda _: [])


def pages_doubled(document: Any) -> Any:
    """Every record told twice."""
    return _lists(document, lambda records: [record for record in records for _ in range(2)])


def fields_added(document: Any) -> Any:
    """A field that nobody knows in every object, as a new release of a system would have it."""
    if isinstance(document, dict):
        return {**{key: fields_added(value) for key, value in document.items()}, "zz_new_in_this_release": {"a": [1]}}
    return [fields_added(value) for value in document] if isinstance(document, list) else document


def _lists(document: Any, change: Change) -> Any:
    if _records(document):
        return change(document)
    if isinstance(document, dict):
        return {key: change(value) if _records(value) else value for key, value in document.items()}
    return document


def _records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
