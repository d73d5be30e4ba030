"""Errors that never reach a view of the API (a bad host, a broken middleware) become problem documents too."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from workspace.api.problems import MEDIA_TYPE, Problem, response
from workspace.api.vocabulary import PROBLEM_TYPES

GENERAL = {
    400: ("bad-request", "The request can't be read. Check its address, host and headers."),
    403: ("not-allowed", "Your account may not use this. Ask for the role that may."),
    404: ("not-found", "There is nothing at this address. See /api/v1/schema/ for what there is."),
    405: ("bad-method", "This can't be done here. The Allow header lists what can."),
}


class Problems:
    """For addresses under ``/api/`` and ``/in/``: an error that is no problem document is told as one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answered = self.get_response(request)
        whole = answered.get("Content-Type") == MEDIA_TYPE and b"urn:throughline:" in getattr(answered, "content", b"")
        if answered.status_code < 400 or whole or not request.path.startswith(("/api/", "/in/")):
            return answered
        return response(_problem(answered), request.path)


def _problem(answered: HttpResponse) -> Problem:
    by_status = {status: kind for kind, status in PROBLEM_TYPES.items() if kind in ("length-required", "too-large")}
    kind, said = GENERAL.get(answered.status_code, (by_status.get(answered.status_code, ""), ""))
    if not kind:
        return Problem("internal", "Something went wrong here; it is not your doing. Try again in a minute.")
    return Problem(kind, _said(answered) or said, headers={k: v for k, v in answered.items() if k == "Allow"})


def _said(answered: HttpResponse) -> str:
    """The sentence that an inner problem document already has."""
    if answered.get("Content-Type") != MEDIA_TYPE:
        return ""
    return str(json.loads(answered.content).get("detail", ""))
