"""Reviews: what waits, the next one, the verdict, what the person reviewed says to it, and appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from cases.views.reviewing import ReviewView
from connectors.host.selectors import moment
from workspace import disclosing
from workspace.api import cursors
from workspace.api import vocabulary as known
from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, Choice, Words
from workspace.api.schemas import PAGE, number, one_of, shape, text, time

LIMIT = 50
ReasonOut = shape("ReviewReason", {"rule": one_of(known.REVIEW_RULES), "words": text(), "at": time()})
ClaimOut = shape("ReviewClaim", {"words": text(), "held": text(), "text": text()})
SystemOut = shape("ReviewSystem", {
    "verdict": one_of(known.REVIEW_VERDICTS, allow_null=True), "sentence": text(), "claims": ClaimOut(many=True),
}, "What Throughline itself found; never there before the verdict is given.")  # fmt: skip
VerdictOut = shape("ReviewVerdict", {
    "verdict": one_of(known.REVIEW_VERDICTS), "reviewer": text(), "at": time(), "note": text(),
    "coaching": s.ListField(child=one_of(known.COACHING_ITEMS)), "coaching_words": text(),
    "blind": s.BooleanField(help_text="given without knowing the system's"), "system": SystemOut(allow_null=True),
})  # fmt: skip
AnswerOut = shape("ReviewAnswer", {
    "how": one_of(known.REVIEW_ANSWERS), "text": text(), "at": time(),
    "outcome": one_of(known.REVIEW_OUTCOMES, allow_null=True),
    "verdict": one_of(known.REVIEW_VERDICTS, "the new one, where it was changed", allow_null=True), "why": text(),
    "decided_by": text(allow_null=True), "decided_at": time(allow_null=True),
})  # fmt: skip
ReviewOut = shape("Review", {
    "id": number(), "reference": text("the case's"), "at": time("the moment to look at"),
    "statement": number("what was told, where it is about that", allow_null=True),
    "words": text("what was told; else what happened"), "person": text("whose work; empty for a program's"),
    "team": text(allow_null=True), "blind": s.BooleanField(help_text="read blind by the caller, or signed so"),
    "hidden": s.BooleanField(help_text="why it was sampled and what the system found are kept back"),
    "reasons": ReasonOut(many=True), "wanted_at": time(), "state": one_of(known.REVIEW_STATES),
    "held_by": text("who reads it just now", allow_null=True), "verdict": VerdictOut(allow_null=True),
    "answer": AnswerOut(allow_null=True),
    "deciders": s.ListField(child=text(), help_text="who may decide an appeal that waits"),
    "may_sign": s.BooleanField(help_text="by the caller, now"),
    "may_decide": s.BooleanField(), "may_answer": s.BooleanField(),
})  # fmt: skip
AgreesOut = shape("Agreement", {
    "pairs": number(), "same": number(), "low": s.FloatField(help_text="95 % interval of same/pairs"),
    "high": s.FloatField(), "kappa": s.FloatField(allow_null=True, help_text="Cohen's; null below 20 pairs"),
})  # fmt: skip
AgreementOut = shape("ReviewAgreement", {
    "between_reviewers": AgreesOut(), "with_system_blind": AgreesOut(), "with_system_seen": AgreesOut(),
})  # fmt: skip
ReviewPage = shape("ReviewPage", {**PAGE, "results": ReviewOut(many=True)})
MineOut = shape("ReviewsMine", {"results": ReviewOut(many=True)})
NextReviewOut = shape("NextReview", {"review": ReviewOut(allow_null=True)}, "null where nothing waits for the caller")


class ReviewNextIn(Body):
    after = s.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=2**62,
                           help_text="the one to go on after; it is free for others then")  # fmt: skip


class ReviewVerdictIn(Body):
    verdict = Choice(choices=known.REVIEW_VERDICTS)
    note = Words(required=False, default="", allow_blank=True, max_length=4000)
    coaching = s.ListField(child=Choice(choices=known.COACHING_ITEMS), required=False, default=list, max_length=20)
    coaching_words = Words(required=False, default="", allow_blank=True, max_length=500)


class ReviewAnswerIn(Body):
    how = Choice(choices=known.REVIEW_ANSWERS)
    text = Words(max_length=4000)


class ReviewDecisionIn(Body):
    outcome = Choice(choices=known.REVIEW_OUTCOMES)
    verdict = Choice(choices=known.REVIEW_VERDICTS, required=False, default="", allow_blank=True,
                     help_text="the new one, where it is changed")  # fmt: skip
    why = Words(max_length=4000)


class Reviews(ApiView):
    """What waits, is appealed, or is signed off."""

    params = {
        "state": "waiting (default), appealed or signed", "rule": "why it was sampled; blind ones are left out",
        "team": "a team's name", "cursor": "where to go on",
    }  # fmt: skip
    enums = {"state": known.REVIEW_LISTS, "rule": known.REVIEW_RULES}

    @reads("reviews_list", "List reviews: what waits oldest first, what is signed newest first", ReviewPage, params,
           enums)  # fmt: skip
    def get(self, request: Request) -> Response:
        cursor, state = self.query.get("cursor"), self.query.get("state") or "waiting"
        place = cursors.read(cursor, "reviews", self.query) if cursor else {}
        rows = selectors.reviews_list(
            reader=request.user, state=state, rule=self.query.get("rule", ""), team=self.query.get("team", ""),
            before=(datetime.fromisoformat(place["at"]), place["id"]) if place else None, limit=LIMIT + 1,
        )  # fmt: skip
        following = cursors.made(_place(rows[LIMIT - 1], state), "reviews", self.query) if rows[LIMIT:] else None
        found = [r.as_json() for r in rows[:LIMIT]]
        disclosing.listed(request, [r.reference for r in rows[:LIMIT]])
        return Response(cursors.page(request, self.query, found, following, moment()[1]))


class Review(ApiView):
    """One review."""

    @reads("reviews_get", "Read one review, as far as the caller may see it", ReviewOut)
    def get(self, request: Request, id: int) -> Response:
        return _one(request, id)


class Next(ApiView):
    """Nobody is given what another reads."""

    @writes("reviews_next", "Take the oldest review that the caller may sign off", ReviewNextIn, NextReviewOut)
    def post(self, request: Request) -> Response:
        return self.once(lambda: self._taken(request))

    def _taken(self, request: Request) -> Response:
        found = services.review_next(actor=self.actor, **self.given(ReviewNextIn))
        row = selectors.review_get(id=found.pk, reader=request.user).as_json() if found else None
        return Response({"review": row})


class Verdict(ApiView):
    """Signed off once, by one person."""

    @writes("reviews_sign", "Sign off a review; other than yes wants a note or coaching", ReviewVerdictIn, ReviewOut)
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._done(request, id))

    def _done(self, request: Request, id: int) -> Response:
        services.review_sign(review=_mine(request, id), actor=self.actor, **self.given(ReviewVerdictIn))
        return _one(request, id)


class Answer(ApiView):
    """Said once, by whoever is reviewed."""

    @writes("reviews_answer", "Answer a review of one's own work, or appeal against it", ReviewAnswerIn, ReviewOut)
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._done(request, id))

    def _done(self, request: Request, id: int) -> Response:
        services.review_answer(review=_mine(request, id), actor=self.actor, **self.given(ReviewAnswerIn))
        return _one(request, id)


class Decide(ApiView):
    """Not by whoever signed it."""

    @writes("reviews_decide", "Decide an appeal, with the reason", ReviewDecisionIn, ReviewOut)
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._done(request, id))

    def _done(self, request: Request, id: int) -> Response:
        services.review_decide(review=_mine(request, id), actor=self.actor, **self.given(ReviewDecisionIn))
        return _one(request, id)


class MyReviews(ApiView):
    """Notes on one's own work."""

    @reads("me_reviews", "Read what was signed off of one's own work with something to say, newest first", MineOut)
    def get(self, request: Request) -> Response:
        return Response({"results": [r.as_json() for r in selectors.reviews_mine(person=request.user)]})


class Agreement(ApiView):
    """Nobody is named, nobody is ranked."""

    @reads("reviews_agreement", "How far verdicts agree: of two reviewers, and with the system", AgreementOut)
    def get(self, request: Request) -> Response:
        found = selectors.reviews_agreement(reader=request.user)
        rows = {"between_reviewers": found.between, "with_system_blind": found.system_blind,
                "with_system_seen": found.system_seen}  # fmt: skip
        return Response({
            name: {"pairs": a.pairs, "same": a.same, "low": a.low, "high": a.high, "kappa": a.kappa}
            for name, a in rows.items()
        })  # fmt: skip


def _mine(request: Request, id: int) -> int:
    """The id, where the caller may read this review."""
    return selectors.review_get(id=id, reader=request.user).id


def _one(request: Request, id: int) -> Response:
    return Response(selectors.review_get(id=id, reader=request.user).as_json())


def _place(last: ReviewView, state: str) -> dict[str, Any]:
    at = last.signed_at if state == "signed" else last.wanted_at
    return {"at": at.isoformat() if at else "", "id": last.id}
