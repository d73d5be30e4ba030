"""Who is who, as a person says: two customers are one person, or two; and whose case it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cases.actors import Actor
from cases.errors import BadInput, WrongState
from cases.models import Case
from cases.selectors.case import case_view
from cases.services.follow import case_follow
from cases.services.record import case_id, case_locked, event_add
from cases.words import words_clean
from connectors.host.selectors import moment
from customers import services as customers
from customers.errors import CustomerError
from customers.selectors import merge_get, merges_of, same_person
from customers.views import MergeView

CaseLike = Case | int | str


def customers_merge(*, keep: int, other: int, why: str, actor: Actor, case: CaseLike | None = None) -> MergeView:
    """Both are one person, who goes by the name of ``keep``: what is known of either is found in the cases of both.

    Every case of theirs records it, and ``case``, in which it was seen. Facts, cases and promises stay where and whose
    they are. Raises BadInput, BadWords, CaseNotFound.
    """
    why = words_clean(why, field="why", limit=1000)
    with transaction.atomic():
        cases = _cases_locked([keep, other], case)
        try:
            made = customers.customers_merge(keep=keep, other=other, by=actor.name or actor.id, why=why)
        except CustomerError as error:
            raise BadInput(str(error), "other") from error
        said = merge_get(made.pk)
        _recorded(cases, "customer.merged", said, why, actor, made.from_at)
    _followed(case)
    return said


def customers_unmerge(*, merge: int, why: str, actor: Actor, case: CaseLike | None = None) -> MergeView:
    """They are two people after all, and everything is as it was. Raises BadInput, BadWords, CaseNotFound."""
    why = words_clean(why, field="why", limit=1000)
    with transaction.atomic():
        try:
            said = merge_get(merge)
            cases = _cases_locked([said.keep], case)
            ended = customers.customers_unmerge(merge=merge, by=actor.name or actor.id, why=why)
        except CustomerError as error:
            raise BadInput(str(error), "merge") from error
        _recorded(cases, "customer.unmerged", said, why, actor, ended.to_at)
    _followed(case)
    return said


def customer_choose(*, case: CaseLike, customer: int, why: str, actor: Actor) -> Case:
    """Of several people to whom the references point this is the one whose case it is; the others are other people.

    Raises BadInput, BadWords, WrongState (the case is somebody else's already), CaseNotFound.
    """
    why = words_clean(why, field="why", limit=1000)
    with case_locked(case) as locked:
        person = case_view(case=locked).person
        chosen = next((p for p in person.candidates if customer in p.members), None)
        if chosen is None:
            raise BadInput(f"Customer {customer} is none of those to whom this case’s references point.", "customer")
        if locked.customer_id is not None and locked.customer_id not in chosen.members:
            raise WrongState("This case is another customer’s already. Open a case of their own for this one.")
        if locked.customer_id is None:
            locked.customer_id = customer
            locked.save(update_fields=["customer"])
        others = sorted(m for p in person.candidates if p is not chosen for m in p.members)
        data = {"customer": locked.customer_id, "name": chosen.name, "others": others, "why": why}
        event_add(locked, "customer.chosen", actor, data)
    case_follow(locked)
    return locked


def _cases_locked(people: Sequence[int], case: CaseLike | None) -> list[Case]:
    """Every case of these people, and the one where it was seen; in one order, so that no two wait for each other."""
    merges = merges_of(people, moment()[0])
    everyone = {member for one in people for member in same_person(one, merges)}
    mine = Q(customer__in=everyone) | Q(pk=case_id(case) if case is not None else None)
    return list(Case.objects.select_for_update().filter(mine).order_by("pk"))


def _recorded(
    cases: Sequence[Case], kind: str, said: MergeView, why: str, actor: Actor, at: datetime | None
) -> None:  # fmt: skip
    data = {"merge": said.id, "customer": said.keep, "name": said.keep_name, "other": said.other,
            "other_name": said.other_name, "why": why}  # fmt: skip
    for one in cases:
        event_add(one, kind, actor, data, at)


def _followed(case: CaseLike | None) -> None:
    if case is not None:
        case_follow(Case.objects.get(pk=case_id(case)))
