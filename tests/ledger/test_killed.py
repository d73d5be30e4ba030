"""A worker is killed in the middle of a verification: another goes on, and what never ends is said to have failed."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from django.contrib.auth.models import User
from django.db.models.functions import Now

from cases.models import Case, LedgerRun
from cases.selectors.ledger import ledger_state
from cases.services import Actor
from cases.services.ledger import ledger_run, ledger_runs_go
from cases.services.ledger.running import MOST_TRIES
from tests.database import TestDatabase

WORKER = "import django; django.setup(); from cases.services.ledger import ledger_runs_go; ledger_runs_go()"


def lease_ends() -> None:
    LedgerRun.objects.update(leased_until=Now())


def killed_at_work(database: TestDatabase) -> None:
    """A real worker begins, has to wait for a table, and is killed there."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "workspace.settings"}
    before = LedgerRun.objects.get().tries
    with database.connect(as_owner=True) as owner:
        owner.execute("LOCK TABLE host_digestpart IN ACCESS EXCLUSIVE MODE")
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=env)
        ends = time.monotonic() + 60
        while LedgerRun.objects.get().tries == before and time.monotonic() < ends:
            time.sleep(0.1)
        time.sleep(0.3)
        assert worker.poll() is None
        worker.kill()
        worker.wait(10)


def test_a_verification_outlives_its_workers_and_fails_where_none_comes_back(
    committed_db: TestDatabase, three_days: Case, dana: User
):
    ledger_run(actor=Actor.person(dana))
    assert ledger_runs_go(seconds=-1) == 0 and LedgerRun.objects.get().place
    killed_at_work(committed_db)
    assert LedgerRun.objects.get().state == "running" and ledger_runs_go() == 0  # its lease goes on
    lease_ends()
    assert ledger_runs_go(seconds=-1) == 0 and LedgerRun.objects.get().tries == 0  # another got further
    for _ in range(MOST_TRIES):
        lease_ends()
        LedgerRun.objects.update(tries=LedgerRun.objects.get().tries + 1)
    assert ledger_runs_go() == 1 and (last := ledger_state().last) and last.state == "failed"
    assert "could not be done" in last.sentence and last.ended_at
    assert ledger_run(actor=Actor.person(dana)).state == "waiting" and ledger_runs_go() == 1
    assert LedgerRun.objects.latest("pk").state == "intact"
