"""What the person reviewed says to it, once, and who decides an appeal."""

from __future__ import annotations

from typing import Any

from cases.actors import Actor
from cases.errors import BadInput, NotYours, WrongState
from cases.models import Review, ReviewAnswer, ReviewVerdict
from cases.reviewing.words import OUTCOMES, VERDICTS
from cases.selectors.appeals import deciders
from cases.selectors.reviews import review_row
from cases.services.alerting import alert_tell, alerts_settle
from cases.services.record import case_locked, event_add
from cases.services.reviewing.claiming import reviewer
from cases.words import words_clean
from connectors.host.services import clock_tick

MAX_ANSWER = 4000


def review_answer(*, review: Review | int, how: str, text: str, actor: Actor) -> ReviewAnswer:
    """Answer a review of one's own work, or appeal against it, once and with the reason. Whoever may decide an appeal
    is told of it. Raises ReviewNotFound, BadInput, BadWords, NotYours, WrongState."""
    text = words_clean(text, field="text", limit=MAX_ANSWER)
    if how not in ("answer", "appeal"):
        raise BadInput("Say whether this is an answer or an appeal.", "how")
    user, row = reviewer(actor), review_row(review)
    if row.person_id != user.pk:
        raise NotYours("Only the person reviewed answers a review.")
    with case_locked(row.case_id) as case:
        signed = ReviewVerdict.objects.select_related("reviewer").filter(review=row).first()
        if signed is None:
            raise WrongState("This review is not signed off yet.")
        if ReviewAnswer.objects.filter(verdict=signed).exists():
            raise WrongState("You have answered this review already.")
        at = clock_tick()
        event = event_add(case, "review.answered", actor, {"review": row.pk, "how": how, "text": text}, at)
        made = ReviewAnswer.objects.create(verdict=signed, kind=how, event=event, at=at)
        done = "appealed against" if how == "appeal" else "answered"
        then = " Somebody else decides." if how == "appeal" else ""
        alert_tell(
            person=signed.reviewer, case=case, kind=f"review.{how}", at=at, key=f"review:{signed.pk}:{how}",
            text=f"{actor.name} {done} your review in case {case.reference}.{then}",
        )  # fmt: skip
        if how == "appeal" and not _read_twice(row):
            for one in deciders().of(row, signed.reviewer_id):
                alert_tell(
                    person=one, case=case, kind="review.decide", at=at, key=_appeal(signed),
                    text=f"{actor.name} appealed against a review in case {case.reference}. You may decide it.",
                )  # fmt: skip
    return made


def review_decide(
    *, review: Review | int, outcome: str, why: str, actor: Actor, verdict: str = ""
) -> ReviewAnswer:  # fmt: skip
    """Decide an appeal with its reason: the verdict ``stands``, or is ``changed`` to another. Whoever signed the review
    or had a part in what it is about does not decide. Raises ReviewNotFound, BadInput, BadWords, NotYours, WrongState.
    """
    why = words_clean(why, field="why", limit=MAX_ANSWER)
    if outcome not in OUTCOMES:
        raise BadInput("Say whether the verdict stands or is changed.", "outcome")
    if outcome == "changed" and verdict not in VERDICTS:
        raise BadInput("Say what the verdict is instead: yes, partly or no.", "verdict")
    user, row = reviewer(actor), review_row(review)
    with case_locked(row.case_id) as case:
        rows = ReviewAnswer.objects.select_for_update(of=("self",)).select_related("verdict__reviewer")
        appeal = rows.filter(verdict__review=row, kind="appeal").first()
        if appeal is None:
            raise WrongState("There is no appeal against this review.")
        if appeal.decided_at is not None:
            raise WrongState("This appeal is decided already.")
        if _read_twice(row):
            raise WrongState("Somebody else still reads the same. The appeal waits until they have signed off.")
        _check_apart(user, row, appeal.verdict)
        if outcome == "changed" and verdict == appeal.verdict.verdict:
            raise BadInput("That is the verdict it has. Choose another, or let it stand.", "verdict")
        at = clock_tick()
        new = verdict if outcome == "changed" else None
        data = {"review": row.pk, "outcome": outcome, "verdict": new, "why": why}
        appeal.decision = event_add(case, "review.decided", actor, data, at)
        appeal.decided_at, appeal.decided_by, appeal.outcome, appeal.new_verdict = at, user, outcome, new
        appeal.save(update_fields=["decision", "decided_at", "decided_by", "outcome", "new_verdict"])
        alerts_settle(case=case, keys=[_appeal(appeal.verdict)], at=at)
        for person in (row.person, appeal.verdict.reviewer):
            alert_tell(
                person=person, case=case, kind="review.decided", at=at, key=f"review:{appeal.verdict_id}:decided",
                text=f"{actor.name} decided the appeal about case {case.reference}: {OUTCOMES[outcome].lower()}.",
            )  # fmt: skip
    return appeal


def _check_apart(user: Any, review: Review, verdict: ReviewVerdict) -> None:
    may = deciders().of(review, verdict.reviewer_id)
    if user.pk not in {u.pk for u in may}:
        names = ", ".join(Actor.person(u).name for u in may) or "nobody yet: somebody else has to become a supervisor"
        raise NotYours(f"An appeal is decided by somebody who had no part in it. Here that is {names}.")


def _read_twice(review: Review) -> bool:
    """Whether another reads the same just now, who is not to know what this one found."""
    return Review.objects.filter(first=review, signed_at=None).exists()


def _appeal(verdict: ReviewVerdict) -> str:
    return f"review:{verdict.pk}:decide"
