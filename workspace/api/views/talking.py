"""What goes with messages: calls that were noted, and replies that are taken back."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from workspace.api import shapes
from workspace.api.docs import writes
from workspace.api.inputs import CallIn, NothingIn
from workspace.api.schemas import number, one_of, shape, text, time
from workspace.api.views.verbs import Verb
from workspace.api.vocabulary import DIRECTIONS

CallOut = shape("Call", {
    "reference": text(), "event": number(), "at": time(), "text": text(), "direction": one_of(DIRECTIONS),
    "reached": s.BooleanField(), "minutes": number(allow_null=True),
})  # fmt: skip
UndoneOut = shape("Undone", {"reference": text(), "statement": number(), "text": text("the words that were not sent")})


class Calls(Verb):
    """A phone call with the customer, as somebody notes it."""

    @writes("cases_call", "Note a phone call", CallIn, CallOut, 201)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        given = self.given(CallIn)
        event = services.call_note(case=case, actor=self.actor, **given)
        found = {"reference": case.reference, "event": event.pk, "at": shapes.instant(event.at), **given}
        return Response(found, status=201)


class Undo(Verb):
    """A reply is taken back before it leaves."""

    @writes("cases_undo", "Take a reply back before it leaves", NothingIn, UndoneOut)
    def post(self, request: Request, reference: str, id: int) -> Response:
        self.statement = id
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        self.given(NothingIn)
        told = selectors.statement_get(case=case, id=self.statement)
        services.message_withdraw(statement=told, actor=self.actor)
        return Response({"reference": case.reference, "statement": told.pk, "text": told.words})
