"""Notices leave: claimed by rows, signed, tried over days, and given up visibly."""

from __future__ import annotations

import logging
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection, transaction

from connectors.host.selectors import moment
from connectors.sdk import SourceError
from connectors.sdk.answer import MAX_AFTER_S, retry_after
from connectors.sdk.http import Http
from connectors.sdk.secrets import secret_resolve
from connectors.sdk.signatures import StandardWebhooks
from workspace.outbound.models import Attempt, Notice, Subscription

log = logging.getLogger(__name__)
PAUSES_S = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
"""Between the attempts, about three days in all."""
OFF_AFTER = timedelta(days=5)
"""A subscription that has failed for so long without a success is switched off, and says so."""
LIMIT_S = 15.0
LEASE = timedelta(seconds=60)
AT_ONCE, EACH = 24, 4
"""Notices claimed at once, and of them how many for one subscription: a slow one must not hold up the others."""

_CLAIM = """
UPDATE outbound_notice SET leased_until = %(until)s WHERE id IN (
    SELECT n.id FROM outbound_notice n WHERE n.id IN (
        SELECT id FROM (
            SELECT d.id, row_number() OVER (PARTITION BY d.subscription_id ORDER BY d.due_at, d.id) AS place
            FROM outbound_notice d JOIN outbound_subscription s ON s.id = d.subscription_id AND s.enabled
            WHERE d.state = 'waiting' AND (d.due_at <= %(now)s OR d.due_at > %(never)s)
            AND (d.leased_until IS NULL OR d.leased_until NOT BETWEEN %(now)s AND %(longest)s)
        ) due WHERE place <= %(each)s ORDER BY place, id LIMIT %(limit)s)
    AND (n.leased_until IS NULL OR n.leased_until NOT BETWEEN %(now)s AND %(longest)s)
    FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True)
class Outcome:
    """What came of one sending. ``reason`` is empty where it was taken."""

    took_ms: int
    status: int | None = None
    reason: str = ""
    answer: str = ""
    after_s: float | None = None
    gone: bool = False
    """The receiver wants no more."""


def notices_send() -> int:
    """Send what is due; returns how many were tried. Many workers may run this at once, and any may be killed: what it
    held is due again after a minute, under the same id."""
    now = moment()[1]
    with connection.cursor() as cursor:
        # What lies further ahead than it can have been set was set by a clock that has been put back since.
        never = now + 1.2 * timedelta(seconds=max(*PAUSES_S, MAX_AFTER_S))
        cursor.execute(
            _CLAIM,
            {"now": now, "until": now + LEASE, "never": never, "longest": now + 2 * LEASE, "each": EACH,
             "limit": AT_ONCE},
        )  # fmt: skip
        ids = [row[0] for row in cursor.fetchall()]
    notices = list(Notice.objects.filter(pk__in=ids).select_related("subscription").order_by("at", "pk"))
    if not notices:
        return 0
    with ThreadPoolExecutor(min(len(notices), 8)) as pool:
        outcomes = list(pool.map(_send, notices, [now] * len(notices)))
    for notice, outcome in zip(notices, outcomes, strict=True):
        _settle(notice, outcome)
    return len(notices)


def _send(notice: Notice, now: datetime) -> Outcome:
    """One POST, in a thread that touches no database."""
    subscription = notice.subscription
    began = datetime.now(now.tzinfo)
    try:
        parts = urlsplit(subscription.url)
        references = [subscription.secret]
        if subscription.secret_before and subscription.before_until and subscription.before_until > now:
            references.append(subscription.secret_before)
        body = notice.body.encode()
        signed = StandardWebhooks().sign(notice.key, now, body, [secret_resolve(one) for one in references])
        http = Http(
            f"{parts.scheme}://{parts.netloc}", internal=settings.OUTBOUND_INTERNAL, limit_s=LIMIT_S,
            max_bytes=65_536, name=subscription.title,
        )  # fmt: skip
        target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        answer = http.send(target, body, {"Content-Type": "application/json", **signed})
    except SourceError as error:
        return Outcome(_ms(began), reason=error.sentence)
    except Exception as error:  # whatever it is, the notices beside this one are sent and settled
        log.exception("The notice %s could not be sent", notice.key)
        return Outcome(_ms(began), reason=f"It could not be sent: {type(error).__name__}.")
    said, status = answer.excerpt(), answer.status
    if 200 <= status < 300:
        return Outcome(_ms(began), status, answer=said)
    if status == 410:
        return Outcome(_ms(began), status, "It answered 410: it wants no more.", said, gone=True)
    reason = f"It answered {status}."
    if 300 <= status < 400:
        reason = f"It answered {status}; redirects are not followed. Give the address that it points to."
    return Outcome(_ms(began), status, reason, said, retry_after(answer.headers.get("retry-after")))


def _ms(began: datetime) -> int:
    return round((datetime.now(began.tzinfo) - began).total_seconds() * 1000)


@transaction.atomic
def _settle(notice: Notice, outcome: Outcome) -> None:
    """Write what came of it. A notice that another has settled meanwhile stays as it is."""
    subscription = Subscription.objects.select_for_update().filter(pk=notice.subscription_id).first()
    held = Notice.objects.select_for_update().filter(pk=notice.pk, state="waiting").first()
    if subscription is None or held is None:
        return
    now = moment()[1]
    held.attempts += 1
    held.leased_until = None
    Attempt.objects.create(
        notice=held, at=now, took_ms=outcome.took_ms, status=outcome.status, reason=outcome.reason,
        answer=outcome.answer,
    )  # fmt: skip
    if not outcome.reason:
        held.state, held.done_at = "sent", now
        subscription.failing_since = None
    elif held.attempts > len(PAUSES_S):
        held.state, held.done_at = "dead", now
    else:
        pause = PAUSES_S[held.attempts - 1] * random.uniform(0.9, 1.1)
        held.due_at = now + timedelta(seconds=max(pause, outcome.after_s or 0))
    held.save()
    if outcome.reason:
        _failing(subscription, outcome, now)
    subscription.save()


def _failing(subscription: Subscription, outcome: Outcome, now: datetime) -> None:
    subscription.failing_since = subscription.failing_since or now
    if outcome.gone:
        subscription.enabled, subscription.off_why = False, "Switched off: the receiver answered 410 (gone)."
    elif now - subscription.failing_since > OFF_AFTER:
        subscription.enabled = False
        subscription.off_why = f"Switched off: nothing arrived for {OFF_AFTER.days} days. Last: {outcome.reason}"
