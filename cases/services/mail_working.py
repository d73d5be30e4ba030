"""What becomes of a letter: a message in a case, a new case, a report about one of ours, or nothing at all.

The row is the record of work. A letter's event and the end of its work are one transaction, so whatever dies in
between, it is in the case once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from cases.actors import Actor
from cases.mail import Letter, letter_read
from cases.models import Case, Event, InMailWork, MailFile
from cases.services.filing import file_keep
from cases.services.gathering import case_gather
from cases.services.mail_in import mail_raw
from cases.services.mail_reports import automatic_note, report_take
from cases.services.mail_threads import outgoing_of_id, place_of
from cases.services.opening import case_open
from cases.services.talking import message_receive
from connectors.host.selectors import moment
from connectors.sdk import Ref

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=90)
MOST_TRIED, PAUSE_S = 5, 20
MOST_AN_HOUR = 20
"""Letters of one sender that become messages without being looked at."""


class Taken(Exception):
    """Another worker has ended this letter meanwhile: what this one began is undone."""


def mails_work(limit: int = 20) -> int:
    """Work on letters that came in, one after the other; returns how many. Many workers may run this at once."""
    done = 0
    while done < limit and (work := _claim()) is not None:
        done += 1
        try:
            _work(work)
        except Taken:
            log.info("Letter %s was worked on by another", work.pk)
        except Exception as error:
            log.exception("Letter %s could not be worked on", work.pk)
            _later(work, error)
    return done


@transaction.atomic
def _claim() -> InMailWork | None:
    now = moment()[1]
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    due = InMailWork.objects.filter(free, state="waiting", due_at__lte=now).order_by("due_at", "pk")
    work = due.select_for_update(skip_locked=True).first()
    if work is not None:
        work.leased_until, work.attempts = now + LEASE, work.attempts + 1
        work.save(update_fields=["leased_until", "attempts"])
    return work


def _later(work: InMailWork, error: Exception) -> None:
    now = moment()[1]
    ended = work.attempts >= MOST_TRIED
    InMailWork.objects.filter(pk=work.pk, state="waiting").update(
        state="failed" if ended else "waiting", leased_until=None, due_at=now + timedelta(seconds=PAUSE_S),
        reason=f"It could not be put into a case: {type(error).__name__}: {str(error)[:300]}",
    )  # fmt: skip


def _work(work: InMailWork) -> None:
    letter = letter_read(mail_raw(work.mail))
    files = _files(work, letter)
    InMailWork.objects.filter(pk=work.pk).update(
        sender=letter.sender, sender_name=letter.sender_name, subject=letter.subject
    )  # fmt: skip
    let_in = work.kind == "message"
    if not let_in and (aside := _aside(work, letter)):
        end(work, "aside", *aside)
    elif not let_in and _too_many(letter.sender):
        said = f"More than {MOST_AN_HOUR} letters came from {letter.sender} within an hour. Look at it, then let it in."
        end(work, "held", "flood", said)
    elif not letter.sender:
        end(work, "held", "", "It does not say who sent it, so nobody can be answered. Let it in where it is known.")
    else:
        _message(work, letter, files)


def _aside(work: InMailWork, letter: Letter) -> tuple[str, str, Case | None] | None:
    """``(kind, reason, case)`` of a letter that nobody is to answer; None for a person's."""
    if letter.bounce is not None:
        return report_take(work, letter)
    if outgoing_of_id(letter.message_id) is not None or letter.sender in own_addresses():
        return "loop", "It is a letter of our own that came back.", None
    if letter.automatic:
        place = place_of(letter)
        case = automatic_note(work, letter, place.case) if place else None
        return "automatic", letter.automatic, case
    return None


def _message(work: InMailWork, letter: Letter, files: Sequence[MailFile]) -> None:
    details: dict[str, Any] = {
        "mail": work.pk, "sender": letter.sender, "sender_name": letter.sender_name,
        "reply_to": list(letter.reply_to[:5]),
        "files": [{"position": f.position, "name": f.name, "size": f.size} for f in files],
    }  # fmt: skip
    text = letter.text.strip() or ("[No words, only what is attached.]" if files else "[An empty letter.]")
    place = place_of(letter)
    if place is None:
        _opened(work, letter, text, details)
        return

    def ended(case: Case, event: Event) -> None:
        kind = "message" if place.known else "third_party"
        reason = "" if place.known else "Its writer is not the customer of this case."
        end(work, "done", kind, reason, case, event)

    writer = Actor.customer(letter.sender_name if place.known else letter.sender_name or letter.sender)
    message_receive(
        case=place.case, text=text, actor=writer, channel="email", third_party=not place.known, details=details,
        also=ended,
    )  # fmt: skip


def _opened(work: InMailWork, letter: Letter, text: str, details: dict[str, Any]) -> None:
    def ended(case: Case, event: Event) -> None:
        end(work, "done", "message", "", case, event)

    case = case_open(
        refs=[Ref("email", letter.sender)], message=text, subject=letter.subject, channel="email",
        actor=Actor.customer(letter.sender_name), details=details, also=ended,
    )  # fmt: skip
    try:
        case_gather(case)
    except Exception:  # it is asked when somebody opens the case
        log.exception("The sources could not be asked about case %s", case.pk)


def end(
    work: InMailWork, state: str, kind: str, reason: str, case: Case | None = None, event: Event | None = None
) -> None:
    """Inside the transaction of what the letter came to. Raises Taken where it is ended already."""
    with transaction.atomic():
        held = InMailWork.objects.select_for_update().get(pk=work.pk)
        if held.state != "waiting":
            raise Taken(f"Letter {work.pk} is {held.state} already.")
        held.state, held.kind, held.reason, held.case, held.event = state, kind, reason, case, event
        held.done_at, held.leased_until = moment()[1], None
        held.save()


def own_addresses() -> frozenset[str]:
    """The addresses that we write from."""
    return frozenset({settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].strip("> ").lower()})


def _too_many(sender: str) -> bool:
    since = moment()[1] - timedelta(hours=1)
    rows = InMailWork.objects.filter(sender=sender, done_at__gte=since, state="done")
    return bool(sender) and rows.count() >= MOST_AN_HOUR


def _files(work: InMailWork, letter: Letter) -> list[MailFile]:
    """What is attached, kept once; read again, it is the same."""
    MailFile.objects.bulk_create(
        [
            MailFile(mail_id=work.pk, position=n, name=f.name, content_type=f.content_type, size=len(f.content),
                     digest=file_keep(f.content))
            for n, f in enumerate(letter.files, start=1)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return list(MailFile.objects.filter(mail_id=work.pk).order_by("position"))
