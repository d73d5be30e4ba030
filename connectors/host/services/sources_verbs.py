"""What an integrator does to a source: pause, resume, rotate a secret."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from connectors.host.errors import BadSource
from connectors.host.models import Source, SourceCursor
from connectors.host.registry import connector_class
from connectors.host.services.deliveries_again import deliveries_wake
from connectors.host.services.polling import source_get
from connectors.host.services.secret_places import reference_allowed
from connectors.host.services.source_terms import source_terms_set
from connectors.host.services.sources_log import source_note
from connectors.host.views import PAUSED
from connectors.sdk import BadSettings
from connectors.sdk.secrets import is_reference, names_secret, secret_resolve

MAX_WHY = 500


@transaction.atomic
def source_pause(*, name: str, why: str, by: str) -> Source:
    """Ask and poll this source no more until it is resumed. What it sends by itself is still kept, and waits.

    The pause has its time, so a view of the past shows it as it was. Raises BadSource where it is paused already.
    """
    source = _locked(name)
    if source.paused:
        raise BadSource(f"{source.title} is paused already.")
    why = " ".join(why.split())[:MAX_WHY].rstrip(".")
    sentence = f"{PAUSED}{by}{f': {why}' if why else ''}."
    _paused(source, paused=True, why=sentence)
    source_note(source=source, what="paused", sentence=sentence, by=by, level="warn")
    return source


@transaction.atomic
def source_resume(*, name: str, by: str) -> Source:
    """Ask and poll this source again, beginning now. Raises BadSource where it is not paused."""
    source = _locked(name)
    if not source.paused:
        raise BadSource(f"{source.title} is not paused.")
    SourceCursor.objects.filter(source=source).update(due_at=timezone.now(), failures=0)
    _paused(source, paused=False, why="")
    source_note(source=source, what="resumed", sentence=f"Resumed by {by}.", by=by)
    return source


@transaction.atomic
def source_secret_rotate(*, name: str, field: str, reference: str, by: str) -> Source:
    """Take another reference (env:NAME or file:/path) for one secret. The webhook secret before it stays valid beside
    the new one until it is rotated again or ``webhook_secret_before`` is emptied.

    Raises BadSource where the field holds no secret, where SECRETS_DIR or SECRETS_ENV do not allow the reference, or
    where nothing can be read there.
    """
    source = _locked(name)
    known = connector_class(source.connector).Settings.model_fields
    reference = reference.strip()
    if field not in known or not names_secret(field):
        raise BadSource(f"field: {source.title} has no secret called {field[:60]!r}.")
    emptied = not reference and field == "webhook_secret_before"
    if not emptied:
        _readable(reference, unchanged=source.settings.get(field) == reference)
    if field == "webhook_secret" and source.settings.get(field) not in (None, "", reference):
        source.settings["webhook_secret_before"] = source.settings[field]
    source.settings[field] = reference
    source.save(update_fields=["settings"])
    what = f"{field} is now empty" if emptied else f"{field} now comes from {reference}"
    deliveries_wake(source=source)
    source_note(source=source, what="secret rotated", sentence=f"{what}.", by=by)
    return source


def _readable(reference: str, *, unchanged: bool) -> None:
    if not is_reference(reference):
        raise BadSource("reference: give env:NAME or file:/path, and keep the secret itself there.")
    if not unchanged:
        reference_allowed(reference)
    try:
        secret_resolve(reference)
    except BadSettings as error:
        raise BadSource(f"reference: {error.sentence}") from None


def _locked(name: str) -> Source:
    """Locks are taken in one order, or writers and people would wait for each other: the source (in a way that lets
    rows refer to it), its cursor, then the clock."""
    source_get(name)
    return Source.objects.select_for_update(no_key=True).get(name=name)


def _paused(source: Source, *, paused: bool, why: str) -> None:
    source_terms_set(source=source, paused=paused, why=why)
    source.paused = paused
    source.save(update_fields=["paused"])
