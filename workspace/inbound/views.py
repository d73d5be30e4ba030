"""The door: a delivery is verified and kept, and answered before anything is done with it."""

from __future__ import annotations

import json

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from connectors.host.errors import DeliveryNotNow, DeliveryRefused, NoDeliveries
from connectors.host.services import delivery_store
from workspace.api.problems import Problem, response
from workspace.inbound.bell import ring

PLAIN = ("", "identity")


@csrf_exempt  # no session is looked at here: the signature is the right
def door(request: HttpRequest, address: str) -> HttpResponse:
    """``POST /in/{source}/…``: 202 once it is kept; 401, 404, 405, 413, 415 or 503 as a problem document."""
    try:
        return _taken(request, address)
    except Problem as problem:
        answer = response(problem, request.path)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _taken(request: HttpRequest, address: str) -> HttpResponse:
    if request.method != "POST":
        raise Problem("bad-method", "Deliveries are sent by POST.", headers={"Allow": "POST"})
    if request.headers.get("Content-Encoding", "").strip().lower() not in PLAIN:
        raise Problem("bad-media-type", "Send the body as it is, without Content-Encoding: the signature is over it.")
    name = address.partition("/")[0]
    try:
        body = request.body
        stored = delivery_store(source=name, headers=_headers(request), body=body, path=request.get_full_path())
    except NoDeliveries as error:
        raise Problem("not-found", str(error)) from None
    except DeliveryRefused as error:
        raise Problem("not-signed", str(error), headers={"WWW-Authenticate": "Signature"}) from None
    except DeliveryNotNow as error:
        raise Problem("unavailable", str(error), headers={"Retry-After": "60"}) from None
    except (UnreadablePostError, RawPostDataException):
        raise Problem("bad-request", "The body ended too early. Send the delivery again, whole.") from None
    except (OperationalError, InterfaceError):
        said = "The delivery can't be kept at the moment. Send it again later."
        raise Problem("unavailable", said, headers={"Retry-After": "5"}) from None
    if stored.new:
        ring()
    said = json.dumps({"id": stored.key, "known": not stored.new})
    return HttpResponse(said, status=202, content_type="application/json", headers={"Cache-Control": "no-store"})


def _headers(request: HttpRequest) -> dict[str, str]:
    """Lower-case names, as they came."""
    return {name.lower(): value for name, value in request.headers.items()}
