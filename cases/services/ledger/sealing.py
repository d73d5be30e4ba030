"""Digests of what was recorded, and the anchors over days that are over: made by the clock, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from cases.ledger.anchors import FORMAT, Body, body_digest, message
from cases.ledger.keys import SigningKey
from cases.models import Anchor
from cases.selectors.ledger.kinds import KINDS, dated
from cases.services.ledger.keeping import key_record, ledger_key
from connectors.host.services import clock_tick
from connectors.host.services.digests import GRACE, digest_days, digest_seal, digested_days, digests_since, start_of


def ledger_seal(*, more: Callable[[], bool] = lambda: True) -> int:
    """Digest what was recorded until a quarter of an hour ago, and anchor every UTC day that was over by then; how many
    were anchored. Safe to run twice and at the same time.

    The clock of what is known is taken once, so that whatever was learned before is there to be read. Without a key
    days are digested, and anchored as soon as there is one.
    """
    with transaction.atomic():
        at = clock_tick()
    day, until = _next_day(), at - GRACE
    while day is not None and start_of(day) < until:
        there = digest_days(day)
        left = [kind for kind in KINDS if kind.name not in there]
        if not all(digest_seal(kind=kind, day=day, until=until, made_at=at, more=more) for kind in left):
            break
        day += timedelta(days=1)
        if not more():
            break
    return _anchor_all(at)


def _next_day() -> date | None:
    """The first day that is not anchored: behind the last that is, or the first of history."""
    last = Anchor.objects.order_by("day").last()
    return last.day + timedelta(days=1) if last else digested_days().first() or digests_since(dated())


def _anchor_all(at: datetime) -> int:
    key = ledger_key()
    if key is None:
        return 0
    made, last = 0, Anchor.objects.order_by("day").last()
    for day in digested_days(last.day + timedelta(days=1) if last else None):
        digests = digest_days(day)
        if {kind.name for kind in KINDS} - set(digests):
            break
        last = _anchor_add(day, digests, last, key, at)
        made += 1
    return made


def _anchor_add(
    day: date, digests: dict[str, tuple[int, str]], before: Anchor | None, key: SigningKey, at: datetime
) -> Anchor:  # fmt: skip
    body: Body = {
        "format": FORMAT, "number": before.body["number"] + 1 if before else 1, "day": day.isoformat(),
        "previous": before.digest if before else "", "key": key.id,
        "digests": {name: {"count": count, "root": root} for name, (count, root) in sorted(digests.items())},
    }  # fmt: skip
    with transaction.atomic():
        key_record(key, at)
        made = {"body": body, "digest": body_digest(body), "key_id": key.id, "signature": key.sign(message(body))}
        return Anchor.objects.get_or_create(day=day, defaults={**made, "made_at": at})[0]
