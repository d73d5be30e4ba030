"""What the roof keeps of customers, erased with the rest: notices, kept answers of the API, sessions, files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.dispatch import receiver

from cases.signals import content_erased
from connectors.host.selectors.erasing import naming
from workspace.api.models import KeyedWrite
from workspace.outbound.models import Attempt, Notice


@receiver(content_erased, dispatch_uid="workspace.erasing")
def content_erase(
    sender: object, events: Collection[int], cases: Collection[str], needles: Sequence[str], **_: Any
) -> None:
    """In the transaction that erases. Files go once it is committed."""
    Notice.objects.filter(event_id__in=list(events)).delete()
    if not needles:
        return
    Notice.objects.filter(pk__in=_named("outbound_notice", "body", needles)).delete()
    told = _named("outbound_attempt", "answer || ' ' || reason", needles)
    Attempt.objects.filter(pk__in=told).update(answer="", reason="")
    kept = _named("api_keyedwrite", "coalesce(body::text, '') || ' ' || location", needles)
    KeyedWrite.objects.filter(pk__in=kept).delete()
    for reference in cases:
        KeyedWrite.objects.filter(location__contains=f"/cases/{reference}").delete()
        KeyedWrite.objects.filter(body__case=reference).delete()
        KeyedWrite.objects.filter(body__reference=reference).delete()
    sessions_clear(needles)
    transaction.on_commit(lambda: files_clear(needles))


def sessions_clear(needles: Sequence[str]) -> int:
    """End sessions that remember the person, in a message or an address to go back to; gives how many."""
    gone, rest = list[str](), Session.objects.iterator(200)
    while some := list(islice(rest, 200)):
        said = naming([str(s.get_decoded()) for s in some], needles=needles)
        gone += [s.pk for s, named in zip(some, said, strict=True) if named]
    return Session.objects.filter(pk__in=gone).delete()[0]


def files_clear(needles: Sequence[str]) -> int:
    """Delete letters that were written as files (where no mail server is set) and files that wait to be imported, where
    they name the person; gives how many."""
    gone = 0
    for path in _files():
        try:
            if naming([path.read_bytes()], needles=needles) == [True]:
                path.unlink()
                gone += 1
        except OSError:
            continue  # somebody else has just taken it
    return gone


def _files() -> Iterable[Path]:
    places = [Path(settings.VAR_DIR) / "uploads"]
    if settings.EMAIL_FILE_PATH:
        places.append(Path(settings.EMAIL_FILE_PATH))
    for place in places:
        yield from (p for p in place.rglob("*") if p.is_file())


def _named(table: str, columns: str, needles: Sequence[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} WHERE erasure_named({columns}, %s)", [list(needles)])
        return [row[0] for row in cursor.fetchall()]
