"""Letters leave by an outbox: rows are the record of work, and what may have arrived is never sent again by itself."""

from __future__ import annotations

import logging
import smtplib
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction

from cases.actors import Actor
from cases.errors import BadInput
from cases.models import OutboxMail
from cases.services.letters_out import letter_made, letter_name
from cases.services.record import case_locked, event_add
from connectors.host.selectors import moment

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 6
CRASHED_AFTER = timedelta(minutes=5)
"""A letter that has been leaving for longer than any mail server may take was in a process that died."""
BY_OUTBOX = Actor.rule("outbox", "The outbox")


@dataclass(frozen=True)
class Sent:
    """How one letter fared: sent, queued (again), failed or unknown."""

    state: str
    error: str = ""


def outbox_send(limit: int = 50) -> int:
    """Send what is due, one letter at a time; returns how many were tried. Many workers may run this at once."""
    outbox_settle_crashed()
    tried = 0
    while tried < limit and (mail := _claim()) is not None:
        tried += 1
        _finish(mail, _send(mail))
    return tried


def outbox_settle_crashed() -> int:
    """Letters whose sender died half-way become ``unknown``; returns how many."""
    _, now = moment()
    stuck = OutboxMail.objects.filter(state="sending", claimed_at__lt=now - CRASHED_AFTER)
    mails = list(stuck.select_related("statement"))
    reason = "The process that was sending this letter ended; it may or may not have arrived."
    return sum(_finish(mail, Sent("unknown", reason)) for mail in mails)


def mail_settle(*, mail: OutboxMail, delivery: str, actor: Actor) -> OutboxMail:
    """A person decides about a letter that failed or may have arrived: it ``sent``, or send it again (``queued``)."""
    if delivery not in ("sent", "queued"):
        raise BadInput("Say either 'sent' (it arrived) or 'queued' (send it again).", "delivery")
    with case_locked(mail.statement.case) as case:
        held = OutboxMail.objects.select_for_update().get(pk=mail.pk)
        if held.state not in ("failed", "unknown"):
            raise BadInput(f"This letter is {held.state}; only one that failed or is unknown can be settled.", "mail")
        held.state, held.attempts, held.due_at = delivery, 0, moment()[1]
        held.save()
        event_add(case, "message.delivery", actor, {"statement": held.statement_id, "delivery": delivery, "error": ""})
    return held


@transaction.atomic
def _claim() -> OutboxMail | None:
    _, now = moment()
    due = OutboxMail.objects.filter(state="queued", due_at__lte=now).order_by("due_at", "pk")
    mail = due.select_for_update(skip_locked=True).first()
    if mail is not None:
        mail.state, mail.claimed_at, mail.holder = "sending", now, uuid.uuid4().hex
        mail.attempts += 1
        letter_name(mail)
        mail.save()
    return mail


def _send(mail: OutboxMail) -> Sent:
    """Hand one letter over. What goes wrong before it is handed over is tried again; after that, nobody can know."""
    try:
        link = get_connection()
        link.open()
    except Exception as error:
        return _again(mail, error)
    try:
        link.send_messages([letter_made(mail)])
        return Sent("sent")
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return _again(mail, error) if all(400 <= c < 500 for c in codes) else Sent("failed", _words(error))
    except (smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as error:
        temporary = 400 <= getattr(error, "smtp_code", 550) < 500
        return _again(mail, error) if temporary else Sent("failed", _words(error))
    except ValueError as error:  # a header that no letter can have
        return Sent("failed", _words(error))
    except Exception as error:
        return Sent("unknown", _words(error))
    finally:
        _close(link)


def _again(mail: OutboxMail, error: Exception) -> Sent:
    if mail.attempts >= MAX_ATTEMPTS:
        return Sent("failed", f"Tried {mail.attempts} times. {_words(error)}")
    return Sent("queued", _words(error))


def _finish(mail: OutboxMail, sent: Sent) -> bool:
    """Write the outcome, unless another has written one meanwhile."""
    with case_locked(mail.statement.case_id) as case:
        held = OutboxMail.objects.select_for_update().get(pk=mail.pk)
        if held.state != "sending" or held.holder != mail.holder:
            return False
        held.state, held.last_error, held.claimed_at = sent.state, sent.error, None
        held.due_at = moment()[1] + _pause(held.attempts)
        held.save()
        if sent.state != "queued":
            data = {"statement": held.statement_id, "delivery": sent.state, "error": sent.error}
            event_add(case, "message.delivery", BY_OUTBOX, data)
    return True


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=min(15 * 4 ** (attempts - 1), 3600))


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:500]


def _close(link: object) -> None:
    try:
        link.close()  # type: ignore[attr-defined]
    except Exception:
        log.info("The mail server's connection did not close cleanly")
