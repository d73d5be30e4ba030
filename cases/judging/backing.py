"""What a claim rested on, and how old that was."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cases.views.judging import Backing
from connectors.host.views import CheckView, Evidence, FactView


def backing_of(facts: Iterable[int], checks: Iterable[int], then: Evidence) -> tuple[Backing, ...]:
    """Those of these facts and checks that were known at ``then``, at their age then."""
    by_fact = {f.id: f for f in then.facts}
    by_check = {c.id: c for c in then.checks}
    found = [_fact(by_fact[i], then) for i in facts if i in by_fact]
    return (*found, *(_check(by_check[i], then) for i in checks if i in by_check))


def _fact(fact: FactView, then: Evidence) -> Backing:
    fixed, limit = _limit(fact.source, then)
    document = " ".join(filter(None, (str(fact.data.get("document") or ""), str(fact.data.get("clause") or ""))))
    title = document if fact.kind.startswith("policy.") and document else fact.source_title
    age = None if fixed or fact.kind.startswith("policy.") else _age(fact.confirmed_at, then.at)
    return Backing(title, fact.source, fact.domain, fact.said, fact=fact.id, age_s=age, limit_s=limit)


def _check(check: CheckView, then: Evidence) -> Backing:
    _, limit = _limit(check.source, then)
    said = "Nothing found" if check.outcome == "nothing" else check.outcome.capitalize()
    return Backing(check.source_title, check.source, check.domain, said, check=check.id,
                   age_s=_age(check.at, then.at), limit_s=limit)  # fmt: skip


def _limit(source: str, then: Evidence) -> tuple[bool, int | None]:
    """Whether the source is a document, and its limit in seconds."""
    view = then.source(source)
    return (False, None) if view is None else (view.status == "fixed", int(view.limit.total_seconds()))


def _age(seen: datetime, at: datetime) -> int:
    return max(0, int((at - seen).total_seconds()))
