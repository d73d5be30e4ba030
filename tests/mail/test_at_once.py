"""Two workers and processes that die: a letter is in its case once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from cases.models import Event, InMailWork
from cases.services import mail_take, mails_work
from tests.database import TestDatabase
from tests.mail.letters import letter
from workspace.mail.folders import letter_put
from workspace.mail.reading import inbox_read

WORKER = """
import django; django.setup()
from cases.services import mail_working
from workspace.mail.reading import inbox_read
inbox_read()
print("read", flush=True)
mail_working.mails_work()
"""


def opened() -> list[str]:
    return [e.payload.data["message"] for e in Event.objects.filter(kind="case.opened").order_by("pk")]


def test_two_workers_put_each_letter_into_a_case_once(committed_db: TestDatabase, dana: User):
    for n in range(6):
        mail_take(mailbox="test", raw=letter(f"Letter {n}").as_bytes())

    def work() -> None:
        mails_work()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(opened()) == [f"Letter {n}" for n in range(6)]


def test_a_worker_that_is_killed_loses_no_letter_and_does_none_twice(
    committed_db: TestDatabase, dana: User, inbox: Path
):
    for n in range(8):
        letter_put(inbox, letter(f"Letter {n}").as_bytes())
    for pause in (0.0, 0.15, 0.4):
        env = {**os.environ, "INBOX_URL": f"maildir:{inbox}", "DJANGO_SETTINGS_MODULE": "workspace.settings"}
        env |= {"VAR_DIR": str(inbox.parent / "var"), "DEBUG": "1"}
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=env, stdout=subprocess.PIPE)
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(pause)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        InMailWork.objects.filter(state="waiting").update(leased_until=None)
    inbox_read()
    mails_work()
    assert sorted(opened()) == [f"Letter {n}" for n in range(8)]
    assert not InMailWork.objects.exclude(state="done").exists()


@pytest.mark.parametrize("size", [10, 1_500_000])
def test_a_letter_is_kept_whole_however_long(db: None, size: int):
    from cases.models import InMail
    from cases.services.mail_in import mail_raw

    raw = b"From: a@b.example\r\n\r\n" + b"x" * size
    assert mail_take(mailbox="test", raw=raw)
    assert mail_raw(InMail.objects.get()) == raw
