"""A request that waits for the sources holds no thread, and only as long as it may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from cases import selectors, services
from tests.pages import cast
from workspace.live.holding import await_settled, waiting


def asked(query: str, method: str = "GET") -> dict[str, Any]:
    return {"method": method, "query_string": query.encode()}


def run(coroutine: Coroutine[Any, Any, bool]) -> bool:
    """On a loop of its own: a browser of the same run may keep one on this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize(
    ("query", "seconds"),
    [("", 0), ("wait=2.5", 2.5), ("wait=10", 10), ("wait=99", 0), ("wait=-1", 0), ("wait=nan", 0), ("wait=soon", 0)],
)
def test_how_long_is_waited(query: str, seconds: float) -> None:
    assert waiting(asked(query)) == seconds


def test_the_past_and_writes_wait_for_nothing() -> None:
    assert waiting(asked("wait=5&as_of=2026-11-19T12:00:00Z")) == 0
    assert waiting(asked("wait=5", "POST")) == 0


def test_it_ends_when_the_sources_have_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "case_get", lambda reference: reference)
    monkeypatch.setattr(selectors, "case_view", lambda **_: cast.view())
    monkeypatch.setattr(services, "case_gather", lambda case: SimpleNamespace(settled=True))
    assert run(await_settled("20418", 5)) is True


@pytest.mark.alone
def test_it_ends_in_time_where_they_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "case_get", lambda reference: reference)
    monkeypatch.setattr(services, "case_gather", lambda case: SimpleNamespace(settled=False))
    started = time.monotonic()
    assert run(await_settled("20418", 0.3)) is False
    assert time.monotonic() - started < 2
