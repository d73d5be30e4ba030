"""What is older than its rule says goes, a bounded batch at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from cases.models import Event, RetentionMark, Statement
from cases.retention.rules import TABLES, Rule, rules_of
from cases.selectors.erasing import policy
from cases.selectors.retention import rule_rows
from cases.services.retention.clearing import cases_clear, files_of, letters_clear, statements_clear
from cases.services.retention.erasing import files_delete, history_erase, planner_forget
from cases.signals import content_erased
from connectors.host.selectors import moment

log = logging.getLogger(__name__)
BATCH = 500
CASES = 20
"""Cases in one batch: each has many events."""
AGAIN = timedelta(days=7)
"""So often a rule looks again at what was held back."""
LOCK = 7212


def retention_sweep(*, at: datetime | None = None, rule: str = "", seconds: float = 30) -> dict[str, int]:
    """Take what is due, rule by rule, until there is no more or the time is up; gives how many rows, by rule.

    Many may ring at once: one sweeps. ``rule`` names one alone. Raises BadPolicy.
    """
    ends, taken = time.monotonic() + seconds, dict[str, int]()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return taken
    try:
        for one in rules_of(policy()):
            if one.age is None or (rule and rule != one.name):
                continue
            while time.monotonic() < ends:
                looked, gone = _batch(one, at or moment()[1])
                taken[one.name] = taken.get(one.name, 0) + gone
                if not looked:
                    break
        if any(taken.values()):
            planner_forget()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return {name: many for name, many in taken.items() if many}


def _batch(rule: Rule, now: datetime) -> tuple[int, int]:
    """One batch in one transaction: how many rows were looked at, and how many went."""
    assert rule.age is not None
    before, files = now - rule.age, set[str]()
    with transaction.atomic():
        mark, _ = RetentionMark.objects.select_for_update().get_or_create(rule=rule.name, defaults={"begun_at": now})
        if now - mark.begun_at > AGAIN:
            mark.upto, mark.begun_at = 0, now
        rows = rule_rows(rule, before=before, after=mark.upto, limit=CASES if rule.rows == "case" else BATCH)
        ids = [id_ for id_, held in rows if not held]
        if ids:
            files = _take(rule, ids, before)
        mark.upto = rows[-1][0] if rows else mark.upto
        mark.ran_at, mark.removed = now, mark.removed + len(ids)
        mark.save()
    files_delete(files)
    return len(rows), len(ids)


def _take(rule: Rule, ids: Sequence[int], before: datetime) -> set[str]:
    if not rule.rows:
        with connection.cursor() as cursor:
            if rule.role == "notices":
                cursor.execute("DELETE FROM outbound_attempt WHERE notice_id = ANY (%s)", [list(ids)])
            cursor.execute(f"DELETE FROM {TABLES[rule.role]} WHERE id = ANY (%s)", [list(ids)])
        return set()
    rows, files = {rule.rows: list(ids)}, set[str]()
    if rule.rows == "case":
        events = list(Event.objects.filter(case__in=ids).values_list("pk", flat=True))
        told = list(Statement.objects.filter(case__in=ids).values_list("pk", flat=True))
        rows = {"event": events, "statement": told}
        statements_clear(statements=told)
        cases_clear(cases=ids, needles=())
        content_erased.send(RetentionMark, events=events, cases=[str(i) for i in ids], needles=())
    elif rule.rows == "letter":
        files = files_of(ids)
        letters_clear(letters=ids)
    history_erase(
        {"rule": rule.name, "before": before.isoformat(), "rows": rows, "why": f"Older than {rule.name} keeps it"}
    )
    return files
