"""What sources can be asked to do for a case, and what came of it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, NothingIn, Words
from workspace.api.schemas import AnyObject, number, one_of, shape, text, texts, time
from workspace.api.vocabulary import ACTION_STATES

MoneyOut = shape("ActionMoney", {"amount": text("decimal"), "currency": text()})
ArgumentOut = shape("ActionArgument", {"name": text(), "type": text("str, int, bool, Decimal, date, datetime or Ref")})
OfferOut = shape("ActionOffer", {
    "source": text(), "source_title": text(), "domain": text(), "action": text(), "title": text(),
    "arguments": ArgumentOut(many=True), "suggested": texts("references of the case that fit"),
    "dry_run": s.BooleanField(help_text="what would happen can be asked for"),
})  # fmt: skip
RunOut = shape("ActionRun", {
    "id": number(), "source": text(), "source_title": text(), "action": text(), "arguments": AnyObject(),
    "confirm": text("what was said yes to"), "state": one_of(ACTION_STATES), "sentence": text("what came of it"),
    "key": text("the idempotency key that the source is given"), "asked_at": time(), "ended_at": time(allow_null=True),
    "amount": MoneyOut(allow_null=True, help_text="the money that it moves"),
    "limit": text("why it waits, or waited, for a second person"), "asked_by": text(),
    "asked_by_id": number(allow_null=True), "decided_by": text("the second person"), "decision": text(),
})  # fmt: skip
WaitingOut = shape("ActionWaiting", {
    "reference": text("of the case"), "id": number(), "source": text(), "source_title": text(), "action": text(),
    "arguments": AnyObject(), "confirm": text(), "state": one_of(ACTION_STATES), "sentence": text(), "key": text(),
    "asked_at": time(), "ended_at": time(allow_null=True), "amount": MoneyOut(allow_null=True), "limit": text(),
    "asked_by": text(), "asked_by_id": number(allow_null=True), "decided_by": text(), "decision": text(),
})  # fmt: skip
AllWaitingOut = shape("ActionsWaiting", {"results": WaitingOut(many=True)})
SaysOut = shape("ActionSays", {"says": text("what the source says would happen")})
ActionsOut = shape("CaseActions", {"reference": text(), "offers": OfferOut(many=True), "runs": RunOut(many=True)})


class ActionIn(Body):
    source = Words(max_length=50, help_text="name of the source")  # type: ignore[assignment]
    action = Words(max_length=80)
    arguments = s.DictField(child=s.JSONField(), required=False, default=dict, help_text="by name, as texts")


class Actions(ApiView):
    """Offers and runs of one case; POST asks for one."""

    @reads("actions_list", "List what sources can do for a case, and what they were asked", ActionsOut)
    def get(self, request: Request, reference: str) -> Response:
        found = selectors.case_actions(case=reference)
        return Response({"reference": reference, **found})

    @writes("actions_ask", "Have a source do something", ActionIn, RunOut, 202)
    def post(self, request: Request, reference: str) -> Response:
        return self.once(lambda: self._asked(reference))

    def _asked(self, reference: str) -> Response:
        case, given = selectors.case_get(reference), self.given(ActionIn)
        run = services.action_ask(case=case, actor=self.actor, **given)
        return Response(selectors.run_shape(run), status=202)


class ActionTry(ApiView):
    """What would happen; nothing is done."""

    @writes("actions_try", "Ask what a source would do", ActionIn, SaysOut)
    def post(self, request: Request, reference: str) -> Response:
        selectors.case_get(reference)
        return Response({"says": services.action_try(**self.given(ActionIn))})


class ActionDecisionIn(Body):
    approve = s.BooleanField()
    why = Words(required=False, default="", allow_blank=True, max_length=1000, help_text="needed for a no")


class ActionDecide(ApiView):
    """A second person's yes or no."""

    @writes("actions_decide", "Approve or decline what waits for a second person", ActionDecisionIn, RunOut)
    def post(self, request: Request, reference: str, id: int) -> Response:
        return self.once(lambda: self._decided(reference, id))

    def _decided(self, reference: str, id: int) -> Response:
        run = selectors.run_get(case=reference, id=id)
        decided = services.action_decide(run=run, actor=self.actor, **self.given(ActionDecisionIn))
        return Response(selectors.run_shape(decided))


class ActionBack(ApiView):
    """Who asked takes it back while it waits."""

    @writes("actions_withdraw", "Take back what waits for a second person", NothingIn, RunOut)
    def post(self, request: Request, reference: str, id: int) -> Response:
        return self.once(lambda: self._taken(reference, id))

    def _taken(self, reference: str, id: int) -> Response:
        self.given(NothingIn)
        run = selectors.run_get(case=reference, id=id)
        return Response(selectors.run_shape(services.action_withdraw(run=run, actor=self.actor)))


class ActionsWaiting(ApiView):
    """What waits for a second person, in all cases."""

    @reads("actions_waiting", "List what waits for a second person", AllWaitingOut)
    def get(self, request: Request) -> Response:
        return Response({"results": selectors.actions_waiting()})


class ActionAgain(ApiView):
    """Ask again where it failed or nobody knows."""

    @writes("actions_again", "Ask again, under the same key", NothingIn, RunOut, 202)
    def post(self, request: Request, reference: str, id: int) -> Response:
        return self.once(lambda: self._again(reference, id))

    def _again(self, reference: str, id: int) -> Response:
        run: Any = selectors.run_get(case=reference, id=id)
        return Response(selectors.run_shape(services.action_again(run=run, actor=self.actor)), status=202)
