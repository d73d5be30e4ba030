"""Asking to see masked fields for a time, and deciding about it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.sdk.personal import CLASSES
from workspace.access import selectors, services
from workspace.access.fields import reference
from workspace.access.selectors import GrantView
from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, Choice, Words
from workspace.api.problems import Problem
from workspace.api.schemas import number, one_of, shape, text, time
from workspace.api.shapes import instant
from workspace.permissions import may

DOES = ("grant", "refuse", "end")
GRANT_STATES = ("waiting", "granted", "refused", "ended")
AccessOut = shape("FieldAccess", {
    "id": number(), "asker": text("who asked"), "case": text("its reference, or null for raw rows", allow_null=True),
    "classes": s.ListField(child=one_of(CLASSES)), "why": text(), "minutes": number(), "asked_at": time(),
    "state": one_of(GRANT_STATES), "decided_by": text("or empty"), "answer": text("or empty"),
    "until": time("when it ends or has ended", allow_null=True),
})  # fmt: skip
AccessList = shape("FieldAccessList", {"results": AccessOut(many=True)})


class AskIn(Body):
    case = Words(required=False, allow_null=True, default=None, max_length=20, help_text="null: raw rows of sources")
    classes = s.ListField(child=Choice(choices=CLASSES), min_length=1, max_length=len(CLASSES))
    why = Words(max_length=500)
    minutes = s.IntegerField(required=False, default=services.MINUTES, min_value=1, max_value=480)


class DecideIn(Body):
    do = Choice(choices=DOES)
    answer = Words(required=False, default="", allow_blank=True, max_length=500)


class Access(ApiView):
    """What was asked for: one's own, or everything for those who look after it."""

    params = {"case": "the reference of a case"}

    @reads("access_list", "List what was asked for and granted", AccessList, params)
    def get(self, request: Request) -> Response:
        case = self.query.get("case", "")
        all_ = may(request.user, "access_log")
        found = selectors.grants_list(case=reference(case)) if all_ else selectors.grants_of(request.user)
        return Response({"results": [_shape(g) for g in found if case in ("", g.case)]})

    @writes("access_ask", "Ask to see masked fields for a time", AskIn, AccessOut, 201)
    def post(self, request: Request) -> Response:
        return self.once(self._asked)

    def _asked(self) -> Response:
        made = services.access_ask(asker=self.request.user, **self.given(AskIn))
        return Response(_one(made.pk), status=201)


class AccessOne(ApiView):
    """One asking: decide about it, or end what was granted."""

    @writes("access_decide", "Grant, refuse or end access", DecideIn, AccessOut)
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._done(id))

    def _done(self, id: int) -> Response:
        given, who = self.given(DecideIn), self.request.user
        if id >= 2**63 or selectors.grant_get(id) is None:
            raise Problem("not-found", f"Nobody has asked for access under the number {str(id)[:20]}.")
        if given["do"] == "end":
            services.access_end(id=id, by=who)
        else:
            services.access_decide(id=id, by=who, grant=given["do"] == "grant", answer=given["answer"])
        return Response(_one(id))


def _one(id: int) -> dict[str, Any]:
    found = selectors.grant_get(id)
    assert found is not None
    return _shape(found)


def _shape(g: GrantView) -> dict[str, Any]:
    return {
        "id": g.id, "asker": g.asker, "case": g.case or None, "classes": list(g.classes), "why": g.why,
        "minutes": g.minutes, "asked_at": instant(g.asked_at), "state": g.state, "decided_by": g.decided_by,
        "answer": g.answer, "until": instant(g.until),
    }  # fmt: skip
