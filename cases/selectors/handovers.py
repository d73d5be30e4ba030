"""The offers of a case, answered or not, as programs read them."""

from __future__ import annotations

from typing import Any

from cases.errors import CaseNotFound
from cases.models import Case, Handover
from cases.selectors.rows import case_row


def handovers_list(case: Case | int | str) -> list[dict[str, Any]]:
    """Every offer of a case, newest first. Raises CaseNotFound."""
    rows = Handover.objects.filter(case=case_row(case)).select_related("from_person", "to_person", "to_team")
    return [handover_shape(row) for row in rows.order_by("-pk")]


def handover_get(*, case: Case | int | str, id: int) -> Handover:
    """One offer of a case. Raises CaseNotFound, also for another case's."""
    found = Handover.objects.filter(case=case_row(case), pk=id).first()
    if found is None:
        raise CaseNotFound(f"Case {case} has no offer {id}.")
    return found


def handover_shape(row: Handover) -> dict[str, Any]:
    """An offer with its packet and how it ended."""
    return {
        "id": row.pk, "reference": str(row.case_id), "from": row.from_person.get_username(),
        "to": row.to_person.get_username() if row.to_person else None,
        "team": row.to_team.name if row.to_team else None,
        "why": row.why, "state": row.state, "packet": row.packet,
        "answered_by": row.answered_by.get_username() if row.answered_by else None, "answer": row.answer,
        "offered_at": row.offered_at.isoformat(), "expires_at": row.expires_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }  # fmt: skip
