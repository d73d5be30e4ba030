"""Refunds that are past their term in cases whose history does not say so: nobody looked, and nothing has changed."""

from __future__ import annotations

import logging

from django.db.models import Exists, OuterRef, QuerySet

from cases.models import CaseSummary, Event, ReviewReason
from cases.reviewing.words import OVERDUE
from cases.services.ending import ends_all
from cases.services.follow import BY_RULES
from cases.services.record import case_locked, event_add

log = logging.getLogger(__name__)


def overdue_note(*, limit: int = 200) -> int:
    """Let the history of each such open case say once what its answer is; returns of how many it does now.

    The queue's rows are answers by the same rules, made anew when a term passes, so nothing is composed here. One that
    passes while the case is open is a change, and in the history by itself; what was overdue when the case was opened
    is none, and would else be told only by somebody who looks.
    """
    noted = 0
    for id_ in list(_unsaid().order_by("pk").values_list("pk", flat=True)[:limit]):
        try:
            noted += _note(id_)
        except Exception as error:  # the others are noted all the same
            if ends_all(error):
                raise
            log.exception("The history of case %s could not be told that its refund is overdue", id_)
    return noted


def _note(id_: int) -> bool:
    with case_locked(id_) as case:
        row = _unsaid().filter(pk=id_).first()
        if row is None:
            return False
        event_add(
            case, "answer.changed", BY_RULES,
            {"situation": row.situation, "state": row.answer_state, "headline": row.headline,
             "digest": row.answer_digest, "was_situation": "", "was_state": ""},
        )  # fmt: skip
    return True


def _unsaid() -> QuerySet[CaseSummary]:
    said = Event.objects.filter(
        case=OuterRef("pk"), kind__in=("answer.changed", "answer.shown"), payload__data__situation__in=OVERDUE
    )
    reviewed = ReviewReason.objects.filter(rule="overdue", review__case=OuterRef("pk"))
    rows = CaseSummary.objects.filter(situation__in=OVERDUE).exclude(case__state="closed")
    return rows.exclude(Exists(reviewed)).exclude(Exists(said))
