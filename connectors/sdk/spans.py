"""Where time goes, told to whoever wants to know: to nobody, until ``spans_to`` names one. Attributes are names of
sources, outcomes and counts; never an address, a reference or what a source said."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Protocol


class Span(Protocol):
    """A stretch of work that has begun."""

    def note(self, **attributes: str | int | bool) -> None: ...
    def end(self, **attributes: str | int | bool) -> None: ...


Begin = Callable[[str, Span | None, Mapping[str, str | int | bool]], Span]
"""Begins a span of this name under another one (None: under none) with these attributes."""


class _Nothing:
    def note(self, **attributes: str | int | bool) -> None: ...
    def end(self, **attributes: str | int | bool) -> None: ...


NOTHING: Span = _Nothing()
_NOWHERE = contextlib.nullcontext(NOTHING)
_begin: Begin | None = None
_current: ContextVar[Span | None] = ContextVar("span", default=None)


def spans_to(begin: Begin | None) -> None:
    """Hand every span of this process to ``begin``; None switches them off."""
    global _begin  # noqa: PLW0603
    _begin = begin


def span_begin(name: str, under: Span | None = None, **attributes: str | int | bool) -> Span:
    """A span that ends elsewhere, maybe on another thread: whoever ends it calls ``end``."""
    return NOTHING if _begin is None else _begin(name, under or _current.get(), attributes)


def span(name: str, under: Span | None = None, **attributes: str | int | bool) -> AbstractContextManager[Span]:
    """A span around a block; what begins inside it, on this thread, lies under it."""
    return _NOWHERE if _begin is None else _around(span_begin(name, under, **attributes))


@contextlib.contextmanager
def _around(mine: Span) -> Iterator[Span]:
    token = _current.set(mine)
    try:
        yield mine
    finally:
        _current.reset(token)
        mine.end()
