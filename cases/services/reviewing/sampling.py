"""The sampling: what the rules ask for becomes work that waits, once, however often the sweep runs."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import OperationalError

from cases.actors import Actor
from cases.models import Case, Event, Review, ReviewCursor, ReviewReason
from cases.reviewing.chances import drawn
from cases.selectors.owning import team_of
from cases.services.ending import ends_all
from cases.services.record import case_locked, event_add
from cases.services.reviewing.overdue import overdue_note
from cases.services.reviewing.rules import WATCHED, Wanted, wanted
from connectors.host.selectors import moment
from connectors.host.services import clock_tick

log = logging.getLogger(__name__)
BY_SAMPLING = Actor.rule("review-sampling", "The sampling of reviews")
REACH = timedelta(days=90)
"""So far back the first sweep of an installation looks."""


def reviews_sweep(*, since: datetime | None = None, limit: int = 1000) -> int:
    """Read the history since the last sweep (or again ``since`` then) and let what the rules ask for wait; returns how
    many reasons were new. The same history asks for the same, whoever sweeps, and twice is once."""
    overdue_note()
    known, now = moment()
    seen = since or ReviewCursor.objects.order_by("pk").values_list("seen_at", flat=True).first() or now - REACH
    rows = Event.objects.filter(at__gt=seen, at__lte=known, kind__in=WATCHED).order_by("at", "pk")
    last = list(rows.values_list("at", flat=True)[limit - 1 : limit])
    until = last[0] if last else known  # what was committed at one instant is read at once
    found = 0
    events = rows.filter(at__lte=until).select_related("payload").order_by("case", "seq")
    for case, own in groupby(events.iterator(500), key=lambda e: e.case_id):
        found += _case(case, own)
    _seen(until)
    return found


def _seen(until: datetime) -> None:
    if not ReviewCursor.objects.exists():
        ReviewCursor.objects.bulk_create([ReviewCursor(pk=1, seen_at=until)], ignore_conflicts=True)
    ReviewCursor.objects.filter(seen_at__lt=until).update(seen_at=until)


def _case(id_: int, events: Iterable[Event]) -> int:
    """One case's; one that fails does not keep the others. Where time is up or the database can't, the next sweep reads
    it all again."""
    try:
        asked = [w for event in events for w in wanted(event)]
        if not any(_is_new(w) for w in asked):
            return 0
        with case_locked(id_) as case:
            return sum(_take(case, w) for w in asked)
    except OperationalError:
        raise
    except Exception as error:
        if ends_all(error):
            raise
        log.exception("Case %s could not be looked at for reviews", id_)
        return 0


def _is_new(want: Wanted) -> bool:
    asked = ReviewReason.objects.filter(rule=want.rule)
    if want.rule in ("transfers", "overdue"):  # once for each case
        return not asked.filter(review__case=want.subject.case_id).exists()
    return not asked.filter(subject=want.subject).exists()


def _take(case: Case, want: Wanted) -> int:
    """Into a locked case: the reason joins the review of the same thing that waits, or a new one is made."""
    if not _is_new(want):
        return 0
    waits = Review.objects.select_for_update().filter(event=want.subject, first=None, signed_at=None).first()
    at = clock_tick()
    review = waits or _made(case, want, at)
    people = sorted({*review.involved, *want.involved, *([want.person] if want.person else [])})
    Review.objects.filter(pk__in=[review.pk, *_second(review)]).update(involved=people)
    ReviewReason.objects.create(review=review, subject=want.subject, rule=want.rule, event=want.event, at=at)
    event_add(
        case, "review.sampled", BY_SAMPLING,
        {"review": review.pk, "rule": want.rule, "subject": want.subject.seq, "event": want.event.seq,
         "blind": review.blind, "second": next(iter(_second(review)), None)}, at,
    )  # fmt: skip
    return 1


def _made(case: Case, want: Wanted, at: datetime) -> Review:
    name = f"{case.pk}:{want.subject.seq}:{want.rule}"
    blind = want.statement is not None and _chance("review.blind", name, settings.REVIEW_BLIND_SHARE)
    rest = {"case": case, "event": want.subject, "statement": want.statement, "person_id": want.person,
            "team": team_of(case), "wanted_at": at, "blind": blind}  # fmt: skip
    review = Review.objects.create(**rest)
    if _chance("review.second", name, settings.REVIEW_SECOND_SHARE):
        # Waits once the first is signed off; whoever takes it does not know that it is read twice. Both are blind or
        # neither is: until the first is signed, nobody is shown what the second is not to know.
        Review.objects.create(first=review, **rest)
    return review


def _chance(lot: str, name: str, share: float) -> bool:
    return drawn(settings.SECRET_KEY, lot, name, share)


def _second(review: Review) -> list[int]:
    return list(Review.objects.filter(first=review, signed_at=None).values_list("pk", flat=True))
