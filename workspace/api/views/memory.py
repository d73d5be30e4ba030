"""What the customer asks, as somebody says."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from cases import services
from workspace.api.docs import writes
from workspace.api.inputs import QuestionIn
from workspace.api.schemas import CaseOut
from workspace.api.views.verbs import Verb, as_it_is


class Question(Verb):
    """The case's question, or one that is asked as well."""

    @writes("cases_question", "Change the question of a case, or add one", QuestionIn, CaseOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        given = self.given(QuestionIn)
        verb = services.question_add if given.pop("added") else services.question_change
        return as_it_is(verb(case=case, actor=self.actor, **given))
