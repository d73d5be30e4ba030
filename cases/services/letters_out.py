"""How a letter of ours looks: to whom exactly, and which letter of theirs it answers."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.mail import EmailMessage

from cases.mail import letter_read
from cases.models import InMail, OutboxMail, Statement
from cases.services.mail_in import mail_raw

MOST_REFERENCES = 20


def letter_name(mail: OutboxMail) -> None:
    """Before its first leaving: an id that stays and that nobody can guess, and the subject of what it answers. The
    caller saves it."""
    if not mail.message_id:
        mail.message_id = f"{uuid.uuid4().hex}.case-{mail.statement.case_id}-statement-{mail.statement_id}@{_domain()}"
    theirs = _answered(mail.statement)
    said = theirs.work.subject if theirs else ""
    if said and mail.attempts <= 1:
        mark = f"(case {mail.statement.case.reference})"
        bare = said if said.lower().startswith(("re:", "aw:", "vs:", "sv:")) else f"Re: {said}"
        mail.subject = bare[:200] if mark in bare else f"{bare[: 198 - len(mark)]} {mark}"


def letter_made(mail: OutboxMail) -> EmailMessage:
    """The letter as it is handed over, to those whom the statement names and to nobody else."""
    statement = mail.statement
    to = [statement.recipient.value] if statement.recipient else []
    copies: dict[str, list[str]] = {"cc": [], "bcc": []}
    for one in statement.recipients:
        if one.get("how") in copies:
            copies[one["how"]].append(str(one["ref"]).removeprefix("email:"))
    return EmailMessage(
        mail.subject, statement.words, settings.DEFAULT_FROM_EMAIL, to, cc=copies["cc"], bcc=copies["bcc"],
        headers=_headers(mail),
    )  # fmt: skip


def _headers(mail: OutboxMail) -> dict[str, str]:
    found = {"Message-ID": f"<{mail.message_id}>"}
    theirs = _answered(mail.statement)
    if theirs is not None and theirs.message_id:
        before = letter_read(mail_raw(theirs)).references
        thread = [*(i for i in before if i != theirs.message_id), theirs.message_id]
    else:
        thread = _ours_before(mail)
    if thread:
        found["In-Reply-To"] = f"<{thread[-1]}>"
        found["References"] = " ".join(f"<{i}>" for i in [*thread[:1], *thread[1:][-MOST_REFERENCES:]])
    return found


def _answered(statement: Statement) -> InMail | None:
    """The newest letter of the person written to, in this case, from before the answer was written."""
    if statement.recipient is None:
        return None
    rows = InMail.objects.filter(
        work__case=statement.case_id, work__state="done", work__sender=statement.recipient.value,
        work__event__at__lte=statement.at,
    )  # fmt: skip
    return rows.select_related("work").order_by("-work__event__seq").first()


def _ours_before(mail: OutboxMail) -> list[str]:
    """Where they have not written by e-mail, our earlier letters to them are the thread."""
    statement = mail.statement
    rows = OutboxMail.objects.filter(
        statement__case=statement.case_id, statement__recipient=statement.recipient_id, statement__lt=statement.pk,
        state="sent",
    )  # fmt: skip
    return list(rows.exclude(message_id="").order_by("pk").values_list("message_id", flat=True))[-5:]


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
