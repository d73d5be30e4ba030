"""How a verb writes: the case locked first, the clock last, one event, the news after commit."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from cases.actors import Actor
from cases.chain import Link, payload_digest
from cases.errors import CaseNotFound
from cases.kinds import EVENT_KINDS
from cases.models import Case, Event, EventPayload
from connectors.host.services import clock_tick

CHANNEL = "throughline"
"""PostgreSQL's NOTIFY channel; the payload names the case and nothing else."""


@contextmanager
def case_locked(case: Case | int | str) -> Iterator[Case]:
    """A transaction that holds the case's row. Raises CaseNotFound."""
    with transaction.atomic():
        locked = Case.objects.select_for_update().filter(pk=_number(case) or 0).first()
        if locked is None:
            raise _unknown(case)
        yield locked


def case_id(case: Case | int | str) -> int:
    """The id of a case, by itself, its id or its reference. Raises CaseNotFound where there is none."""
    found = _number(case)
    if found is None or not Case.objects.filter(pk=found).exists():
        raise _unknown(case)
    return found


def _number(case: Case | int | str) -> int | None:
    text = str(case.pk) if isinstance(case, Case) else str(case).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _unknown(case: Case | int | str) -> CaseNotFound:
    text = str(case.pk) if isinstance(case, Case) else str(case).strip()
    return CaseNotFound(f"There is no case {text[:40]!r}. A case reference is a number such as 20418.")


def event_add(case: Case, kind: str, actor: Actor, data: Mapping[str, Any], at: datetime | None = None) -> Event:
    """Append one event to a locked case. ``at`` is the transaction's own tick where it has taken one."""
    declared = EVENT_KINDS[kind]
    payload = {**data, "by": actor.name} if actor.name else dict(data)
    payload = json.loads(json.dumps(payload))
    salt = secrets.token_hex(16)
    last = Event.objects.filter(case=case).order_by("-seq").values_list("seq", "digest").first()
    seq, prev = (last[0] + 1, last[1]) if last else (1, "")
    at = at or clock_tick()
    link = Link(case.pk, seq, kind, actor.kind, actor.id, at, prev, payload_digest(salt, payload))
    event = Event.objects.create(
        case=case, seq=seq, kind=kind, actor_kind=actor.kind, actor=actor.id, at=at, prev_digest=prev,
        payload_digest=link.payload_digest, digest=link.computed(),
    )  # fmt: skip
    EventPayload.objects.create(event=event, data=payload, salt=salt)
    if not declared.quiet:
        case_notify(case)
    return event


def case_notify(case: Case) -> None:
    """Tell every web process, once this transaction is committed, that the case is to be read again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"case": case.reference})])
