"""Whether anybody changed history: anchors, then every case's chain, then every day's rows, today's too.

It reads as it goes, so that years of it need no more memory than a day, and stops at the first broken link. ``place``
says where it stopped when its time was up, and the next call goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.errors import CaseNotFound
from cases.models import Case, Event
from cases.selectors.ledger.anchored import anchors_fault
from cases.selectors.ledger.chains import cases_fault, chains_fault
from cases.selectors.ledger.days import days_fault, head_fault
from cases.selectors.ledger.verdicts import Exported, More, Stopped, Verdict
from connectors.host.services.digests import Fault

STEPS = ("anchors", "cases", "days")


def ledger_verify(
    *, since: date | None = None, exported: Exported | None = None, place: Mapping[str, Any] | None = None,
    counts: Mapping[str, int] | None = None, more: More = lambda: True,
) -> Verdict:  # fmt: skip
    """Verify everything, or what was recorded from ``since`` on."""
    verdict, at = Verdict(dict(counts or {})), dict(place or {"step": STEPS[0]})
    for step in STEPS[STEPS.index(at["step"]) :]:
        after = at.get("after") if at["step"] == step else None
        try:
            verdict.fault = _step(step, verdict, since, exported, after, more)
        except Stopped as stopped:
            verdict.place = {"step": step, "after": stopped.args[0]}
            return verdict
        if verdict.fault:
            return verdict
    return verdict


def _step(
    step: str, verdict: Verdict, since: date | None, exported: Exported | None, after: Any, more: More
) -> Fault | None:  # fmt: skip
    if step == "anchors":
        return anchors_fault(verdict, since, exported)
    if step == "cases":
        return cases_fault(verdict, since, after or 0, more)
    return days_fault(verdict, since, after or "", more)


def case_verify(case: Case | int | str, exported: Exported | None = None) -> Verdict:
    """Verify one case: its chain, what was told, and that it ends where the anchored days say."""
    verdict = Verdict()
    id_ = _number(case)
    verdict.fault = anchors_fault(verdict, None, exported)
    if verdict.fault is None:
        verdict.fault = chains_fault(verdict, Event.objects.filter(case=id_), lambda case_id: None)
    if verdict.fault is None:
        verdict.fault = head_fault(verdict, id_)
    if verdict.intact and not verdict.counts.get("events"):
        raise CaseNotFound(f"There is no case {id_}, and there never was one.")
    return verdict


def _number(case: Case | int | str) -> int:
    """Also of a case that is there no more."""
    text = str(case.pk if isinstance(case, Case) else case).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CaseNotFound(f"There is no case {text[:40]!r}. A case reference is a number such as 20418.")
    return int(text)
