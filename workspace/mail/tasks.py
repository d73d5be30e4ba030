"""The doorbell: letters in the mailbox and rows of letters are the record of work, so ringing twice does no harm."""

from __future__ import annotations

from celery import shared_task

from cases import services
from workspace.mail.reading import inbox_read as read


@shared_task(ignore_result=True)
def inbox_read() -> None:
    """Keep what is new in the mailbox, then work on what is kept."""
    read()
    services.mails_work()
