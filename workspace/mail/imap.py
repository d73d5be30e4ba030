"""A mailbox over IMAP, by its numbers: nothing in it is changed, and whoever else reads it takes no letter away."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from cases.services import Reading, mailbox_progress
from workspace.mail.place import Place

TIMEOUT_S = 20
MAX_LETTER = 30_000_000
"""Bytes. Of a longer letter the beginning is kept."""
MOST_AT_ONCE = 200


class Unreadable(Exception):
    """The mailbox can't be read; the sentence says why and what to check."""


def imap_read(place: Place, known: Reading, take: Callable[[bytes], object], enough: Callable[[], bool]) -> bool:
    """Hand each new letter to ``take``; what it has returned from is kept. True where the end was reached.

    The first time, what nobody has read yet counts as new; from then on everything that comes. Raises Unreadable.
    """
    with _opened(place) as link:
        validity = int((link.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
        last = known.last_uid if validity == known.validity else 0
        new = _new(link, known, validity, last)
        for uid in new[:MOST_AT_ONCE]:
            if enough():
                return False
            raw = _letter(link, uid)
            if raw:
                take(raw)
            last = uid
            mailbox_progress(name=known.name, validity=validity, last_uid=last)
        if known.validity != validity and len(new) <= MOST_AT_ONCE:
            newest = max([last, *_search(link, "ALL")[-1:]])
            mailbox_progress(name=known.name, validity=validity, last_uid=newest)
        return len(new) <= MOST_AT_ONCE


def _new(link: imaplib.IMAP4, known: Reading, validity: int, last: int) -> list[int]:
    if known.validity == 0:
        return _search(link, "UNSEEN")
    if known.validity != validity:  # the server numbers anew: what came since we last looked, and a day before
        since = (known.read_at or _long_ago()) - timedelta(days=1)
        return _search(link, f"SINCE {since:%d}-{_MONTHS[since.month - 1]}-{since:%Y}")
    return [uid for uid in _search(link, f"UID {last + 1}:*") if uid > last]


@contextmanager
def _opened(place: Place) -> Iterator[imaplib.IMAP4]:
    try:
        link = _connected(place)
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unreadable(f"{place.host} could not be reached by IMAP: {_words(error)}") from None
    try:
        try:
            link.login(place.user, place.secret())
        except imaplib.IMAP4.error:
            raise Unreadable(f"{place.host} refused the login of {place.user}. Check INBOX_PASSWORD.") from None
        state, said = link.select(f'"{place.folder}"', readonly=True)
        if state != "OK":
            raise Unreadable(f"{place.host} has no folder {place.folder!r} for {place.user}.")
        yield link
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unreadable(f"{place.host} stopped in the middle of reading: {_words(error)}") from None
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            link.logout()


def _connected(place: Place) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if place.scheme == "imaps":
        return imaplib.IMAP4_SSL(place.host, place.port, ssl_context=context, timeout=TIMEOUT_S)
    link = imaplib.IMAP4(place.host, place.port, timeout=TIMEOUT_S)
    try:
        link.starttls(context)  # a server that can't is not told the password
    except (OSError, imaplib.IMAP4.error):
        link.shutdown()
        raise
    return link


def _search(link: imaplib.IMAP4, what: str) -> list[int]:
    state, found = link.uid("SEARCH", what)
    if state != "OK":
        raise imaplib.IMAP4.error(f"SEARCH said {state}")
    return sorted(int(n) for n in (found[0] or b"").split())


def _letter(link: imaplib.IMAP4, uid: int) -> bytes:
    """Its bytes; empty where somebody has taken it away meanwhile."""
    _, told = link.uid("FETCH", str(uid), "(RFC822.SIZE)")
    text = b" ".join(t if isinstance(t, bytes) else b"".join(t) for t in told if t).upper()
    size = int(text.partition(b"RFC822.SIZE")[2].split(b")")[0].split()[0]) if b"RFC822.SIZE" in text else 0
    part = f"BODY.PEEK[]<0.{MAX_LETTER}>" if size > MAX_LETTER else "BODY.PEEK[]"
    _, told = link.uid("FETCH", str(uid), f"({part})")
    return next((t[1] for t in told if isinstance(t, tuple) and len(t) > 1), b"")


def _words(error: Exception) -> str:
    return f"{error}"[:200] or type(error).__name__


def _long_ago() -> datetime:
    return datetime(2020, 1, 1, tzinfo=UTC)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
