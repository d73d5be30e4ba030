"""What a connector hands to the host: rows as the source sent them, and the facts read from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from connectors.sdk.refs import Ref


@dataclass(frozen=True)
class Row:
    """One record of a source, exactly as sent; it is kept beside the facts that are read from it.

    ``version`` is the source's own order of versions (a number or an aware time), for sources that
    have one. ``url`` opens the record in the source's own screens.
    """

    type: str
    id: str
    body: Mapping[str, Any]
    version: int | datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """One thing a row says. ``occurred`` is an aware instant, a date (only the day is known) or None.

    ``data`` follows the schema of its kind (connectors.sdk.kinds). ``said`` is the timeline sentence,
    needed for namespaced kinds and optional for canonical ones. A fact that is known only because a
    status implies it has ``occurred=None`` and ``implied=True``.
    """

    kind: str
    data: Mapping[str, Any]
    refs: Sequence[Ref]
    occurred: datetime | date | None = None
    implied: bool = False
    said: str = ""


@dataclass(frozen=True)
class Undone:
    """The source says that this milestone of the row never happened after all."""

    kind: str


@dataclass(frozen=True)
class Found:
    """The outcome of asking about one ref. No rows means "nothing".

    ``complete`` is False where rows could exist that this user or this endpoint does not show: then
    "nothing" is never told as an absence. ``kinds`` narrows what was covered (default: ``covers``).
    """

    ref: Ref
    rows: Sequence[Row] = ()
    complete: bool = True
    kinds: Sequence[str] | None = None
    reason: str = ""
    """Why it is not complete, in a sentence for the rep."""


@dataclass(frozen=True)
class Page:
    """One page of ``changes``: the rows and the cursor that covers them. The host stores both at once."""

    rows: Sequence[Row]
    cursor: str


@dataclass(frozen=True)
class Delivery:
    """One inbound call from a source, after the host verified its signature."""

    id: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True)
class ActionSpec:
    """What ``@action`` declares: name, the words of its confirmation, its arguments' types, the schemes of the
    references that it can be done about, and whether it can be tried without being done."""

    name: str
    confirm: str
    arguments: Mapping[str, type] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True)
class Done:
    """What an action came to: one sentence for people, and the rows that the source sent back, read like any others."""

    sentence: str
    rows: Sequence[Row] = ()
