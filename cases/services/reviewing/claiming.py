"""Who reads what: one reviewer at a time holds a review, for half an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from cases.actors import Actor
from cases.errors import NotYours, WrongState
from cases.models import Review
from cases.selectors.reviews import free_for, review_row
from cases.services.people import person_of
from connectors.host.selectors import moment

LEASE = timedelta(minutes=30)


def review_next(*, actor: Actor, after: int | None = None) -> Review | None:
    """Take the next review that this person may do, the oldest first; None where none waits. One they hold already
    comes again, unless they go on ``after`` one: that is then free for others. Raises NotYours."""
    user, now = reviewer(actor), moment()[1]
    with transaction.atomic():
        mine = Review.objects.select_for_update().filter(claimed_by=user, signed_at=None)
        if after is not None:
            mine.filter(pk=after).update(claimed_by=None, claimed_until=None)
        else:
            held = mine.filter(claimed_until__gt=now).order_by("wanted_at", "pk").first()
            if held is not None:
                return _held(held, user, now)
        rows = free_for(user, now).order_by("wanted_at", "pk").select_for_update(skip_locked=True, of=("self",))
        found = _following(rows, after) or rows.exclude(pk=after or 0).first()
        return _held(found, user, now) if found is not None else None


def review_take(*, review: Review | int, actor: Actor) -> Review:
    """Hold one review in particular, to read it. Raises ReviewNotFound, NotYours, WrongState (another holds it)."""
    user, now = reviewer(actor), moment()[1]
    with transaction.atomic():
        row = Review.objects.select_for_update().get(pk=review_row(review).pk)
        may_sign(row, user, now)
        return _held(row, user, now)


def reviewer(actor: Actor) -> Any:
    """The person who acts, since nobody else reviews. Raises NotYours."""
    user = person_of(actor) if actor.kind == "person" else None
    if user is None:
        raise NotYours("Reviews are signed off by people.")
    return user


def may_sign(review: Review, user: Any, now: Any) -> None:
    """Raises NotYours or WrongState with the reason where this person may not sign off this review now."""
    if review.signed_at is not None:
        raise WrongState("This review is signed off already.")
    if user.pk in review.involved:
        raise NotYours("You had a part in this yourself. Somebody else reviews it.")
    if review.claimed_by_id not in (None, user.pk) and review.claimed_until > now:  # type: ignore[operator]
        raise WrongState(f"{Actor.person(review.claimed_by).name} is reading this just now. Take the next one.")
    if not free_for(user, now).filter(pk=review.pk).exists():
        raise NotYours("This review is for another person: you have read the same thing, or it is another team's.")


def _following(rows: Any, after: int | None) -> Review | None:
    last = Review.objects.filter(pk=after).values_list("wanted_at", "pk").first() if after is not None else None
    if last is None:
        return None
    later = Q(wanted_at__gt=last[0]) | Q(wanted_at=last[0], pk__gt=last[1])
    found: Review | None = rows.filter(later).first()
    return found


def _held(review: Review, user: Any, now: Any) -> Review:
    review.claimed_by, review.claimed_until = user, now + LEASE
    review.save(update_fields=["claimed_by", "claimed_until"])
    return review
