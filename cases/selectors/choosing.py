"""The case that a person should turn to: read from the queue's projection, chosen by one rule for everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Case, Commitment
from cases.owning.choosing import Standing, choose
from cases.selectors.owning import offers_to
from cases.views.owning import NextCase
from connectors.host.selectors import moment


def next_case(*, person: Any, but: str = "") -> NextCase | None:
    """The case that a person should turn to, and why; ``but`` leaves one out. None where nothing is to be done.

    Chosen among their own open cases and those offered to them or their teams.
    """
    offered = {int(reference): offer.id for reference, offer in offers_to(person)}
    rows = Case.objects.filter(state="open", owner=person) | Case.objects.filter(state="open", pk__in=offered)
    cases = list(rows.select_related("summary"))
    promises = _promises([case.pk for case in cases])
    found = [_standing(case, offered.get(case.pk), *promises.get(case.pk, (None, ""))) for case in cases]
    return choose(found, moment()[1], but)


def _promises(cases: list[int]) -> dict[int, tuple[datetime | None, str]]:
    """The first open promise of each: when it is due and what it is."""
    rows = Commitment.objects.filter(case__in=cases, state="open").order_by("case", "due_at", "pk").distinct("case")
    return {case: (due, what) for case, due, what in rows.values_list("case", "due_at", "what")}


def _standing(case: Case, offer: int | None, due: datetime | None, what: str) -> Standing:
    row = getattr(case, "summary", None)
    return Standing(
        reference=case.reference, person=row.person if row else "", opened_at=case.opened_at, offer=offer,
        waiting_since=row.waiting_since if row else None, promise_at=due, promise=what,
        broken=row.broken_words if row else 0,
    )  # fmt: skip
