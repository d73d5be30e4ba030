"""The verdict: one person signs, and what the system itself had found is kept beside it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from cases.actors import Actor
from cases.errors import BadInput, NotYours
from cases.models import Case, Review, ReviewVerdict
from cases.reviewing.words import COACHING, VERDICTS
from cases.selectors.reviews import kept_back, may_review, review_row, system_view
from cases.services.alerting import alert_tell
from cases.services.record import case_locked, event_add
from cases.services.reviewing.claiming import may_sign, reviewer
from cases.words import words_clean
from connectors.host.selectors import moment
from connectors.host.services import clock_tick

log = logging.getLogger(__name__)
MAX_NOTE = 4000


def review_sign(
    *, review: Review | int, verdict: str, actor: Actor, note: str = "", coaching: Collection[str] = (),
    coaching_words: str = "",
) -> ReviewVerdict:  # fmt: skip
    """Sign off one review, once: ``verdict`` is yes, partly or no. Other than a yes wants a note or something to coach,
    since whoever is reviewed is to learn why. Raises ReviewNotFound, BadInput, BadWords, NotYours, WrongState."""
    note = words_clean(note, field="note", required=False, limit=MAX_NOTE)
    coaching_words = words_clean(coaching_words, field="coaching_words", required=False, limit=500)
    items = _coaching(coaching)
    if verdict not in VERDICTS:
        raise BadInput("Choose whether you agree: yes, partly or no.", "verdict")
    said = bool(note or items or coaching_words)
    if verdict != "yes" and not said:
        raise BadInput("Say why: a note, or what to coach. Whoever is reviewed reads it.", "note")
    user, row = reviewer(actor), review_row(review)
    if not may_review(user, row):
        raise NotYours("Only a supervisor, or the lead of this team, signs off this review.")
    found = system_view(row)  # before the case is held: it reads much
    with case_locked(row.case_id) as case:
        row = Review.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=row.pk)
        may_sign(row, user, moment()[1])
        blind = kept_back(user).filter(pk=row.pk).exists()
        at = clock_tick()
        event = event_add(
            case, "review.signed", actor,
            {"review": row.pk, "verdict": verdict, "note": note, "coaching": items, "coaching_words": coaching_words,
             "subject": row.event.seq, "blind": blind, "system": found}, at,
        )  # fmt: skip
        signed = ReviewVerdict.objects.create(
            review=row, reviewer=user, verdict=verdict, coaching=items, system_verdict=found.get("verdict", ""),
            blind=blind, to_person=said and row.person_id is not None, event=event, at=at,
        )  # fmt: skip
        row.signed_at, row.claimed_by, row.claimed_until = at, None, None
        row.save(update_fields=["signed_at", "claimed_by", "claimed_until"])
        if signed.to_person:
            _tell(case, signed, actor, at)
    return signed


def _coaching(given: Collection[str]) -> list[str]:
    unknown = next((c for c in given if c not in COACHING), None)
    if unknown is not None:
        raise BadInput(f"{unknown[:40]!r} is not in the list of coaching. Use one of: {', '.join(COACHING)}.",
                       "coaching")  # fmt: skip
    return [c for c in COACHING if c in given]


def _tell(case: Case, signed: ReviewVerdict, actor: Actor, at: Any) -> None:
    text = f"{actor.name} has read what you did in case {case.reference} and left you a note. You may answer it once."
    alert_tell(
        person=signed.review.person, case=case, kind="review.note", text=text, key=f"review:{signed.pk}", at=at
    )  # fmt: skip
