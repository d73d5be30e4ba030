"""The queue's projection: made anew by news, by time, and by one command."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models.expressions import RawSQL

from cases.models import Case, CaseRef, CaseSummary
from cases.selectors.case import case_view
from cases.selectors.news import cases_led_to, cases_unanswered
from cases.services.ending import ends_all
from cases.services.follow import NEW, case_follow, summaries_due, summary_refresh, unread
from cases.services.gathering import case_gather
from cases.services.record import case_notify
from connectors.host.selectors import moment

log = logging.getLogger(__name__)
MAX_AT_ONCE = 25
"""So many cases are read again while news is being told; the rest wait for the next sweep."""


def summaries_rebuild() -> int:
    """Make every row of the queue anew; returns how many. Nothing is known only there."""
    ids = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    for case in Case.objects.filter(pk__in=ids).iterator(200):
        with transaction.atomic():
            summary_refresh(case=case)
    return len(ids)


def cases_news(ref_ids: Sequence[int], *, confirmed: Sequence[int] = ()) -> int:
    """Sources said something about these refs: the cases concerned are read again. Returns how many; raises only that a
    task's time is up.

    What was said of those ``confirmed`` is what was known: it is news where the answer lacked it, as where it had grown
    old, and no news to a case that is answered or closed.
    """
    try:
        led_to = {*cases_led_to(set(ref_ids) - set(confirmed)), *cases_unanswered(cases_led_to(confirmed))}
        some = RawSQL("SELECT unnest(%s::bigint[])", [list(ref_ids)])  # a batch may name thousands
        named = CaseRef.objects.filter(ref_id__in=some, removed_at=None).values_list("case_id", flat=True)
        cases = Case.objects.filter(pk__in={*led_to, *named})
        ids = [pk for pk, _ in sorted(cases.values_list("pk", "state"), key=lambda c: (c[1] == "closed", -c[0]))]
        for case in Case.objects.filter(pk__in=ids[:MAX_AT_ONCE]):
            case_follow(case)
        if ids[MAX_AT_ONCE:]:
            CaseSummary.objects.filter(pk__in=ids[MAX_AT_ONCE:]).update(changes_at=moment()[1])
        return len(ids)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("News about %s references did not reach the queue", len(ref_ids))
        return 0


def cases_sweep(limit: int = 200) -> int:
    """Read again what changes by itself by now: "due" becomes "overdue". Returns how many were read.

    Open pages are told, since no source has said anything that could have told them. What time does not suffice for is
    due still at the next tick.
    """
    ids = list(dict.fromkeys(summaries_due(limit)))
    for case in Case.objects.filter(pk__in=ids):
        if case_follow(case):
            case_notify(case)
        case_read(case=case)
    return len(ids)


def case_read(*, case: Case) -> bool:
    """Ask the sources about a case just opened that nobody has looked at, so that its row in the queue says whose it is
    and what the answer is. Returns at once; True where they are asked."""
    try:
        if case.state == "closed" or moment()[1] - case.opened_at >= NEW or not unread(case_view(case=case)):
            return False
        case_gather(case)
        return True
    except Exception as error:
        if ends_all(error):
            raise
        log.exception("The sources could not be asked about case %s", case.pk)
        return False
