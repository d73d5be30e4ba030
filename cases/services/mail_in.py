"""Letters that come in are kept first, each once, exactly as they came. Working on them is another step."""

from __future__ import annotations

import hashlib

from django.db import transaction

from cases.actors import Actor
from cases.errors import WrongState
from cases.mail import content_digest, message_id_of
from cases.models import InMail, InMailWork
from cases.services.filing import file_keep, file_path
from connectors.host.selectors import moment

MAX_ROW = 1_000_000
"""Bytes of a letter that stand in its row; a longer one is a file beside it."""


def mail_take(*, mailbox: str, raw: bytes) -> bool:
    """Keep a letter; False where the very same is kept already, whichever way it came.

    When this returns, the mailbox may forget it: the row, and the file of a long one, are on the disk.
    """
    if len(raw) > MAX_ROW:
        file_keep(raw)
    now = moment()[1]
    same = {"message_id": message_id_of(raw)[:500], "content_digest": content_digest(raw)}
    values = {
        "mailbox": mailbox, "raw": raw[:MAX_ROW], "raw_digest": hashlib.sha256(raw).hexdigest(), "size": len(raw),
        "arrived_at": now,
    }  # fmt: skip
    with transaction.atomic():
        if InMail.objects.filter(**_as_erased(same)).exists():
            return False
        mail, new = InMail.objects.get_or_create(**same, defaults=values)
        if new:
            InMailWork.objects.create(mail=mail, due_at=now)
    return new


def _as_erased(same: dict[str, str]) -> dict[str, str]:
    """How a letter whose content was erased is still told from others: by digests of what told it before."""
    digests = {name: hashlib.sha256(value.encode()).hexdigest() for name, value in same.items()}
    return {**digests, "message_id": f"sha256:{digests['message_id']}"}


def mail_raw(mail: InMail) -> bytes:
    """The whole letter. Where its file is gone, what of it stands in its row."""
    if mail.size <= MAX_ROW:
        return bytes(mail.raw)
    try:
        return file_path(mail.raw_digest).read_bytes()
    except OSError:
        return bytes(mail.raw)


def mail_admit(*, mail: InMail, actor: Actor) -> InMailWork:
    """A person lets in what was held, put aside or could not be read: it is worked on as somebody's message."""
    with transaction.atomic():
        work = InMailWork.objects.select_for_update().get(pk=mail.pk)
        if work.state not in ("held", "aside", "failed"):
            raise WrongState("This letter is in a case already, or will be in a moment.")
        work.state, work.kind, work.attempts, work.due_at = "waiting", "message", 0, moment()[1]
        work.leased_until, work.reason = None, f"{actor.name} let it in."
        work.save()
    return work


def mail_leave(*, mail: InMail, actor: Actor) -> InMailWork:
    """A person says that a held or unreadable letter needs nobody. It stays where it can be found."""
    with transaction.atomic():
        work = InMailWork.objects.select_for_update().get(pk=mail.pk)
        if work.state not in ("held", "failed"):
            raise WrongState("This letter does not wait for anybody.")
        work.state, work.reason, work.done_at = "aside", f"{actor.name} put it aside.", moment()[1]
        work.save()
    return work
