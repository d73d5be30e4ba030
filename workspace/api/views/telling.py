"""What customers were told, and what is to be said about a draft before it is sent."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from cases.errors import NeedsReason, NotToBeTold
from cases.views import DraftCheck, ToldView
from workspace.api import shapes
from workspace.api import vocabulary as known
from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, Words, text
from workspace.api.problems import Problem
from workspace.api.schemas import AnyObject, number, one_of, shape, texts, time
from workspace.api.schemas import text as out

SaidOut = shape("SaidClaim", {
    "type": one_of(known.SAID_TYPES), "value": out("canonical: a decimal, first/last day, yes or no"),
    "text": out("as it stands in the words"), "span": s.ListField(child=s.IntegerField()), "unit": out("currency"),
    "topic": out("the kind of fact that it is about"), "mode": out("was: it is so; will: it is expected"),
    "hedged": s.BooleanField(), "ref": out("the reference that its sentence names"),
    "facts": s.ListField(child=s.IntegerField(), help_text="what backed it when it was said"),
    "against": texts("objections that were known when it was said"), "claim": out("the answer's claim it stands in"),
})  # fmt: skip
KeptOut = shape("KeptWarning", {"key": out(), "warning": out(), "why": out()})
RecipientOut = shape("StatementRecipient", {"ref": out(), "how": one_of(known.RECIPIENT_HOW)})
ToldOut = shape("Statement", {
    "id": number(), "event": number(), "at": time(), "words": out(), "channel": out(), "by": out(),
    "recipients": RecipientOut(many=True), "said": SaidOut(many=True), "kept": KeptOut(many=True),
    "helped": out("fact, action, commitment, question, sympathy or nothing"), "state": one_of(known.TOLD_STATES),
    "against": s.ListField(child=AnyObject(), help_text="what speaks against it now"),
    "changed_at": time("since when it is in this state", allow_null=True),
})  # fmt: skip
ToldPage = shape("CaseStatements", {
    "reference": out(), "results": ToldOut(many=True),
    "correction": out("the drafted letter that puts right what no longer holds; else empty"),
})  # fmt: skip
FindingOut = shape("DraftFinding", {
    "kind": one_of(known.FINDING_KINDS), "level": one_of(known.FINDING_LEVELS), "text": out(),
    "span": s.ListField(child=s.IntegerField()), "key": out("what a reason for keeping it names"),
    "needs_reason": s.BooleanField(), "data": AnyObject(),
})  # fmt: skip
CheckOut = shape("DraftCheck", {
    "text": out(), "findings": FindingOut(many=True), "helped": out(),
    "corrected": out("the draft with today's facts, acknowledging what was told before; else empty"),
    "digest": out("of the answer that it was checked against"),
})  # fmt: skip


class CheckIn(Body):
    text = text()


class SettleIn(Body):
    why = Words(max_length=2000)


class Told(ApiView):
    """What the customer was told in one case, and whether it still holds."""

    @reads("told_list", "List what the customer was told, newest first", ToldPage)
    def get(self, request: Request, reference: str) -> Response:
        view = selectors.case_view(case=reference)
        found = [told_json(t) for t in view.told]
        letter = selectors.correction(view, view.told)
        return Response({"reference": view.reference, "results": found, "correction": letter})


class Check(ApiView):
    """A draft, held against facts and against what was told before. Nothing is sent or stored."""

    @writes("told_check", "Check a draft before it is sent", CheckIn, CheckOut)
    def post(self, request: Request, reference: str) -> Response:
        found = selectors.draft_check(case=reference, text=self.given(CheckIn)["text"])
        return Response(check_json(found))


class Settle(ApiView):
    """The customer knows already, or need not."""

    @writes("told_settle", "Settle a statement that no longer holds, and say why", SettleIn, ToldOut)
    def post(self, request: Request, reference: str, id: int) -> Response:
        return self.once(lambda: self._settled(reference, id))

    def _settled(self, reference: str, id: int) -> Response:
        case = selectors.case_get(reference)
        services.statement_settle(case=case, statement=id, why=self.given(SettleIn)["why"], actor=self.actor)
        return Response(next(told_json(t) for t in selectors.case_view(case=case).told if t.id == id))


def told_json(told: ToldView) -> dict[str, Any]:
    return {
        "id": told.id, "event": told.event, "at": shapes.instant(told.at), "words": told.words,
        "channel": told.channel, "by": told.by, "recipients": [{"ref": r.ref, "how": r.how} for r in told.recipients],
        "said": [one.as_json() for one in told.said], "kept": [dict(k) for k in told.kept], "helped": told.helped,
        "state": told.state, "against": [dict(a) for a in told.against],
        "changed_at": shapes.instant(told.changed_at) if told.changed_at else None,
    }  # fmt: skip


def check_json(check: DraftCheck) -> dict[str, Any]:
    return {
        "text": check.text, "findings": [f.as_json() for f in check.findings], "helped": check.helped,
        "corrected": check.corrected, "digest": check.digest,
    }  # fmt: skip


def refused(error: NeedsReason | NotToBeTold) -> Problem:
    """409 with every finding and the writer's words, so that nothing typed is lost."""
    kind = "needs-reason" if isinstance(error, NeedsReason) else "not-to-be-told"
    return Problem(kind, str(error), **check_json(error.check))
