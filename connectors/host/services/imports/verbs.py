"""What people do to an import."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from connectors.host.errors import BadImport
from connectors.host.models import FileImport, ImportPiece
from connectors.host.services.sources_log import source_note


@transaction.atomic
def import_pause(*, import_id: int, by: str = "") -> FileImport:
    """Read no further until it is resumed. Raises BadImport where it is not under way."""
    return _move(import_id, ("waiting", "running"), "paused", by, reason=f"Paused by {by}." if by else "Paused.")


@transaction.atomic
def import_resume(*, import_id: int, by: str = "") -> FileImport:
    """Go on behind the last line that is stored. Raises BadImport where it is not paused."""
    return _move(import_id, ("paused",), "waiting", by, reason="", failures=0, due_at=timezone.now())


@transaction.atomic
def import_cancel(*, import_id: int, by: str = "") -> FileImport:
    """Read no further, for good. What was stored stays; the rest of the file is let go. Raises BadImport."""
    open_ = ("waiting", "running", "paused")
    found = _move(import_id, open_, "cancelled", by, ended_at=timezone.now(), due_at=None)
    ImportPiece.objects.filter(file=found).delete()
    return found


def _move(import_id: int, of: tuple[str, ...], to: str, by: str, **more: object) -> FileImport:
    found = FileImport.objects.select_for_update(of=("self",)).select_related("source").filter(pk=import_id).first()
    if found is None:
        raise BadImport(f"There is no import {import_id}.")
    if found.state not in of:
        raise BadImport(f"The import of {found.name} is {found.state}; that works only where it is {' or '.join(of)}.")
    found.state = to
    for name, value in more.items():
        setattr(found, name, value)
    found.save(update_fields=["state", *more])
    verb = "resumed" if to == "waiting" else to
    sentence = f"The import of {found.name} was {verb} behind line {found.line}."
    source_note(source=found.source, what=f"import {verb}", sentence=sentence, by=by)
    return found
