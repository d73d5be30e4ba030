"""The cast of the letters' tests: Maya's case, our outbox, and a mailbox that letters are put into."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail as sent_mail

from cases.models import Case, InMailWork, OutboxMail, Statement
from cases.selectors import case_view
from cases.services import Actor, message_send, outbox_send
from tests.cases.conftest import case, dana, maya, paid, say, teller, tom
from tests.mail.letters import US
from workspace.mail.folders import letter_put
from workspace.mail.reading import inbox_read

__all__ = ["case", "dana", "maya", "paid", "say", "teller", "tom"]
Write = Callable[[EmailMessage | bytes], InMailWork | None]


@pytest.fixture
def inbox(settings: Any, tmp_path: Path) -> Path:
    """A Maildir that the workspace reads; letters are from, and to, ``US``."""
    settings.INBOX_URL, settings.INBOX_PASSWORD = f"maildir:{tmp_path / 'inbox'}", ""
    settings.DEFAULT_FROM_EMAIL = US
    return tmp_path / "inbox"


@pytest.fixture
def write(db: None, inbox: Path) -> Write:
    """Put a letter into the mailbox and have it read and worked on; what became of it comes back."""
    from cases.services import mails_work

    def written(letter: EmailMessage | bytes) -> InMailWork | None:
        last = InMailWork.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        letter_put(inbox, letter if isinstance(letter, bytes) else letter.as_bytes())
        inbox_read()
        mails_work()
        return InMailWork.objects.filter(pk__gt=last).first()

    return written


def reply(case: Case, by: User, text: str = "We look into it.", **more: Any) -> Statement:
    """A rep answers by e-mail."""
    digest = case_view(case=case).answer.digest
    return message_send(case=case, text=text, answer_digest=digest, actor=Actor.person(by), **more)


@pytest.fixture
def answered(case: Case, dana: User, inbox: Path) -> Case:
    """Maya's case with a letter of ours that has left; its id is ``our_id(case)``."""
    reply(case, dana)
    outbox_send()
    case.refresh_from_db()
    return case


def our_id(case: Case) -> str:
    return OutboxMail.objects.filter(statement__case=case).order_by("-pk").values_list("message_id", flat=True)[0]


def kinds(case: Case) -> list[str]:
    return [e.kind for e in case_view(case=case).events]


def outgoing() -> list[Any]:
    return sent_mail.outbox
