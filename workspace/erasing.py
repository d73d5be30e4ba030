"""What the roof keeps of customers, erased with the rest: notices, kept answers of the API, sessions, files."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver

from cases.signals import content_erased
from connectors.host.selectors.erasing import ids_named, pattern_of, said_by
from workspace.api.models import KeyedWrite
from workspace.outbound.models import Attempt, Notice

log = logging.getLogger(__name__)


@receiver(content_erased, dispatch_uid="workspace.erasing")
def content_erase(
    sender: object, events: Collection[int], cases: Collection[str], needles: Sequence[str], **_: Any
) -> None:
    """In the transaction that erases. Files go once it is committed."""
    Notice.objects.filter(event_id__in=list(events)).delete()
    if not needles:
        return
    pattern = pattern_of(needles)
    Notice.objects.filter(pk__in=ids_named("outbound_notice", "body", pattern)).delete()
    told = ids_named("outbound_attempt", "answer || ' ' || reason", pattern)
    Attempt.objects.filter(pk__in=told).update(answer="", reason="")
    kept = ids_named("api_keyedwrite", "coalesce(body::text, '') || ' ' || location", pattern)
    KeyedWrite.objects.filter(pk__in=kept).delete()
    for reference in cases:
        place = f"/cases/{reference}"
        whose = Q(location__endswith=place) | Q(location__contains=f"{place}/")  # and not of a longer number
        KeyedWrite.objects.filter(whose | Q(body__case=reference) | Q(body__reference=reference)).delete()
    sessions_clear(pattern)
    transaction.on_commit(lambda: files_clear(pattern))


def sessions_clear(pattern: list[str] | None) -> int:
    """End sessions that remember the person, in a message or an address to go back to; gives how many."""
    gone, rest = list[str](), Session.objects.iterator(200)
    while some := list(islice(rest, 200)):
        said = said_by([str(s.get_decoded()) for s in some], pattern)
        gone += [s.pk for s, named in zip(some, said, strict=True) if named]
    return Session.objects.filter(pk__in=gone).delete()[0]


def files_clear(pattern: list[str] | None) -> int:
    """Delete letters that were written as files (where no mail server is set) and files that wait to be imported, where
    they name the person; gives how many."""
    gone = 0
    for path in _files():
        try:
            if said_by([path.read_bytes()], pattern) == [True]:
                path.unlink()
                gone += 1
        except FileNotFoundError:
            continue  # somebody else has just taken it
        except OSError as error:
            why = error.strerror  # its own words have the file's name
            log.error("A file in %s that may name somebody erased could not be read or deleted: %s", path.parent, why)
    return gone


def _files() -> Iterable[Path]:
    places = [Path(settings.VAR_DIR) / "uploads"]
    if settings.EMAIL_FILE_PATH:
        places.append(Path(settings.EMAIL_FILE_PATH))
    for place in places:
        yield from (p for p in place.rglob("*") if p.is_file())

