"""Setting up who is told of what."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from connectors.host.selectors import moment
from connectors.sdk import BadSettings
from connectors.sdk.places import base_parts
from connectors.sdk.secrets import is_reference, secret_resolve
from connectors.sdk.signatures import StandardWebhooks
from workspace.outbound.errors import BadSubscription, UnknownSubscription
from workspace.outbound.models import Notice, Subscription
from workspace.outbound.services.collecting import KINDS

BY_HAND = "Switched off by hand."
BOTH_SIGN_FOR = timedelta(hours=24)
"""So long the secret before the present one signs too."""


def subscription_get(id: int, *, locked: bool = False) -> Subscription:
    """One subscription. Raises UnknownSubscription."""
    rows = Subscription.objects.select_for_update() if locked else Subscription.objects.all()
    found = rows.filter(pk=id).first()
    if found is None:
        raise UnknownSubscription(f"There is no subscription {id}.")
    return found


def subscription_save(*, title: str, url: str, events: Sequence[str], secret: str, by: str = "") -> Subscription:
    """Tell ``url`` of these kinds of events from now on, signed with what ``secret`` points to. Raises
    BadSubscription, which names the field."""
    now = moment()[1]
    _sound(url=url, events=events, secret=secret)
    kept = {"url": url, "events": sorted(set(events)), "secret": secret, "since": now, "created_at": now, "by": by}
    return Subscription.objects.create(title=title.strip()[:200] or urlsplit(url).hostname or url, **kept)


@transaction.atomic
def subscription_change(*, id: int, **changes: Any) -> Subscription:
    """Change title, url, events or enabled. One that is switched on again is told of what happens from then on;
    what waited for it is sent."""
    found = subscription_get(id, locked=True)
    _sound(**{name: value for name, value in changes.items() if name in ("url", "events")})
    for name, value in changes.items():
        if name not in ("title", "url", "events", "enabled"):
            raise BadSubscription(f"{name} can't be changed like this.", name)
        setattr(found, name, value[:200] if name == "title" else value)
    now = moment()[1]
    if changes.get("enabled"):
        found.off_why, found.failing_since = "", None
        Notice.objects.filter(subscription=found, state="waiting").update(due_at=now)
    elif "enabled" in changes:
        found.off_why = BY_HAND
    found.save()
    return found


@transaction.atomic
def subscription_rotate(*, id: int, secret: str) -> Subscription:
    """Sign with another secret. For a day the one before signs too, so that the receiver can change over in peace."""
    _sound(secret=secret)
    found = subscription_get(id, locked=True)
    if secret != found.secret:
        found.secret_before, found.before_until = found.secret, moment()[1] + BOTH_SIGN_FOR
        found.secret = secret
        found.save()
    return found


def subscription_delete(*, id: int) -> None:
    """End it, with what is still waiting and its log."""
    subscription_get(id).delete()


def subscription_try(*, id: int) -> Notice:
    """Send a notice of kind ``trial``, to see whether it arrives."""
    now = moment()[1]
    found = subscription_get(id)
    said = {"type": "trial", "timestamp": now.isoformat(), "data": {"says": "This is a trial. Nothing has happened."}}
    body = json.dumps(said, separators=(",", ":"))
    return Notice.objects.create(subscription=found, kind="trial", at=now, body=body, due_at=now)


@transaction.atomic
def notice_again(*, key: str) -> Notice:
    """Send one notice again, under the same id, whatever came of it before."""
    found = Notice.objects.select_for_update().filter(key=key).first()
    if found is None:
        raise UnknownSubscription(f"There is no notice {key[:60]!r}.")
    found.state, found.attempts, found.due_at, found.done_at = "waiting", 0, moment()[1], None
    found.save()
    return found


def notices_again(*, id: int) -> int:
    """Send everything of a subscription that was given up again; returns how many."""
    given_up = Notice.objects.filter(subscription=subscription_get(id), state="dead")
    return given_up.update(state="waiting", attempts=0, due_at=moment()[1], done_at=None)


def _sound(url: str | None = None, events: Collection[str] | None = None, secret: str | None = None) -> None:
    if url is not None:
        _callable(url)
    if events is not None:
        unknown = sorted(set(events) - set(KINDS))
        if unknown or not events:
            what = f"There is no event {unknown[0]!r}." if unknown else "Name at least one event."
            raise BadSubscription(f"{what} There are: {', '.join(KINDS)}.", "events")
    if secret is not None:
        if not is_reference(secret):
            raise BadSubscription("Give the signing secret as a reference: env:NAME or file:/path.", "secret")
        try:
            StandardWebhooks().sign("trial", moment()[1], b"", [secret_resolve(secret)])
        except BadSettings as error:
            raise BadSubscription(error.sentence, "secret") from None


def _callable(url: str) -> None:
    try:
        parts = urlsplit(url)
        base_parts(f"{parts.scheme}://{parts.netloc}")
        sound = len(url) <= 2000 and url.isprintable() and " " not in url
    except (ValueError, BadSettings):
        sound = False
    if not sound:
        raise BadSubscription("Give an address such as https://shop.example/hooks, without a name in it.", "url")
