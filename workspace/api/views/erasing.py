"""Erasure by two people: what it would take, asking, deciding, the second person's answer; and what is held."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases.errors import BadInput
from cases.selectors import erasing as selectors
from cases.services import access_record
from cases.services import retention as services
from cases.views.retention import Plan, RequestView
from workspace.access.files import whole_only
from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, Choice, Words
from workspace.api.schemas import number, numbers, one_of, shape, text, texts, time

STATES = ("asked", "approved", "done", "refused", "withdrawn")
DOES = ("decide", "yes", "no", "withdraw")
CountOut = shape("ErasureCount", {"what": text(), "many": number()})
KeptOut = shape("ErasureKept", {"kind": text(), "many": number(), "until": text("at the latest")})
AgainstOut = shape("ErasureAgainst", {
    "key": text(), "sentence": text(), "choices": texts("none: it must end first"),
    "decided": text("what was chosen, or empty"),
})  # fmt: skip
PlanOut = shape("ErasurePlan", {
    "customer": number(), "people": numbers("customers who are one person, by merges"), "name": text(),
    "takes": CountOut(many=True), "keeps": KeptOut(many=True, help_text="money that a duty keeps, without the person"),
    "against": AgainstOut(many=True), "shared": texts("schemes of references that others have, too, and keep"),
    "cases": numbers(), "ready": s.BooleanField(), "digest": text("of the whole list; yes is said to exactly this"),
}, "What an erasure would take now. Reading it changes nothing.")  # fmt: skip
RequestOut = shape("ErasureRequest", {
    "id": number(), "customer": number(), "name": text("empty once it is done"), "state": one_of(STATES),
    "why": text(), "decisions": s.DictField(child=s.CharField()), "asked_by": text(), "asked_at": time(),
    "decided_by": text("or empty"), "decided_at": time(allow_null=True), "answer": text("or empty"),
    "done_at": time(allow_null=True), "counts": s.DictField(child=s.IntegerField(), help_text="rows by table"),
    "plan": PlanOut(allow_null=True, help_text="while it waits"),
})  # fmt: skip
RequestsOut = shape("ErasureRequests", {"results": RequestOut(many=True)})
HeldOut = shape("Held", {
    name: s.JSONField() for name in (
        "person", "identities", "references", "facts", "rows_as_sources_sent_them", "deliveries", "cases", "history",
        "what_you_were_told", "promises", "asked_of_sources", "who_looked", "letters", "files")
}, "Everything that is held about a person; files are name and base64.")  # fmt: skip


class ErasureAskIn(Body):
    customer = s.IntegerField(min_value=1, max_value=2**62)
    why = Words(max_length=300, help_text="without naming them: it outlives them")


class ErasureAnswerIn(Body):
    do = Choice(choices=DOES)
    decisions = s.DictField(child=s.CharField(max_length=20), required=False, default=dict,
                            help_text="decide: what stands against it, by its key")  # fmt: skip
    digest = Words(required=False, default="", allow_blank=True, max_length=64, help_text="yes: of the list you read")
    answer = Words(required=False, default="", allow_blank=True, max_length=300, help_text="no: why")


class HeldIn(Body):
    why = Words(required=False, default="", allow_blank=True, max_length=300)


class ErasurePlan(ApiView):
    """The dry run."""

    @reads("erasures_plan", "What erasing a customer would take, and what stands against it", PlanOut)
    def get(self, request: Request, customer: int) -> Response:
        plan = selectors.erasure_plan(customer=_number(customer))
        access_record(actor=self.actor, what="list", route="api_erasure_plan", customer=customer, why="Dry run")
        return Response(_plan(plan))


class Erasures(ApiView):
    """Requests, newest first."""

    params = {"state": "one of the states (default: all)"}
    enums = {"state": STATES}

    @reads("erasures_list", "List requests for erasure", RequestsOut, params, enums)
    def get(self, request: Request) -> Response:
        state = self.query.get("state", "")
        if state and state not in STATES:
            raise BadInput(f"state is one of {', '.join(STATES)}.", "state")
        return Response({"results": [_request(r) for r in selectors.requests_list(state)]})

    @writes("erasures_ask", "Ask that a customer be erased; somebody else says yes", ErasureAskIn, RequestOut, 201)
    def post(self, request: Request) -> Response:
        return self.once(self._asked)

    def _asked(self) -> Response:
        made = services.erasure_ask(actor=self.actor, **self.given(ErasureAskIn))
        return Response(_request(made), status=201)


class Erasure(ApiView):
    """One request."""

    @reads("erasures_get", "Read one request, while it waits with the list of what goes", RequestOut)
    def get(self, request: Request, id: int) -> Response:
        found = selectors.request_get(_number(id))
        plan = None
        if found.state == "asked":
            plan = selectors.erasure_plan(customer=found.customer, decisions=found.decisions)
            access_record(actor=self.actor, what="list", route="api_erasure", customer=found.customer,
                          why=f"Request {found.id} for erasure")  # fmt: skip
        return Response(_request(found, plan))

    @writes("erasures_answer", "Decide about what stands against it; say yes or no; take it back", ErasureAnswerIn,
            RequestOut)  # fmt: skip
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._answered(_number(id)))

    def _answered(self, id: int) -> Response:
        given, who = self.given(ErasureAnswerIn), self.actor
        if given["do"] == "decide":
            services.erasure_decide(request=id, decisions=given["decisions"], actor=who)
        elif given["do"] == "yes":
            services.erasure_approve(request=id, digest=given["digest"], actor=who)
        elif given["do"] == "no":
            services.erasure_refuse(request=id, answer=given["answer"], actor=who)
        else:
            services.erasure_withdraw(request=id, actor=who)
        return Response(_request(selectors.request_get(id)))


class Held(ApiView):
    """Whole, as the person is to have it, whatever is masked for the caller elsewhere; so it is kept under no
    Idempotency-Key: making it twice changes nothing but the record."""

    @writes("customers_held", "Export everything that is held about a customer", HeldIn, HeldOut)
    def post(self, request: Request, customer: int) -> HttpResponse:
        whole_only(request.user)
        found = services.customer_held(customer=_number(customer), actor=self.actor, **self.given(HeldIn))
        return HttpResponse(json.dumps(found, ensure_ascii=False), content_type="application/json")


def _number(id: int) -> int:
    """The number, or one that nothing has where the database knows none so large."""
    return id if id < 2**63 else 0


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "customer": plan.customer, "people": list(plan.members), "name": plan.name,
        "takes": [{"what": words, "many": many} for words, many in plan.counts],
        "keeps": [{"kind": kind, "many": many, "until": until} for kind, many, until in plan.kept],
        "against": [{"key": a.key, "sentence": a.sentence, "choices": [value for value, _ in a.choices],
                     "decided": a.decided} for a in plan.against],
        "shared": list(plan.shared), "cases": list(plan.cases), "ready": plan.ready, "digest": plan.digest,
    }  # fmt: skip


def _request(r: RequestView, plan: Plan | None = None) -> dict[str, Any]:
    return {
        "id": r.id, "customer": r.customer, "name": r.name, "state": r.state, "why": r.why, "decisions": r.decisions,
        "asked_by": r.asked_by, "asked_at": r.asked_at, "decided_by": r.decided_by, "decided_at": r.decided_at,
        "answer": r.answer, "done_at": r.done_at, "counts": r.counts, "plan": _plan(plan) if plan else None,
    }  # fmt: skip
