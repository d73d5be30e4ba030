"""Who is who, as a person says: two customers are one person, or two; and whose case it is."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from cases import services
from workspace.api import shapes
from workspace.api.base import ApiView
from workspace.api.docs import writes
from workspace.api.inputs import CustomerIn, MergeIn, UnmergeIn
from workspace.api.schemas import CaseOut, MergeOut
from workspace.api.views.verbs import Verb, as_it_is


class Customer(Verb):
    """Whose case it is, where its references point to several people."""

    @writes("cases_customer", "Say whose case it is: the others are other people", CustomerIn, CaseOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        return as_it_is(services.customer_choose(case=case, actor=self.actor, **self.given(CustomerIn)))


class Merge(ApiView):
    """Two customers are one person. Nothing moves: what is known of either is found in the cases of both."""

    @writes("customers_merge", "Say that two customers are one person", MergeIn, MergeOut, 201)
    def post(self, request: Request) -> Response:
        return self.once(self._said)

    def _said(self) -> Response:
        given = self.given(MergeIn)
        case = given.pop("case") or None
        return Response(shapes.merge(services.customers_merge(case=case, actor=self.actor, **given)), status=201)


class Unmerge(ApiView):
    """They are two people after all, and everything is as it was."""

    @writes("customers_unmerge", "Say that they are two people after all", UnmergeIn, MergeOut)
    def post(self, request: Request) -> Response:
        return self.once(self._said)

    def _said(self) -> Response:
        given = self.given(UnmergeIn)
        case = given.pop("case") or None
        return Response(shapes.merge(services.customers_unmerge(case=case, actor=self.actor, **given)))


