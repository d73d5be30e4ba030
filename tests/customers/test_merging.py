"""Merges are links with times: in whatever order they are made and ended, the past stays and all can go back."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.host.selectors import moment
from connectors.sdk import Ref
from customers.errors import BadMerge
from customers.models import Customer, Identity, Merge
from customers.selectors import customers_by_refs, merges_of, same_person
from customers.services import customers_merge, customers_unmerge
from tests.customers.test_identities import ONE, TWO, fact, find
from tests.examples import examples

IDS = [Ref("shop.customer", str(n)) for n in range(5)]
Step = tuple[int, int]


def people(at: datetime) -> dict[str, tuple[object, ...]]:
    """By reference: who it points to at a moment, with all that is known of them."""
    return {str(ref): customers_by_refs([ref], at) for ref in IDS}


def step(customers: list[Customer], one: int, other: int) -> None:
    """Merge two people, or, where they are one, end a merge of theirs."""
    keep, also = customers[one], customers[other]
    at = moment()[0]
    merges = merges_of([keep.pk], at)
    if also.pk in same_person(keep.pk, merges) and merges:
        customers_unmerge(merge=merges[one % len(merges)].id, by="Dana", why="No")
    elif one != other:
        customers_merge(keep=keep, other=also, by="Dana", why="Yes")


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12), order=st.randoms())
def test_random_merges_and_unmerges_end_where_they_began(db: None, steps: list[Step], order: Random):
    with transaction.atomic():
        back_and_forth(steps, order)
        transaction.set_rollback(True)


def back_and_forth(steps: list[Step], order: Random) -> None:
    customers = [find(ref, facts=[fact(n + 1, ref, name=f"Person {ref.value}")]) for n, ref in enumerate(IDS)]
    assert all(customers)
    began, identities = people(moment()[0]), list(Identity.objects.order_by("pk").values())
    was: list[tuple[datetime, dict[str, tuple[object, ...]]]] = []
    for one, other in steps:
        step(customers, one, other)  # type: ignore[arg-type]
        was.append((moment()[0], people(moment()[0])))
    standing = list(Merge.objects.filter(to_at=None).order_by("pk"))
    order.shuffle(standing)
    for merge in standing:
        customers_unmerge(merge=merge, by="Dana", why="All of it back")
    assert people(moment()[0]) == began and list(Identity.objects.order_by("pk").values()) == identities
    assert all(people(at) == then for at, then in was), "a view of the past has changed"


def test_nobody_is_merged_in_a_ring(db: None):
    one, two, three = (find(r, facts=[fact(n, r)]) for n, r in enumerate(IDS[:3], 1))
    customers_merge(keep=one, other=two, by="Dana", why="Same")  # type: ignore[arg-type]
    customers_merge(keep=two, other=three, by="Dana", why="Same")  # type: ignore[arg-type]
    with pytest.raises(BadMerge):
        customers_merge(keep=three, other=one, by="Dana", why="Same")  # type: ignore[arg-type]
    assert [c.members for c in customers_by_refs([IDS[2]], moment()[0])] == [(one.pk, two.pk, three.pk)]  # type: ignore[union-attr]


def test_what_facts_say_meanwhile_is_theirs_whatever_was_merged(db: None):
    one, two = (find(r, facts=[fact(n, r)]) for n, r in enumerate([ONE, TWO], 1))
    merge = customers_merge(keep=one, other=two, by="Dana", why="Same")  # type: ignore[arg-type]
    mail = Ref("email", "new@example.com")
    assert find(mail, facts=[fact(3, TWO, mail)]) == two
    customers_unmerge(merge=merge, by="Dana", why="No")
    assert [c.id for c in customers_by_refs([mail], moment()[0])] == [two.pk]  # type: ignore[union-attr]


def test_what_was_said_stays_as_it_was_said(db: None):
    one, two = (find(r, facts=[fact(n, r)]) for n, r in enumerate([ONE, TWO], 1))
    merge = customers_merge(keep=one, other=two, by="Dana", why="Same")  # type: ignore[arg-type]
    customers_unmerge(merge=merge, by="Tom", why="No")
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute("UPDATE customers_merge SET to_at = NULL WHERE id = %s", [merge.pk])
