"""Letters that came in, as pages show them, and what of one that goes out can still be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cases.errors import CaseNotFound
from cases.mail import Letter, letter_read
from cases.models import InMail, InMailWork, Mailbox, MailFile, OutboxMail
from cases.services.filing import file_path
from cases.services.mail_in import mail_raw
from connectors.host.selectors import moment

SHOWN = 100


@dataclass(frozen=True)
class LetterView:
    """One letter in a list. ``case`` is a reference, or empty; ``reason`` says why it is where it is."""

    id: int
    sender: str
    name: str
    subject: str
    state: str
    kind: str
    reason: str
    case: str
    arrived_at: datetime


@dataclass(frozen=True)
class FileView:
    """One attachment; ``path`` is None where its file is gone."""

    position: int
    name: str
    content_type: str
    size: int
    path: Path | None


@dataclass(frozen=True)
class MailboxView:
    name: str
    read_at: datetime | None
    failing_since: datetime | None
    error: str


@dataclass(frozen=True)
class UndoView:
    """A letter that its author can still take back: until ``due_at``, in ``seconds``."""

    statement: int
    recipient: str
    due_at: datetime
    seconds: int


def letters_list(*, state: str = "", limit: int = SHOWN) -> tuple[LetterView, ...]:
    """Newest first; ``state`` held, failed, aside, done or waiting, or empty for all."""
    rows = InMailWork.objects.select_related("mail").defer("mail__raw").order_by("-pk")
    return tuple(_view(w) for w in (rows.filter(state=state) if state else rows)[:limit])


def letters_calling() -> tuple[LetterView, ...]:
    """Those that wait for a person, oldest first."""
    rows = InMailWork.objects.filter(state__in=("held", "failed")).select_related("mail").defer("mail__raw")
    return tuple(_view(w) for w in rows.order_by("pk")[:SHOWN])


def letter_get(id: int) -> tuple[LetterView, Letter, tuple[FileView, ...]]:
    """A letter, what it says, and its attachments. Raises CaseNotFound."""
    work = InMailWork.objects.select_related("mail").filter(pk=id).first()
    if work is None:
        raise CaseNotFound(f"There is no letter {id}.")
    return _view(work), letter_read(mail_raw(work.mail)), tuple(_file(f) for f in work.mail.files.order_by("position"))


def letter_row(id: int) -> InMail:
    """The letter itself, for the verbs. Raises CaseNotFound."""
    found = InMail.objects.filter(pk=id).first()
    if found is None:
        raise CaseNotFound(f"There is no letter {id}.")
    return found


def letter_case(id: int) -> int | None:
    """The number of the case that it is in; None where it is in none. Raises CaseNotFound."""
    return InMailWork.objects.filter(mail=letter_row(id)).values_list("case", flat=True).first()


def letter_raw(id: int) -> bytes:
    """Its bytes as they came. Raises CaseNotFound."""
    return mail_raw(letter_row(id))


def letter_file(id: int, position: int) -> FileView:
    """One attachment. Raises CaseNotFound, also where its file is gone."""
    row = MailFile.objects.filter(mail=id, position=position).first()
    found = _file(row) if row else None
    if found is None or found.path is None:
        raise CaseNotFound("There is no such attachment here.")
    return found


def mailboxes_list() -> tuple[MailboxView, ...]:
    """The mailboxes that are read, and whether they can be."""
    return tuple(MailboxView(m.name, m.read_at, m.failing_since, m.error) for m in Mailbox.objects.order_by("name"))


def undo_of(*, case: Any, person: Any) -> UndoView | None:
    """The newest letter of this person in this case that can still be taken back."""
    now = moment()[1]
    mail = (
        OutboxMail.objects.filter(statement__case=getattr(case, "pk", case), state="queued", attempts=0, due_at__gt=now)
        .filter(statement__actor_kind="person", statement__actor=str(person.pk))
        .select_related("statement__recipient").order_by("-pk").first()
    )  # fmt: skip
    if mail is None:
        return None
    to = mail.statement.recipient.value if mail.statement.recipient else ""
    return UndoView(mail.statement_id, to, mail.due_at, max(1, round((mail.due_at - now).total_seconds())))


def _view(work: InMailWork) -> LetterView:
    return LetterView(
        work.pk, work.sender, work.sender_name, work.subject, work.state, work.kind, work.reason,
        str(work.case_id or ""), work.mail.arrived_at,
    )  # fmt: skip


def _file(row: MailFile) -> FileView:
    path = file_path(row.digest)
    return FileView(row.position, row.name, row.content_type, row.size, path if path.is_file() else None)
