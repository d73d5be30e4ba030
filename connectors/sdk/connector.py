"""The base class of every connector: five questions, of which ``check`` and one other are required."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from connectors.sdk.refs import Ref
from connectors.sdk.rows import ActionSpec, Delivery, Fact, Found, Page, Row, Undone

if TYPE_CHECKING:
    from connectors.sdk.http import Http


class Settings(BaseModel):
    """What every source needs to be told. Connectors subclass it; secrets are references (``env:KEY``)."""

    model_config = ConfigDict(extra="forbid")

    base_url: str = Field(description="Where the source answers, e.g. https://wms.example/api")
    zone: str = Field("UTC", description="The time zone of dates that the source gives without one")
    internal: bool = Field(False, description="Allow private addresses (a source inside your own network)")


class Connector:
    """Subclass in ``connectors/contrib/<slug>/connector.py``; the host finds it by its folder.

    The host makes one instance per call, with ``settings`` (secrets resolved) and ``http`` (bound to
    ``base_url``, with auth from ``headers``, limits and error mapping). Import no time, logging,
    threading or django: waiting, retrying, paging limits and logging are the host's.
    """

    title: ClassVar[str]
    domain: ClassVar[str]
    version: ClassVar[str] = "1"
    Settings: ClassVar[type[Settings]] = Settings
    accepts: ClassVar[Sequence[str]] = ()
    """Ref schemes that ``lookup`` can be asked about."""
    identifying: ClassVar[Sequence[str]] = ()
    """Ref schemes by which this source names a person surely enough to tie customers."""
    covers: ClassVar[Mapping[str, Sequence[str]]] = {}
    """For each accepted scheme, the fact kinds whose absence a complete lookup proves."""
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

    def check(self) -> str:
        """Do these settings work? Return one sentence that says so, or raise a SourceError."""
        raise NotImplementedError

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        """What do you know about these refs now? Yield one Found per ref. Raise for those not reached."""
        raise NotImplementedError

    def changes(self, cursor: str | None) -> Iterator[Page]:
        """What is new since? None means from now on: yield one empty page with the present cursor."""
        raise NotImplementedError

    def receive(self, delivery: Delivery) -> Iterable[Row]:
        """You called: which rows does it carry?"""
        raise NotImplementedError

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        """How is one row of yours read? Pure: no calls, no clock. Raise ValueError or KeyError freely:
        the row is then kept as malformed with the reason."""
        raise NotImplementedError

    @classmethod
    def can(cls, question: str) -> bool:
        """True where the subclass answers ``lookup``, ``changes`` or ``receive``."""
        return getattr(cls, question) is not getattr(Connector, question)

    @classmethod
    def actions(cls) -> dict[str, ActionSpec]:
        """The actions that this connector declares, by name."""
        found = (getattr(getattr(cls, name), "action_spec", None) for name in dir(cls))
        return {spec.name: spec for spec in found if spec}


def action(confirm: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a method as an action: ``confirm`` is the sentence a person reads before saying yes."""

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        hints = typing.get_type_hints(method)
        hints.pop("return", None)
        method.action_spec = ActionSpec(method.__name__, confirm, hints)  # type: ignore[attr-defined]
        return method

    return mark
