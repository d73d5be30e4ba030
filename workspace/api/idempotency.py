"""The same write sent twice is done once.

A write's own transaction ends before its response is kept. Where a process dies between the two, nobody can know
here what was done: then the key says so, and nothing is done a second time by itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cases.errors import CaseError
from connectors.host.errors import HostError
from connectors.host.selectors import moment
from workspace.api.models import KeyedWrite
from workspace.api.problems import Problem
from workspace.outbound.errors import BadSubscription, UnknownSubscription

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
UNDER_WAY = timedelta(seconds=60)
"""No write takes longer; one that still has no outcome after this was in a process that died."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(request: Request, act: Callable[[], Response]) -> Response:
    """What ``act`` answers, or what it answered when this key was first used. Without a key, it simply acts."""
    key = request.headers.get(HEADER)
    if key is None:
        return act()
    if not _KEY.fullmatch(key):
        raise Problem("bad-request", f"{HEADER} takes 1 to 255 visible ASCII characters, e.g. a UUID.")
    now = moment()[1]
    print_ = fingerprint(request)
    held, new = _take(request, key, print_, now)
    return _act(held, act) if new else _again(held, print_, now)


def fingerprint(request: Request) -> str:
    """Over what makes two requests the same: method, path and the body's content (not its spaces)."""
    body = json.dumps(request.data, sort_keys=True)
    return hashlib.sha256("\n".join((str(request.method), request.path, body)).encode()).hexdigest()


def _take(request: Request, key: str, print_: str, now: datetime) -> tuple[KeyedWrite, bool]:
    """The row of this key, and whether it is ours to act on."""
    user = cast(int, request.user.pk)
    expired = KeyedWrite.objects.filter(expires_at__lt=now)
    KeyedWrite.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:100])).delete()
    expired.filter(user_id=user, key=key).delete()
    mine = secrets.token_hex(16)
    made = KeyedWrite(
        user_id=user, key=key, fingerprint=print_, holder=mine, began_at=now, expires_at=now + KEPT
    )  # fmt: skip
    KeyedWrite.objects.bulk_create([made], ignore_conflicts=True)
    held = KeyedWrite.objects.filter(user_id=user, key=key).first()
    if held is None:
        raise _in_use()
    return held, held.holder == mine


def _act(held: KeyedWrite, act: Callable[[], Response]) -> Response:
    """Do it. What is refused has done nothing, so its key is free again; what breaks leaves the key in doubt."""
    try:
        answered = act()
    except Exception as error:
        if refused(error):
            held.delete()
        else:
            KeyedWrite.objects.filter(pk=held.pk).update(failed=True)
        raise
    kept = json.loads(JSONRenderer().render(answered.data))  # word for word what is answered now
    KeyedWrite.objects.filter(pk=held.pk).update(
        status=answered.status_code, body=kept, location=answered.headers.get("Location", "")
    )
    return answered


def refused(error: Exception) -> bool:
    """True where an error says that nothing was done."""
    ours = (Problem, CaseError, HostError, BadSubscription, UnknownSubscription)
    return isinstance(error, (*ours, APIException, Http404, PermissionDenied, BadRequest, SuspiciousOperation))


def _again(held: KeyedWrite, print_: str, now: datetime) -> Response:
    if held.fingerprint != print_:
        raise Problem("key-reused", f"This {HEADER} was used for another request. Use a new key for a new request.")
    if held.status is not None:
        headers = {"Idempotent-Replayed": "true"} | ({"Location": held.location} if held.location else {})
        return Response(held.body, status=held.status, headers=headers)
    if held.failed or now - held.began_at > UNDER_WAY:
        raise Problem(
            "outcome-unknown",
            "The first request with this key broke off, and what it did is not known. Look at the case or search for "
            "it, and send again with a new key only if it was not done.",
        )
    raise _in_use()


def _in_use() -> Problem:
    said = "The first request with this key is still under way. Send it again in a second to get its answer."
    return Problem("key-in-use", said, headers={"Retry-After": "1"})
