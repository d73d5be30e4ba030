"""From what was raised to a problem document: one table, for every view of the API."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions as drf
from rest_framework.views import set_rollback

from cases import errors as cases
from connectors.host import errors as host
from workspace.access.errors import AccessError, NotYours
from workspace.access.files import NeedsAccess
from workspace.api.problems import Problem, in_query, pointed, response
from workspace.outbound import errors as outbound

log = logging.getLogger(__name__)


def problem(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """DRF's exception handler. Nothing passes it: what is not foreseen is logged and becomes a 500 document."""
    request = context["request"]
    set_rollback()
    found = exc if isinstance(exc, Problem) else _of_cases(exc, request.method) or _of_http(exc) or _unforeseen(exc)
    return response(found, request.path)


def _of_cases(exc: Exception, method: str | None) -> Problem | None:
    """What the product's own services and selectors refuse."""
    said = str(exc)
    if isinstance(exc, cases.BadInput):
        kind = "bad-cursor" if isinstance(exc, cases.BadCursor) else "bad-input"
        if not exc.field:
            return Problem(kind, said)
        place = in_query(said, exc.field) if method == "GET" else pointed(said, f"/{exc.field}")
        return Problem(kind, said, errors=[place])
    if isinstance(exc, host.BadMoment):
        return Problem("bad-time", said, errors=[in_query(said, "as_of")])
    if isinstance(exc, outbound.BadSubscription):
        return Problem("bad-input", said, errors=[pointed(said, f"/{exc.field}")] if exc.field else ())
    if isinstance(exc, cases.CaseNotFound | outbound.UnknownSubscription):
        return Problem("not-found", said)
    if isinstance(exc, cases.WrongState):
        return Problem("wrong-state", said)
    if isinstance(exc, cases.NoOwner):
        return Problem("no-owner", said)
    if isinstance(exc, cases.NotYours):
        return Problem("not-allowed", said)
    if isinstance(exc, NotYours):
        return Problem("not-allowed", said)
    if isinstance(exc, AccessError):
        return Problem("bad-input", said, errors=[pointed(said, f"/{exc.field}")] if exc.field else ())
    if isinstance(exc, cases.CaseError | host.HostError):
        return Problem("bad-input", said)
    return None


def _of_http(exc: Exception) -> Problem | None:
    """What HTTP, Django and DRF refuse."""
    if isinstance(exc, drf.ValidationError):
        places = list(_places(exc.detail))
        first = places[0]["detail"] if places else "The request can't be taken."
        more = f" (and {len(places) - 1} more, see errors)" if len(places) > 1 else ""
        return Problem("bad-input", first + more, errors=places)
    if isinstance(exc, drf.APIException):
        return _of_drf(exc)
    if isinstance(exc, Http404):
        return Problem("not-found", str(exc) or "There is nothing at this address.")
    if isinstance(exc, NeedsAccess):
        return Problem("not-allowed", f"{exc} Ask for access at /api/v1/access/, without a case.")
    if isinstance(exc, PermissionDenied):
        return Problem("not-allowed", "Your account may not use this. Ask for the role that may.")
    if isinstance(exc, RequestDataTooBig):
        return Problem("too-large", "The body is too large. Send less at a time.")
    if isinstance(exc, SuspiciousOperation | BadRequest | UnreadablePostError | MultiPartParserError):
        return Problem("bad-request", "The request can't be read. Send it again, whole, as UTF-8 JSON.")
    if isinstance(exc, OperationalError | InterfaceError):
        log.warning("The database did not answer: %s", exc)
        wait = "The record can't be reached at the moment. Try again in a few seconds."
        return Problem("unavailable", wait, headers={"Retry-After": "5"})
    return None


_HINTS = {
    400: ("bad-request", "{said}"),
    401: ("not-signed-in", "{said} Send 'Authorization: Token …', or sign in."),
    403: ("not-allowed", "{said}"),
    404: ("not-found", "{said}"),
    405: ("bad-method", "{said} The Allow header lists what can be done here."),
    406: ("not-acceptable", "Only application/json is given here. Send 'Accept: application/json', or none."),
    415: ("bad-media-type", "{said} Send 'Content-Type: application/json' in UTF-8."),
}


def _of_drf(exc: drf.APIException) -> Problem | None:
    if isinstance(exc, drf.Throttled):
        wait = max(1, round(getattr(exc, "wait", None) or 1))
        said = f"Too many requests. Try again in {wait} s."
        return Problem("too-many-requests", said, headers={"Retry-After": str(wait)})
    if exc.status_code not in _HINTS:
        return None
    kind, words = _HINTS[exc.status_code]
    challenge = getattr(exc, "auth_header", None)
    return Problem(
        kind, words.format(said=str(exc.detail)), headers={"WWW-Authenticate": challenge} if challenge else {}
    )


def _unforeseen(exc: Exception) -> Problem:
    mark = secrets.token_hex(4)
    log.error("API error %s", mark, exc_info=exc)
    said = f"Something went wrong here; it is not your doing. If it stays, tell the operator this mark: {mark}."
    return Problem("internal", said, mark=mark)


def _places(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Each leaf of DRF's nested validation errors with its JSON pointer."""
    if isinstance(detail, dict):
        for key, below in detail.items():
            own = key in ("non_field_errors",)
            yield from _places(below, pointer if own else f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(detail, list):
        for below in detail:
            yield from _places(below, pointer)
    else:
        yield pointed(str(detail), pointer)
