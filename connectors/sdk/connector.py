"""The base class of every connector: five questions, of which ``check`` and one other are required."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from connectors.sdk.refs import Ref
from connectors.sdk.rows import ActionSpec, Delivery, Done, Fact, Found, Page, Row, Undone
from connectors.sdk.signatures import Signature
from connectors.sdk.times import instant

if TYPE_CHECKING:
    from connectors.sdk.auth import Auth
    from connectors.sdk.http import Http


class Settings(BaseModel):
    """What every source needs to be told. Connectors subclass it; secrets are references (``env:KEY``)."""

    model_config = ConfigDict(extra="forbid")

    base_url: str = Field(description="Where the source answers, e.g. https://wms.example/api")
    zone: str = Field("UTC", description="The time zone of dates that the source gives without one")
    internal: bool = Field(False, description="Allow private addresses (a source inside your own network)")
    webhook_secret: str = Field("", description="What its deliveries are signed with: env:NAME or file:/path")
    webhook_secret_before: str = Field("", description="The secret before this one, while both are in use")


class Connector:
    """Subclass it in ``connectors/contrib/<slug>/connector.py``; the host finds it by its folder.

    ``title`` is its name for people, ``domain`` what it is the record of (``order``, ``warehouse``, ``finance`` …).
    The host makes one instance per call, with ``self.settings`` (secrets resolved), ``self.http`` (bound to
    ``base_url``, with credentials, limits and errors decided) and ``self.zone`` (of the settings). Import no time,
    logging, threading or django: waiting, retrying and logging are the host's.
    """

    title: ClassVar[str]
    domain: ClassVar[str]
    version: ClassVar[str] = "1"
    Settings: ClassVar[type[Settings]] = Settings
    accepts: ClassVar[Sequence[str]] = ()
    """Ref schemes that ``lookup`` can be asked about."""
    identifying: ClassVar[Sequence[str]] = ()
    """Ref schemes by which this source names a person surely enough to tie customers."""
    patterns: ClassVar[Mapping[str, str]] = {}
    """For a ref scheme, a regular expression of the numbers that this source gives, so that they are found in what
    customers write: ``{"order": r"48-\\d{4}"}``. Capitals do not matter. Where only a part of the match is the number,
    that part is a group of the name ``value``."""
    covers: ClassVar[Mapping[str, Sequence[str]]] = {}
    """For each accepted scheme, the fact kinds whose absence a complete lookup proves."""
    signature: ClassVar[Signature | None] = None
    """How deliveries prove where they come from; needed where ``receive`` is defined."""
    overlap_s: ClassVar[float] = 0
    """How far back of its cursor ``changes`` reads again, for rows that a source shows late. Rows that did not
    change are no news, so reading twice costs only time."""
    takes_events: ClassVar[bool] = False
    """True where the rows are CloudEvents (connectors.sdk.cloudevents): programs may then push them to
    ``POST /api/v1/facts/``."""
    orders_versions: ClassVar[bool] = False
    """True where every Row carries ``version``: the source's order decides which row is current."""

    def __init__(self, settings: Any, http: Http) -> None:
        self.settings = settings
        self.http = http
        self.zone = ZoneInfo(settings.zone)

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        """Headers that authenticate every call, made from settings whose secrets are resolved."""
        return {}

    @classmethod
    def auth(cls, settings: Any) -> Auth | None:
        """What adds credentials to every call where fixed ``headers`` are not enough: a query parameter, or a token
        that is fetched and fetched anew. Kept by the host for as long as these settings hold."""
        return None

    def check(self) -> str:
        """Do these settings work? Return one sentence that says so, or raise a SourceError."""
        raise NotImplementedError

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        """What do you know about these refs now? Yield one Found per ref. Raise for those not reached."""
        raise NotImplementedError

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """What is new since? None means from now on: yield one empty page with the present cursor."""
        raise NotImplementedError

    def reach_back(self, cursor: str) -> datetime:
        """For a cursor that is a time (ISO, with zone): the time to ask from, ``overlap_s`` before it."""
        return instant(cursor) - timedelta(seconds=self.overlap_s)

    def cursor_at(self, since: datetime | None) -> str:
        """The cursor from which ``changes`` tells all that is new since this time (None: from the beginning).
        Define it, and the source can be backfilled."""
        raise NotImplementedError

    @classmethod
    def delivery_id(cls, headers: Mapping[str, str], body: bytes) -> str:
        """The source's own id of a delivery, for signature schemes that carry none; empty where it has none either.
        Called after the signature was verified. Asks nobody."""
        return ""

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        """You called: which rows does it carry? Yield them; raise a SourceError, and it is kept and run again."""
        raise NotImplementedError

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        """How is one row of yours read? Pure: no calls, no clock. Raise ValueError or KeyError freely:
        the row is then kept as malformed with the reason."""
        raise NotImplementedError

    @classmethod
    def can(cls, question: str) -> bool:
        """True where the subclass defines this method, e.g. ``lookup``, ``changes``, ``receive``, ``cursor_at``."""
        return getattr(cls, question) is not getattr(Connector, question)

    @classmethod
    def actions(cls) -> dict[str, ActionSpec]:
        """The actions that this connector declares, by name."""
        found = (getattr(getattr(cls, name), "action_spec", None) for name in dir(cls))
        return {spec.name: spec for spec in found if spec}


def action(
    confirm: str, *, refs: Sequence[str] = (), dry_run: bool = False
) -> Callable[[Callable[..., Done]], Callable[..., Done]]:
    """Declare a method as an action, something that the source is asked to *do*.

    ``confirm`` is the sentence that a person reads before saying yes; ``{name}`` in it is replaced by the argument of
    that name. The method's own arguments must be typed (str, int, bool, Decimal, date, datetime, Ref); it also takes
    ``key``, the idempotency key to hand to the source (``self.http.post(..., idempotency_key=key)``), and with
    ``dry_run=True`` a bool ``dry_run``, for sources that can say what would happen without doing it. It returns a
    ``Done``, or raises a SourceError. ``refs`` are the schemes of the case's references that it can be done about.
    """

    def mark(method: Callable[..., Done]) -> Callable[..., Done]:
        hints = typing.get_type_hints(method)
        arguments = {name: hint for name, hint in hints.items() if name not in ("return", "key", "dry_run")}
        spec = ActionSpec(method.__name__, confirm, arguments, tuple(refs), dry_run)
        method.action_spec = spec  # type: ignore[attr-defined]
        return method

    return mark
