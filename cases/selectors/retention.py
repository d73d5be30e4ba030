"""What the rules of retention say, how far they have come, and what they would take now: reads only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from cases.models import RetentionMark
from cases.retention.rules import Rule, rules_of
from cases.selectors.erasing import policy
from cases.views.retention import Due, RuleView
from connectors.host.selectors import moment

COUNTED = 10_000


def retention_rules() -> tuple[RuleView, ...]:
    """Every rule in force, with how far its sweep has come. Raises BadPolicy."""
    marks = {m.rule: m for m in RetentionMark.objects.all()}
    found = []
    for rule in rules_of(policy()):
        mark = marks.get(rule.name)
        found.append(RuleView(rule.name, rule.what, rule.age.days if rule.age else 0, mark.ran_at if mark else None,
                              mark.removed if mark else 0))  # fmt: skip
    return tuple(found)


def retention_due(*, at: datetime | None = None, rule: str = "") -> tuple[Due, ...]:
    """What each rule would take now, counted up to ten thousand rows: the dry run. ``rule`` names one."""
    now, found = at or moment()[1], []
    for one in rules_of(policy()):
        if one.age is None or (rule and rule != one.name):
            continue
        rows = rule_rows(one, before=now - one.age, after=0, limit=COUNTED + 1)
        held = sum(h for _, h in rows[:COUNTED])
        many = min(len(rows), COUNTED) - held
        found.append(Due(one.name, one.what, one.age.days, now - one.age, many, len(rows) > COUNTED, held))
    return tuple(found)


def rule_rows(rule: Rule, *, before: datetime, after: int, limit: int) -> list[tuple[int, bool]]:
    """``(id, held)`` of the next rows that a rule is about, in order of id."""
    values: dict[str, Any] = {**rule.values, "before": before, "after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(rule.sql, values)
        return list(cursor.fetchall())
