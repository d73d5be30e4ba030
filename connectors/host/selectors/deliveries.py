"""Deliveries as they came, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.db.models.functions import Length
from django.utils import timezone

from connectors.host.errors import UnknownDelivery
from connectors.host.models import Fact, Inbound, InboundWork
from connectors.host.selectors.facts import facts_select
from connectors.host.selectors.health_rows import DAY
from connectors.host.selectors.named import source_pk
from connectors.host.views import FactView

STATES = ("waiting", "done", "failed", "dead")
MAX_LIST = 200


@dataclass(frozen=True)
class DeliveryView:
    """One delivery. ``due_at`` is when it is worked on next; ``reason`` says why it failed or what could not be
    read; ``new`` and ``malformed`` count fact versions and unreadable parts. The rest only ``delivery_get`` fills."""

    id: int
    source: str
    key: str
    received_at: datetime
    size: int
    state: str
    attempts: int
    due_at: datetime | None
    done_at: datetime | None
    reason: str
    new: int
    malformed: int
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    """The raw body as text; bytes that are no UTF-8 show as ``\\xff``."""
    facts: tuple[FactView, ...] = ()


def deliveries_list(
    *, source: str = "", state: str = "", before: int | None = None, limit: int = 50
) -> list[DeliveryView]:
    """Newest first, of one source and in one state where these are given. ``before`` is the id of the last one of the
    page before; ``limit`` is at most 200."""
    rows = InboundWork.objects.select_related("source").order_by("-pk")
    if source:
        rows = rows.filter(source=source_pk(source))
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: min(limit, MAX_LIST)])
    kept = Inbound.objects.filter(pk__in=[w.pk for w in found]).annotate(size=Length("body"))
    raw = {r["pk"]: r for r in kept.values("pk", "key", "received_at", "size")}
    return [_view(work, raw[work.pk]) for work in found]


def delivery_get(id: int) -> DeliveryView:
    """One delivery with its headers, its raw body as text and the facts that it brought. Raises UnknownDelivery."""
    found = Inbound.objects.select_related("work__source").filter(pk=id).first() if 0 < id < 2**63 else None
    if found is None:
        raise UnknownDelivery(f"There is no delivery {id}.")
    body = bytes(found.body)
    raw = {"key": found.key, "received_at": found.received_at, "size": len(body)}
    text = body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")
    return _view(found.work, raw, headers=dict(found.headers), body=text, facts=_facts(found.work, found.received_at))


def deliveries_counts(*, source: str) -> dict[str, int]:
    """How many deliveries of this source are in each state; of those that are done, the ones of the last 24 hours."""
    pk, day = source_pk(source), timezone.now() - DAY
    open_ = InboundWork.objects.filter(source=pk, state__in=[state for state in STATES if state != "done"])
    rows = open_.values_list("state").annotate(n=Count("pk")).order_by()
    came = Inbound.objects.filter(source=pk, received_at__gt=day).count()
    done = came - open_.filter(inbound__received_at__gt=day).count()
    return {**dict.fromkeys(STATES, 0), **dict(rows), "done": max(0, done)}


# Several deliveries may be stored at once; then each one's facts began when it came.
_BROUGHT = """
f.learned_at = %(learned_at)s AND f.source_id = %(source)s AND f.how = 'push'
ORDER BY f.sort_at DESC, f.id DESC
"""


def _facts(work: InboundWork, received_at: datetime) -> tuple[FactView, ...]:
    if work.learned_at is None:
        return ()
    found = facts_select(_BROUGHT, {"learned_at": work.learned_at, "source": work.source_id})
    began = dict(Fact.objects.filter(pk__in=[f.id for f in found]).values_list("pk", "started_at"))
    own = [f for f in found if began[f.id] == received_at]
    return tuple(own or found)


def _view(work: InboundWork, raw: dict[str, Any], **more: Any) -> DeliveryView:
    return DeliveryView(
        id=work.pk, source=work.source.name, key=raw["key"], received_at=raw["received_at"], size=raw["size"],
        state=work.state, attempts=work.attempts, due_at=work.due_at, done_at=work.done_at, reason=work.reason,
        new=work.new, malformed=work.malformed, **more,
    )  # fmt: skip
