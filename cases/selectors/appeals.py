"""Who may decide an appeal against a review: somebody who neither signed it nor had a part in what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from cases.models import Review, Team


@dataclass(frozen=True)
class Deciders:
    """The house's supervisors, and the leads by the id of whoever leads a team; only accounts that are on."""

    supervisors: tuple[Any, ...]
    leads: tuple[Any, ...]

    def of(self, review: Review, signer: int) -> tuple[Any, ...]:
        """Supervisors and the lead of the review's team. Where none of them stands apart from it (the one supervisor
        signed it, say), the leads of other teams; empty where there is nobody at all."""
        apart = {signer, *review.involved, *((review.person_id,) if review.person_id else ())}
        own = review.team.lead_id if review.team else None
        near = {u.pk: u for u in (*self.supervisors, *(u for u in self.leads if u.pk == own)) if u.pk not in apart}
        return tuple(near.values()) or tuple(u for u in self.leads if u.pk not in apart)


def deciders() -> Deciders:
    """In two queries, whatever the number of reviews they are asked about."""
    people = get_user_model().objects.filter(is_active=True).order_by("first_name", "username")
    leading = Team.objects.values("lead")
    return Deciders(
        tuple(people.filter(Q(groups__name="supervisor") | Q(is_superuser=True)).distinct()),
        tuple(people.filter(groups__name="lead", pk__in=leading)),
    )


def appeals_left_to(user: Any) -> list[int]:
    """Reviews of other teams whose appeals are this lead's to decide, since nobody nearer may; and those that were."""
    if not Team.objects.filter(lead=user.pk).exists():
        return []
    known = deciders()
    rows = Review.objects.filter(verdict__answer__kind="appeal").select_related("team", "verdict")
    waits = rows.filter(verdict__answer__decided_at=None)
    mine = [r.pk for r in waits if user.pk in {u.pk for u in known.of(r, r.verdict.reviewer_id)}]
    return [*mine, *rows.filter(verdict__answer__decided_by=user.pk).values_list("pk", flat=True)]
