"""What is older than its rule keeps it goes by itself, in batches; what stands against it stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cases.models import Case, Erasure, RetentionMark
from cases.retention.policy import BadPolicy, policy_read
from cases.selectors import chain_verify
from cases.selectors.erasing import erasure_plan
from cases.selectors.retention import retention_due, retention_rules
from cases.services import Actor, case_close
from cases.services.retention import legal_hold_set, retention_sweep
from cases.services.promise_ends import commitment_withdraw
from connectors.host.models import FactPayload, Inbound, RawRow
from tests.retention.conftest import MAYA, NEEDLES
from tests.retention.searching import found_in

LATER = datetime.now(UTC) + timedelta(days=4000)


@pytest.fixture
def closed(maya: Case, dana: Any) -> Case:
    for promise in maya.commitments.filter(state="open"):
        commitment_withdraw(commitment=promise, why="Done", actor=Actor.person(dana))
    return case_close(case=maya, actor=Actor.person(dana))


def _as_of(monkeypatch: pytest.MonkeyPatch, days: int) -> datetime:
    """A policy by which everything is kept for two days, and today's rows are older: made so in the database."""
    return datetime.now(UTC) + timedelta(days=days)


def test_a_dry_run_says_what_would_go_and_changes_nothing(closed: Case):
    before = FactPayload.objects.count()
    due = {d.rule: d for d in retention_due(at=LATER)}
    assert due["facts:*"].many >= 4 and due["facts:payment.*"].days == 3650 and due["data:deliveries"].many == 1
    assert "facts:policy.*" not in due and due["data:conversations"].many == 1
    assert FactPayload.objects.count() == before and not Erasure.objects.exists()


def test_nothing_goes_before_its_time(closed: Case):
    assert retention_sweep() == {} and Inbound.objects.filter(body=b"").count() == 0


def test_the_database_does_not_take_the_sweep_s_word_for_the_time(closed: Case):
    with pytest.raises(Exception, match="erasure: it needs a request, or a rule and a time"):
        retention_sweep(at=LATER, rule="data:deliveries")
    assert not Inbound.objects.filter(body=b"").exists()
