"""Reads of customers: who a ref points to, and finding people by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from connectors.sdk import Ref
from customers.models import Customer, Identity
from customers.views import CustomerView


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
    return _views(sorted(own or {customer for customer, _ in held}), _standing(as_of))


def customer_by_refs(refs: Sequence[Ref], as_of: datetime) -> CustomerView | None:
    """The one customer these refs pointed to at ``as_of``; None for nobody and for several."""
    found = customers_by_refs(refs, as_of)
    return found[0] if len(found) == 1 else None


def customers_search(q: str, limit: int = 10) -> tuple[CustomerView, ...]:
    """People whose name has words that begin as these do. Any text is safe to pass."""
    query = words_query(q)
    if query is None:
        return ()
    found = Customer.objects.annotate(words=SearchVector("name", config="simple")).filter(words=query)
    ids = list(found.order_by("name", "pk").values_list("pk", flat=True)[:limit])
    return _views(ids, Identity.objects.filter(to_at=None))


def words_query(q: str) -> SearchQuery | None:
    """A prefix query of each word; None where there is no word. Quoted, so no text is a syntax error."""
    words = re.findall(r"\w+", q.replace("\x00", " "))[:8]
    if not words:
        return None
    return SearchQuery(" & ".join(f"'{w}':*" for w in words), config="simple", search_type="raw")


def _standing(as_of: datetime) -> QuerySet[Identity]:
    return Identity.objects.filter(from_at__lte=as_of).filter(Q(to_at=None) | Q(to_at__gt=as_of))


def _views(ids: Iterable[int], identities: QuerySet[Identity]) -> tuple[CustomerView, ...]:
    ids = list(ids)
    if not ids:
        return ()
    held: dict[int, list[Ref]] = {i: [] for i in ids}
    names: dict[int, str] = dict(Customer.objects.filter(pk__in=ids).values_list("pk", "name"))
    rows = identities.filter(customer_id__in=ids).order_by("pk")
    for customer, scheme, value in rows.values_list("customer_id", "ref__scheme", "ref__value"):
        held[customer].append(Ref(scheme, value))
    return tuple(CustomerView(i, names.get(i, ""), tuple(held[i])) for i in ids)
