"""Reads of customers: who a ref points to, and finding people by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Q, QuerySet

from connectors.host.selectors import moment
from connectors.sdk import Ref
from customers.errors import BadMerge
from customers.models import Customer, Identity, Merge
from customers.views import CustomerView, MergeView

_TREES = """
WITH RECURSIVE standing AS (
    SELECT * FROM customers_merge WHERE from_at <= %(at)s AND (to_at IS NULL OR to_at > %(at)s)
), same(id) AS (
    SELECT unnest(%(ids)s::bigint[])
    UNION
    SELECT CASE WHEN m.keep_id = same.id THEN m.other_id ELSE m.keep_id END
    FROM same JOIN standing m ON same.id IN (m.keep_id, m.other_id)
)
SELECT m.id, m.keep_id, k.name, m.other_id, o.name, m.by, m.why, m.from_at
FROM standing m JOIN customers_customer k ON k.id = m.keep_id JOIN customers_customer o ON o.id = m.other_id
WHERE m.other_id IN (SELECT id FROM same) ORDER BY m.from_at, m.id
"""


def customers_by_refs(refs: Sequence[Ref], as_of: datetime) -> tuple[CustomerView, ...]:
    """Everybody whom these person refs pointed to at ``as_of``; several means: ask.

    A source's own customer id, where one is held, says more than an e-mail, which a household may share.
    """
    people = [r for r in refs if r.is_person]
    if not people:
        return ()
    same = Q()
    for ref in people:
        same |= Q(ref__scheme=ref.scheme, ref__value=ref.value)
    held = list(_standing(as_of).filter(same).values_list("customer_id", "ref__scheme"))
    own = {customer for customer, scheme in held if scheme.endswith(".customer")}
    return _views(sorted(own or {customer for customer, _ in held}), as_of)


def customer_by_refs(refs: Sequence[Ref], as_of: datetime) -> CustomerView | None:
    """The one customer these refs pointed to at ``as_of``; None for nobody and for several."""
    found = customers_by_refs(refs, as_of)
    return found[0] if len(found) == 1 else None


def customers_by_numbers(ids: Iterable[int]) -> tuple[CustomerView, ...]:
    """The customers of these numbers, as they are now; those that there are."""
    return _views(Customer.objects.filter(pk__in=list(ids)).values_list("pk", flat=True), moment()[0])


def customers_search(q: str, limit: int = 10) -> tuple[CustomerView, ...]:
    """People whose name has words that begin as these do. Any text is safe to pass."""
    query = words_query(q)
    if query is None:
        return ()
    found = Customer.objects.annotate(words=SearchVector("name", config="simple")).filter(words=query)
    ids = list(found.order_by("name", "pk").values_list("pk", flat=True)[:limit])
    return _views(ids, moment()[0])


def words_query(q: str) -> SearchQuery | None:
    """A prefix query of each word; None where there is no word. Quoted, so no text is a syntax error."""
    words = re.findall(r"\w+", q.replace("\x00", " "))[:8]
    if not words:
        return None
    return SearchQuery(" & ".join(f"'{w}':*" for w in words), config="simple", search_type="raw")


def _standing(as_of: datetime) -> QuerySet[Identity]:
    return Identity.objects.filter(from_at__lte=as_of).filter(Q(to_at=None) | Q(to_at__gt=as_of))


def merges_of(customers: Iterable[int], as_of: datetime) -> tuple[MergeView, ...]:
    """Every merge that stood at ``as_of`` among the people that these customers were, the first first. One query."""
    ids = sorted(set(customers))
    if not ids:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_TREES, {"ids": ids, "at": as_of})
        return tuple(MergeView(*row) for row in cursor.fetchall())


def merge_get(id: int) -> MergeView:
    """One merge that stands. Raises BadMerge."""
    found = Merge.objects.select_related("keep", "other").filter(pk=id, to_at=None).first()
    if found is None:
        raise BadMerge("Nobody says any more that these are one person.")
    keep, other = found.keep, found.other
    return MergeView(found.pk, keep.pk, keep.name, other.pk, other.name, found.by, found.why, found.from_at)


def same_person(customer: int, merges: Iterable[MergeView]) -> tuple[int, ...]:
    """Every customer that these merges make one person with this one; whose name they all go by comes first."""
    mine, edges = {customer}, [{m.keep, m.other} for m in merges]
    while grown := [e for e in edges if e & mine and not e <= mine]:
        mine = mine.union(*grown)
    under = {m.other for m in merges}
    return tuple(sorted(mine, key=lambda c: (c in under, c)))


def _views(ids: Iterable[int], as_of: datetime) -> tuple[CustomerView, ...]:
    """The people that these customers were at ``as_of``, each once, in the order in which they are named."""
    ids = list(ids)
    if not ids:
        return ()
    merges = merges_of(ids, as_of)
    people = list(dict.fromkeys(same_person(i, merges) for i in ids))
    everyone = [member for members in people for member in members]
    held: dict[int, list[Ref]] = {i: [] for i in everyone}
    names: dict[int, str] = dict(Customer.objects.filter(pk__in=everyone).values_list("pk", "name"))
    rows = _standing(as_of).filter(customer_id__in=everyone).order_by("pk")
    for customer, scheme, value in rows.values_list("customer_id", "ref__scheme", "ref__value"):
        held[customer].append(Ref(scheme, value))
    return tuple(
        CustomerView(
            one[0], names.get(one[0], "") or next((names[m] for m in one if names.get(m)), ""),
            tuple(dict.fromkeys(ref for member in one for ref in held[member])), one,
        )
        for one in people
    )  # fmt: skip
