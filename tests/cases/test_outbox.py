import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from cases.errors import BadInput
from cases.models import Case, OutboxMail
from cases.selectors import case_view
from cases.services import Actor, mail_settle, message_send, outbox_send
from cases.services.mailing import MAX_ATTEMPTS


class BrokenBackend(EmailBackend):
    """A mail server that fails where the test says: ``at`` opening or sending."""

    at = "send"
    error: Exception = OSError("connection reset")

    def open(self) -> bool:
        if self.at == "open":
            raise self.error
        return True

    def send_messages(self, messages: Any) -> int:
        raise self.error


@pytest.fixture
def letter(case: Case, dana: User) -> OutboxMail:
    view = case_view(case=case)
    statement = message_send(case=case, text="Hello Maya", answer_digest=view.answer.digest, actor=Actor.person(dana))
    return OutboxMail.objects.get(statement=statement)


def broken(settings: Any, at: str, error: Exception) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"
    BrokenBackend.at, BrokenBackend.error = at, error


def state(letter: OutboxMail) -> str:
    letter.refresh_from_db()
    return letter.state


def test_a_letter_leaves_once(letter: OutboxMail):
    assert outbox_send() == 1 and outbox_send() == 0
    assert [(m.to, m.body) for m in mail.outbox] == [(["maya@example.com"], "Hello Maya")]
    assert "48-1193" not in mail.outbox[0].subject
    assert state(letter) == "sent" and case_view(case=letter.statement.case).mails[0].state == "sent"


def test_a_server_that_can_t_be_reached_is_tried_again_later(letter: OutboxMail, settings: Any):
    broken(settings, "open", ConnectionRefusedError("no"))
    assert outbox_send() == 1 and outbox_send() == 0
    assert state(letter) == "queued" and "ConnectionRefusedError" in letter.last_error


def test_trying_ends(letter: OutboxMail, settings: Any):
    broken(settings, "open", ConnectionRefusedError("no"))
    for _ in range(MAX_ATTEMPTS + 2):
        OutboxMail.objects.update(due_at=letter.statement.at)
        outbox_send()
    assert state(letter) == "failed" and letter.attempts == MAX_ATTEMPTS
    assert "Tried 6 times" in case_view(case=letter.statement.case).mails[0].error


def test_a_refused_address_is_a_failure(letter: OutboxMail, settings: Any):
    broken(settings, "send", smtplib.SMTPRecipientsRefused({"maya@example.com": (550, b"no such user")}))
    outbox_send()
    assert state(letter) == "failed"


def test_a_line_cut_while_sending_leaves_it_unknown_and_it_is_not_sent_again(letter: OutboxMail, settings: Any):
    broken(settings, "send", smtplib.SMTPServerDisconnected("cut"))
    outbox_send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox_send() == 0 and not mail.outbox
    assert state(letter) == "unknown"


def test_a_sender_that_died_leaves_it_unknown(letter: OutboxMail):
    OutboxMail.objects.update(
        state="sending", holder="gone", claimed_at=letter.statement.at - timedelta(minutes=6), attempts=1
    )
    assert outbox_send() == 0 and not mail.outbox
    assert state(letter) == "unknown" and "ended" in letter.last_error


def test_one_that_is_being_sent_is_left_alone(letter: OutboxMail):
    OutboxMail.objects.update(state="sending", holder="busy", claimed_at=letter.statement.at)
    assert outbox_send() == 0 and state(letter) == "sending"


def test_a_person_decides_about_an_unknown_letter(letter: OutboxMail, dana: User):
    with pytest.raises(BadInput, match="only one that failed"):
        mail_settle(mail=letter, delivery="sent", actor=Actor.person(dana))
    OutboxMail.objects.update(state="unknown")
    mail_settle(mail=letter, delivery="queued", actor=Actor.person(dana))
    outbox_send()
    assert state(letter) == "sent" and len(mail.outbox) == 1
