"""Which mailboxes are read, by whom just now, how far, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from cases.models import Mailbox
from connectors.host.selectors import moment

LEASE = timedelta(seconds=90)


@dataclass(frozen=True)
class Reading:
    """How far a mailbox has been read. ``validity`` 0: never; ``read_at`` when it was last read to its end."""

    name: str
    validity: int
    last_uid: int
    read_at: datetime | None


def mailbox_claim(name: str) -> Reading | None:
    """This worker reads the mailbox for the next 90 seconds; None where another does."""
    now = moment()[1]
    with transaction.atomic():
        box, _ = Mailbox.objects.select_for_update().get_or_create(name=name)
        if box.leased_until is not None and now < box.leased_until < now + 2 * LEASE:
            return None
        box.leased_until = now + LEASE
        box.save(update_fields=["leased_until"])
    return Reading(box.name, box.validity, box.last_uid, box.read_at)


def mailbox_progress(*, name: str, validity: int, last_uid: int) -> None:
    """Everything up to this number is kept."""
    Mailbox.objects.filter(name=name).update(validity=validity, last_uid=last_uid)


def mailbox_end(*, name: str, error: str = "", whole: bool = True) -> None:
    """The reading has ended: to the end of the mailbox, not ``whole``, or with an error in a sentence for people."""
    now = moment()[1]
    rows = Mailbox.objects.filter(name=name)
    if error:
        rows.filter(failing_since=None).update(failing_since=now)
        rows.update(error=error[:1000], leased_until=None)
    else:
        rows.update(error="", failing_since=None, leased_until=None)
        if whole:
            rows.update(read_at=now)
