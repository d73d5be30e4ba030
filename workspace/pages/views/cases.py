"""The queue, and the one box on top of it: paste, press Enter, and the case is open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import selectors, services
from cases.errors import CaseError
from cases.views import OfferView, QueueItem, SearchResult
from connectors.host.selectors import moment
from connectors.sdk import Ref
from workspace import disclosing
from workspace.access.fields import schemes_hidden, search_refused
from workspace.pages.present import words
from workspace.pages.views.common import actor, my_queue, waiting_in

MAX_QUERY = 200


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for me, longest first; with ``?q=`` also what the box finds."""
    items = my_queue(request)
    query = _query(request.GET.get("q", ""))
    _, at = moment()
    context = {"queue": items, "at": at, "query": query, "on": "cases", **_findings(request, query)}
    context["day"] = selectors.day_of(person=request.user)
    waiting = waiting_in(items, request)
    context |= {"next": selectors.next_case(person=request.user), "offered": offered(request)}
    with timezone.override(context["day"].zone):
        return render(request, "pages/cases.html", {**context, "waiting": waiting})


def offered(request: HttpRequest) -> list[tuple[QueueItem, OfferView]]:
    """Cases that are offered to me or my teams, each as a row of a queue with its offer."""
    found = dict(selectors.offers_to(request.user))
    rows = selectors.cases_list(ids=[int(reference) for reference in found]) if found else ()
    return sorted(((row, found[row.reference]) for row in rows), key=lambda pair: pair[1].expires_at)


@require_GET
def queue_part(request: HttpRequest) -> HttpResponse:
    """The queue alone: beside a case (``?at=`` names it) or as the rows of the queue's page."""
    items, (_, at) = my_queue(request), moment()
    waiting = waiting_in(items, request)
    reference = request.GET.get("at", "")
    part = "pages/parts/queue.html" if reference else "pages/rows_live.html"
    context = {"queue": items, "waiting": waiting, "at": at, "reference": reference}
    context["day"] = day = selectors.day_of(person=request.user)
    if not reference:
        context["offered"] = offered(request)
    with timezone.override(day.zone):
        return render(request, part, context)


@require_GET
def matches(request: HttpRequest) -> HttpResponse:
    """The same findings as a fragment, while somebody types."""
    query = _query(request.GET.get("q", ""))
    _, at = moment()
    context = {"query": query, "words": request.GET.get("words", ""), "at": at, **_findings(request, query)}
    return render(request, "pages/parts/matches.html", context)


@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """One key from paste to answer: the one open case there is, else a new one about what was pasted, else a choice."""
    query = _query(request.POST.get("q", ""))
    found = selectors.search(query, without=schemes_hidden(request.user)) if query else None
    if found is None or search_refused(request.user, query):
        return redirect("cases")
    known = _exact(found)
    if len(known) == 1:
        return redirect("case", next(iter(known)))
    if not known and found.guess and " " not in query:
        return _opened(request, [str(found.guess[0])])
    return redirect(f"{reverse('cases')}?q={words.quoted(query)}")


@require_POST
def open_case(request: HttpRequest) -> HttpResponse:
    """Open a case about the refs given, with the customer's words."""
    return _opened(request, request.POST.getlist("ref"))


def _opened(request: HttpRequest, refs: list[str]) -> HttpResponse:
    try:
        case = services.case_open(
            refs=refs, message=request.POST.get("words", "").strip(), actor=actor(request)
        )
    except (CaseError, ValueError) as error:
        messages.error(request, str(error))
        return redirect("cases")
    return redirect("case", case.reference)


def _exact(found: SearchResult) -> set[str]:
    """Open cases about exactly what was pasted, or the case whose own number it is."""
    guessed = {str(r) for r in found.guess} | {str(Ref("order", found.query))} if found.query else set()
    open_now = {c.reference for c in found.cases if c.state != "closed"}
    by_ref = {case for match in found.refs if str(match.ref) in guessed for case in match.cases}
    return (by_ref & open_now) | ({found.query} & open_now)


def _query(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:MAX_QUERY]


def _findings(request: HttpRequest, query: str) -> dict[str, Any]:
    """What the box found, and of what it could mean the references that nobody has told us about yet."""
    if not query:
        return {"found": None}
    if said := search_refused(request.user, query):
        return {"found": None, "refused": said}
    found = selectors.search(query, without=schemes_hidden(request.user))
    disclosing.found(request, found)
    known = {match.ref for match in found.refs}
    return {"found": found, "unknown": [r for r in found.guess if r not in known]}
