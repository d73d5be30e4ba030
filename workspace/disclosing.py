"""What routes show of people is put on record: who, what, when. A look at a case's own page is an event of the case.

One table names the routes; what they show is read from their address. Searches and lists say themselves whom they
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from cases import selectors, services
from cases.errors import CaseNotFound
from cases.views import SearchResult
from workspace.api.auth import actor

SHOWN = {
    "letter": "letter", "letter_file": "file", "letter_original": "original", "replay_print": "print",
    "api_case": "case", "api_timeline": "timeline", "source_delivery": "delivery", "source_unread": "raw",
}  # fmt: skip
"""Route by what its GET shows. Answers of the API count as looks at the case already."""


class Disclosures:
    """Middleware: a page or answer of one of these routes that was given is on record before it leaves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        what = SHOWN.get(match.view_name or "") if match else None
        if what and match and response.status_code == 200 and request.method == "GET":
            _record(request, what, match.view_name or "", match.kwargs)
        return response


def _record(request: HttpRequest, what: str, route: str, given: Mapping[str, Any]) -> None:
    """Of what has no case (a letter that waits, a delivery), which one it was is said in words."""
    case, why = given.get("reference"), ""
    if case is None and "id" in given:
        case, why = _case_of_letter(int(given["id"])), f"Letter {given['id']}"
    elif "name" in given:
        why = f"{given['name']}, delivery {given['number']}" if "number" in given else str(given["name"])
    services.access_record(actor=actor(request.user), what=what, route=route, case=case, why=why)


def _case_of_letter(id: int) -> int | None:
    try:
        return selectors.letter_case(id)
    except CaseNotFound:
        return None


def found(request: Any, result: SearchResult) -> None:
    """A search that found somebody; what was typed is not kept, since it may be personal itself."""
    cases = {int(item.reference) for item in result.cases}
    cases |= {int(one) for match in result.refs for one in match.cases}
    cases |= {int(one) for match in result.people for one in match.cases}
    people = [match.customer_id for match in result.people]
    if cases or people:
        _list(request, "search", cases, people)


def listed(request: Any, cases: Iterable[int | str]) -> None:
    """A list of cases, with the people whose they are."""
    if numbers := {int(one) for one in cases}:
        _list(request, "list", numbers, [])


def _list(request: Any, what: str, cases: Iterable[int], people: Iterable[int]) -> None:
    match = request.resolver_match
    services.access_record(
        actor=actor(request.user), what=what, route=match.view_name if match else "", cases=sorted(cases),
        customers=sorted(people),
    )  # fmt: skip
