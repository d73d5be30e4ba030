"""Who looked at whose data: looks at cases' pages, which are events, and all others, in one order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from cases.errors import BadInput
from cases.models import Access, Case, Event
from cases.views.ledger import LookView
from connectors.host.selectors.refs import refs_by_ids
from customers.selectors import customers_by_numbers

LIMIT = 50
WHAT = {
    "case": "the case", "search": "what a search found", "letter": "a letter", "file": "an attached file",
    "original": "a letter as it came", "list": "a list of cases", "timeline": "the timeline", "delivery": "a delivery",
    "raw": "raw rows", "replay": "the case at an earlier moment", "check": "an asking", "fact": "a fact",
}  # fmt: skip
DEEDS = {
    "export": "took a bundle of the case", "print": "printed the case", "erasure": "asked for or agreed to an erasure",
    "access asked": "asked to see what is masked", "access granted": "granted access",
    "access refused": "refused access", "access ended": "ended an access", "roles set": "set an account's roles",
    "account on": "switched an account on", "password link": "made a link for a password", "token made": "made a token",
}  # fmt: skip
"""What is on record beside looks, by what was done."""


def access_search(
    *, person: str = "", case: str = "", customer: str = "", since: datetime | None = None,
    until: datetime | None = None, before: str = "", limit: int = LIMIT,
) -> tuple[list[LookView], str]:  # fmt: skip
    """Looks, newest first, and where to go on ("" at the end). ``person`` is a user name, ``case`` a reference,
    ``customer`` a customer's number; ``before`` is what the call before gave. Raises BadInput, which names the field.
    """
    who, about = _person(person), (_number(case, "case"), _number(customer, "customer"))
    until, beyond = _before(before) if before else (until, "")
    events, other = _events(who, *about), _other(who, *about)
    if since:
        events, other = events.filter(at__gte=since), other.filter(at__gte=since)
    if until:
        events, other = events.filter(at__lte=until), other.filter(at__lte=until)
    rows: list[tuple[datetime, str, Any]] = []
    for mark, found in (("v", events.select_related("payload")), ("a", other)):
        rows += [(row.at, f"{mark}{row.pk}", row) for row in found.order_by("-at", "-pk")[: limit * 2 + 1]]
    rows.sort(key=lambda one: (one[0], one[1]), reverse=True)
    if beyond:
        rows = [one for one in rows if (one[0], one[1]) < (until, beyond)]
    page = rows[:limit]
    following = f"{page[-1][0].isoformat()} {page[-1][1]}" if len(rows) > limit else ""
    return _looks([(mark, row) for _, mark, row in page]), following


def _events(who: str, case: int | None, customer: int | None) -> QuerySet[Event]:
    found = Event.objects.filter(kind="case.viewed")
    found = found.filter(actor=who) if who else found
    found = found.filter(case=case) if case is not None else found
    return found.filter(case__in=_cases_of(customer)) if customer is not None else found


def _other(who: str, case: int | None, customer: int | None) -> QuerySet[Access]:
    found = Access.objects.filter(actor=who) if who else Access.objects.all()
    found = found.filter(cases__contains=[case]) if case is not None else found
    if customer is None:
        return found
    mine = list(_cases_of(customer).values_list("pk", flat=True)[:200])
    return found.filter(Q(customers__contains=[customer]) | Q(cases__overlap=mine))


def _cases_of(customer: int) -> QuerySet[Case]:
    return Case.objects.filter(customer=customer)


def _person(name: str) -> str:
    if not name.strip():
        return ""
    found = get_user_model().objects.filter(username=name.strip()).values_list("pk", flat=True).first()
    if found is None:
        raise BadInput(f"There is nobody with the user name {name.strip()[:60]!r}.", "person")
    return str(found)


def _number(text: str, field: str) -> int | None:
    text = text.strip().removeprefix("#")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadInput(f"A {field} is given by its number.", field)
    return int(text)


def _before(text: str) -> tuple[datetime, str]:
    try:
        at, _, mark = text.partition(" ")
        return datetime.fromisoformat(at).astimezone(UTC), mark
    except (ValueError, OverflowError) as error:
        raise BadInput("This page does not go on from there: search again.", "before") from error


def _looks(rows: list[tuple[str, Any]]) -> list[LookView]:
    names = _names({row.actor for _, row in rows if row.actor_kind in ("person", "program")})
    others = [row for _, row in rows if isinstance(row, Access)]
    refs = refs_by_ids({i for row in others for i in row.refs})
    held = {i for row in others for i in row.customers}
    people = {one.id: one.name for one in customers_by_numbers(held)} if held else {}
    return [_look(mark, row, names, refs, people) for mark, row in rows]


def _look(mark: str, row: Any, names: dict[str, str], refs: Any, people: dict[int, str]) -> LookView:
    who = names.get(row.actor) or row.actor.replace("-", " ").capitalize() or "The customer"
    if isinstance(row, Event):
        data = getattr(getattr(row, "payload", None), "data", None) or {}
        past = not data.get("live", True)
        why = f"As it was {data['as_of'][:16].replace('T', ' ')} UTC" if past and data.get("as_of") else ""
        return LookView(mark, row.at, who, WHAT["replay" if past else "case"], (str(row.case_id),), (), (), why, "case")
    return LookView(
        mark, row.at, who, DEEDS.get(row.what) or WHAT.get(row.what, row.what), tuple(map(str, row.cases)),
        tuple((i, people.get(i, "")) for i in row.customers), tuple(str(refs[i]) for i in row.refs if i in refs),
        row.why, row.route, row.what in DEEDS,
    )  # fmt: skip


def _names(ids: Iterable[str]) -> dict[str, str]:
    wanted = [int(i) for i in ids if i.isdigit()]
    return {str(u.pk): u.get_full_name() or u.get_username() for u in get_user_model().objects.filter(pk__in=wanted)}
