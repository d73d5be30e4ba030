"""The ledger at a glance: the last verification, the newest anchors, and what is not anchored yet."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

from cases.ledger.keys import SigningKey
from cases.models import Anchor, LedgerRun
from cases.selectors.ledger.words import erased_said, looked_at
from cases.views.ledger import AnchorView, LedgerView, RunView
from connectors.host.selectors import moment
from connectors.host.services.digests import GRACE, digested_days

SHOWN = 14
SIGNED = ("intact", "broken", "failed")


def ledger_state(key: SigningKey | None = None, shown: int = SHOWN) -> LedgerView:
    """``key`` is the one that signs now."""
    runs = LedgerRun.objects.order_by("-pk")
    last, now = runs.filter(state__in=SIGNED).first(), runs.exclude(state__in=SIGNED).first()
    anchors = tuple(_anchor(a) for a in Anchor.objects.order_by("-day")[:shown])
    return LedgerView(
        last=_run(last) if last else None, now=_run(now) if now else None, anchors=anchors,
        anchored=Anchor.objects.count(), key=key.id if key else "",
        waiting_days=_waiting(anchors[0].day if anchors else None),
    )  # fmt: skip


def _run(run: LedgerRun) -> RunView:
    said = {
        "intact": f"Nobody changed history: {looked_at(run.counts)}.",
        "broken": f"History was changed. {run.fault.get('sentence', '')}",
        "running": f"So far {looked_at(run.counts)}." if any(run.counts.values()) else "It has just begun.",
        "failed": "The verification could not be done. Run `manage.py ledger verify` to see why.",
    }.get(run.state, "It begins as soon as a worker is free.")
    return RunView(
        run.state, said, looked_at(run.counts), erased_said(run.counts), run.asked_by, run.asked_at, run.ended_at
    )


def _anchor(row: Anchor) -> AnchorView:
    digests: dict[str, Any] = row.body.get("digests", {})
    counts = {name: int(one.get("count", 0)) for name, one in digests.items()}
    events = counts.pop("heads", 0)
    number = int(row.body.get("number", 0))
    return AnchorView(row.day, number, events, sum(counts.values()), row.digest, row.key_id, row.made_at)


def _waiting(last: Any) -> int:
    """Days between the last anchored one and today that are over."""
    over = (moment()[0] - GRACE).astimezone(UTC).date() - timedelta(days=1)
    begun = last or digested_days().first()
    if begun is None:
        return 0
    return max(0, (over - begun).days + (0 if last else 1))
