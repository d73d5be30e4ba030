"""The one box: order numbers, e-mails, names and case references, exact ones first."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.postgres.search import SearchVector
from django.db.models import F

from cases.models import Case, CaseSummary
from cases.selectors.news import cases_led_to
from cases.selectors.queues import cases_list
from cases.views import PersonMatch, RefMatch, SearchResult
from cases.words import guesses
from connectors.host.selectors import refs_search
from connectors.host.selectors.refs import ref_ids
from connectors.sdk import Ref
from customers.selectors import customers_search, words_query
from customers.views import CustomerView

MAX_QUERY = 200
MAX_CASES = 200


def search(q: str, limit: int = 10, without: Collection[str] = ()) -> SearchResult:
    """What these words could mean. Any text is safe; what can't be searched for finds nothing. References of the
    schemes ``without`` are not looked for."""
    q = "".join(c for c in str(q) if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()[:MAX_QUERY]
    if not q:
        return SearchResult(query="")
    exact = tuple(r for r in guesses(q) if r.scheme not in without)
    refs = [r for r in _refs(q, exact, limit) if r.scheme not in without]
    people = customers_search(q, limit)
    about = _cases_about(refs)
    of_people = _cases_of(people)
    ids = {*_numbered(q), *(i for held in about.values() for i in held), *_named(q, limit)}
    return SearchResult(
        query=q,
        refs=tuple(RefMatch(r, tuple(map(str, about.get(r, ())))) for r in refs),
        people=tuple(
            PersonMatch(p.id, p.name, tuple(map(str, p.refs)), tuple(map(str, of_people.get(p.id, ())))) for p in people
        ),
        cases=cases_list(ids={*ids, *(i for held in of_people.values() for i in held)}, limit=limit),
        guess=exact,
    )


def _refs(q: str, exact: Iterable[Ref], limit: int) -> list[Ref]:
    found = refs_search(q=q.partition(":")[2] if ":" in q else q, limit=limit)
    first = [r for r in found if r in set(exact)]
    return list(dict.fromkeys([*first, *found]))[:limit]


def _cases_about(refs: list[Ref]) -> dict[Ref, list[int]]:
    """Cases that name a ref or that a ref leads to, newest first."""
    ids = ref_ids(refs)
    held: dict[Ref, list[int]] = {}
    rows = CaseSummary.objects.filter(pk__in=cases_led_to(ids)[:MAX_CASES]).order_by("-pk")
    for case, led_to in rows.values_list("pk", "ref_ids"):
        for ref in (ids[i] for i in led_to if i in ids):
            held.setdefault(ref, []).append(case)
    return held


def _cases_of(people: Iterable[CustomerView]) -> dict[int, list[int]]:
    """By person: their cases, whichever customer of theirs each is about."""
    whose = {member: p.id for p in people for member in p.members}
    held: dict[int, list[int]] = {}
    for case, customer in Case.objects.filter(customer__in=list(whose)).values_list("id", "customer")[:MAX_CASES]:
        held.setdefault(whose[customer], []).append(case)
    return held


def _numbered(q: str) -> list[int]:
    text = q.removeprefix("#")
    return [int(text)] if text.isascii() and text.isdigit() and len(text) <= 18 else []


def _named(q: str, limit: int) -> list[int]:
    query = words_query(q)
    if query is None:
        return []
    named = CaseSummary.objects.annotate(words=SearchVector("person", config="simple")).filter(words=query)
    # By the index of words, whatever PostgreSQL makes of it: walking back through all cases is no way to find few.
    return list(named.order_by((F("pk") + 0).desc()).values_list("pk", flat=True)[:limit])
