"""Deliveries worked on once more: by hand, or because what held them up has changed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connectors.host.errors import UnknownDelivery
from connectors.host.models import InboundWork, Source
from connectors.host.services.polling import source_get
from connectors.host.services.sources_log import source_note

STUCK = Q(state__in=("failed", "dead")) | Q(state="done", malformed__gt=0)


@transaction.atomic
def delivery_rerun(*, id: int, by: str = "") -> None:
    """Work on this delivery again, whatever became of it: what is known already is no news. Raises UnknownDelivery."""
    work = InboundWork.objects.select_related("source").filter(pk=id).first() if 0 < id < 2**63 else None
    if work is None:
        raise UnknownDelivery(f"There is no delivery {id}.")
    if work.state == "erased":
        raise UnknownDelivery(f"The content of delivery {id} was erased, so there is nothing to work on.")
    _again(Q(pk=id))
    said = f"Delivery {id} is worked on again{f', by {by}' if by else ''}."
    source_note(source=work.source, what="delivery run again", sentence=said, by=by)


@transaction.atomic
def deliveries_rerun(*, source: str, by: str = "") -> int:
    """After a fix: work again on every delivery of this source that failed, was given up or could not be read in part.
    Gives how many. Raises UnknownSource."""
    found = source_get(source)
    count = _again(Q(source=found) & STUCK)
    if count:
        what = "delivery is" if count == 1 else "deliveries are"
        said = f"{count} {what} worked on again{f', by {by}' if by else ''}."
        source_note(source=found, what="delivery run again", sentence=said, by=by)
    return count


def deliveries_wake(*, source: Source) -> int:
    """What held up the failed deliveries of this source may be gone: try them now. Gives how many."""
    failed = InboundWork.objects.filter(source=source, state="failed").order_by("pk")
    free = list(failed.select_for_update(skip_locked=True).values_list("pk", flat=True))  # the others are at work now
    return InboundWork.objects.filter(pk__in=free).update(due_at=timezone.now())


def _again(which: Q) -> int:
    """Whoever works on one now finds that it is no longer theirs, and stores nothing."""
    rows = InboundWork.objects.filter(which).exclude(state="erased").order_by("pk")
    ids = list(rows.select_for_update().values_list("pk", flat=True))
    return InboundWork.objects.filter(pk__in=ids).update(
        state="waiting", attempts=0, due_at=timezone.now(), leased_until=None, reason=""
    )
