"""One look into the mailbox that the environment names."""

from __future__ import annotations

import logging
import time

from django.conf import settings

from cases import services
from connectors.sdk import BadSettings
from connectors.sdk.secrets import told
from workspace.mail.folders import folder_read
from workspace.mail.imap import Unreadable, imap_read
from workspace.mail.place import Place, place_read

log = logging.getLogger(__name__)
ENOUGH_S = 40.0
"""A look ends by then, whatever is left: the next goes on where this one stopped."""


def inbox_read() -> int:
    """Keep what is new; returns how many letters were. Many workers may ring: one reads at a time."""
    place = place_read(settings.INBOX_URL, settings.INBOX_PASSWORD)
    if place is None:
        return 0
    known = services.mailbox_claim(place.name)
    return _read(place, known) if known is not None else 0


def _read(place: Place, known: services.Reading) -> int:
    kept = 0
    began = time.monotonic()

    def take(raw: bytes) -> None:
        nonlocal kept
        kept += services.mail_take(mailbox=place.name, raw=raw)

    def enough() -> bool:
        return time.monotonic() - began > ENOUGH_S

    error, whole = "", False
    try:
        if place.scheme == "maildir":
            whole = folder_read(place.path, take, enough)
        else:
            whole = imap_read(place, known, take, enough)
    except (Unreadable, BadSettings) as refused:
        error = told(refused)
    except OSError as broken:
        error = told(f"The folder {place.path} can't be read: {type(broken).__name__}. Check the path and its rights.")
    finally:
        services.mailbox_end(name=place.name, error=error, whole=whole)
    if error:
        log.warning("Letters could not be read: %s", error)
    return kept
