"""The weekly letter: the same numbers as the board, as plain text, to whoever wants it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from cases.measuring import week_of
from cases.models import TrustLetter, TrustReader
from cases.selectors.measures import measure_detail, trust_board
from cases.views.measured_words import said, span_words
from cases.views.measuring import Part, TrustBoard
from connectors.host.selectors import moment

log = logging.getLogger(__name__)
HOUR = 6
"""From this hour of Monday (UTC) on, so that the week is over everywhere that works with us and is counted."""
READERS = ("supervisor",)


def trust_reader_set(*, person: Any, wanted: bool) -> None:
    """Somebody wants the weekly letter, or no longer does."""
    if wanted:
        TrustReader.objects.get_or_create(person=person, defaults={"since": moment()[1]})
    else:
        TrustReader.objects.filter(person=person).delete()


def trust_letters_send(*, at: datetime | None = None) -> int:
    """Send last week's numbers to everybody who wants them and has not got them; returns how many left.

    Each person gets a week once: the letter is claimed before it leaves. Where the mail server can't be reached, the
    next run tries again; one whose sender died on the way is not sent twice.
    """
    at = at or moment()[1]
    week = week_of(at) - timedelta(days=7)
    if at.astimezone(UTC) < datetime(week.year, week.month, week.day, HOUR, tzinfo=UTC) + timedelta(days=7):
        return 0
    readers = TrustReader.objects.filter(person__is_active=True, person__groups__name__in=READERS)
    got = TrustLetter.objects.filter(week=week).values("person")
    waiting = readers.exclude(person__in=got).exclude(person__email="").select_related("person").distinct()
    if not waiting:
        return 0
    span = week, week + timedelta(days=7)
    board, wrong = trust_board(*span), measure_detail("source_wrong", *span).sources
    return sum(_sent(reader.person, week, at, board, wrong) for reader in waiting)


def _sent(person: Any, week: date, at: datetime, board: TrustBoard, wrong: Sequence[Part]) -> bool:
    claimed = TrustLetter.objects.bulk_create(
        [TrustLetter(person=person, week=week, claimed_at=at)], ignore_conflicts=True
    )
    mine = TrustLetter.objects.filter(person=person, week=week, claimed_at=at, sent_at=None)
    if not claimed or not mine.exists():
        return False
    subject = f"Trust, {span_words(board.since, board.until)}"
    try:
        EmailMessage(subject, letter(board, wrong), settings.DEFAULT_FROM_EMAIL, [person.email]).send()
    except OSError as error:  # SMTP's errors are such, too: it did not leave
        log.warning("The weekly letter could not be sent: %s", error)
        mine.delete()
        return False
    mine.update(sent_at=moment()[1])
    return True


def letter(board: TrustBoard, wrong: Sequence[Part]) -> str:
    """The board as plain text."""
    trust = [said(f, wrong) for f in board.figures if not f.measure.efficiency]
    speed = [said(f) for f in board.figures if f.measure.efficiency]
    return "\n".join([
        f"Trust, {span_words(board.since, board.until)}, beside the week before.", "",
        *(f"- {line}" for line in trust), "", "Beside them:", "", *(f"- {line}" for line in speed), "",
        f"The cases behind each number: {settings.BASE_URL}/trust/?since={board.since}"
        f"&until={board.until - timedelta(days=1)}",
        "You get this because you asked for it; you can stop it on that page.", "",
    ])  # fmt: skip
