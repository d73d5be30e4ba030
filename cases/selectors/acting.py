"""What sources can be asked to do for a case, and what they were asked."""

from __future__ import annotations

from typing import Any

from cases.errors import CaseNotFound
from cases.models import ActionRun, Case
from cases.selectors.case import case_view
from cases.selectors.rows import case_row
from connectors.host.selectors import actions_offered

NEWEST = 50


def case_actions(*, case: Case | int | str) -> dict[str, list[dict[str, Any]]]:
    """``offers`` (each with the case's refs that fit) and ``runs``, newest first. Raises CaseNotFound."""
    view = case_view(case=case)
    offers = [
        {"source": o.source, "source_title": o.source_title, "domain": o.domain, "action": o.action, "title": o.title,
         "arguments": [{"name": name, "type": kind} for name, kind in o.arguments],
         "suggested": [str(r) for r in o.suggested], "dry_run": o.dry_run}
        for o in actions_offered({*view.refs, *view.evidence.refs})
    ]  # fmt: skip
    runs = ActionRun.objects.filter(case=view.id).select_related("asked_by", "decided_by").order_by("-pk")[:NEWEST]
    return {"offers": offers, "runs": [run_shape(run) for run in runs]}


def run_get(*, case: Case | int | str, id: int) -> ActionRun:
    """One run of this case. Raises CaseNotFound."""
    run = ActionRun.objects.filter(case=case_row(case), pk=id).first()
    if run is None:
        raise CaseNotFound(f"This case has no action {id}.")
    return run


def run_shape(run: ActionRun) -> dict[str, Any]:
    """As programs read it."""
    return {
        "id": run.pk, "source": run.source, "source_title": run.source_title, "action": run.action,
        "arguments": run.arguments, "confirm": run.confirm, "state": run.state, "sentence": run.sentence,
        "key": run.key, "asked_at": run.asked_at, "ended_at": run.ended_at,
        "amount": {"amount": f"{run.amount:.2f}", "currency": run.currency} if run.amount is not None else None,
        "limit": run.limit, "asked_by": _name(run.asked_by), "asked_by_id": run.asked_by_id,
        "decided_by": _name(run.decided_by),
        "decision": run.decision,
    }  # fmt: skip


def actions_waiting(*, but: Any = None, limit: int = 100) -> list[dict[str, Any]]:
    """What waits for a second person, oldest first, each with its case's ``reference``; ``but`` leaves out what this
    user asked for."""
    rows = ActionRun.objects.filter(state="waiting").select_related("asked_by", "decided_by").order_by("pk")
    if but is not None:
        rows = rows.exclude(asked_by=but)
    return [{**run_shape(run), "reference": str(run.case_id)} for run in rows[:limit]]


def runs_waiting(*, case: int) -> list[dict[str, Any]]:
    """What of one case waits for a second person, oldest first."""
    rows = ActionRun.objects.filter(case=case, state="waiting").select_related("asked_by", "decided_by")
    return [run_shape(run) for run in rows.order_by("pk")]


def _name(person: Any) -> str:
    return (person.get_full_name() or person.get_username()) if person is not None else ""
