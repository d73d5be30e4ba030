"""What page views share: who acts, which cases wait for them, and messages for people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases import selectors
from cases.errors import CaseError, CaseNotFound
from cases.selectors import alerts_count
from cases.services import Actor
from cases.views import QueueItem
from workspace.pages.present import words
from workspace.permissions import roles_of
from workspace.rights import TABLE

PLACES = (
    ("cases", "Cases"), ("letters", "Letters"), ("reviews", "Review"), ("trust", "Trust"), ("teams", "Teams"),
    ("sources", "Sources"), ("people", "People"), ("ledger", "Ledger"), ("erasures", "Erasure"),
)  # fmt: skip
"""The top bar: route and word."""
ROLE_WORDS = {
    "administrator": "Administrator", "supervisor": "Supervisor", "lead": "Team lead", "rep": "Customer service",
    "auditor": "Auditor", "integrator": "Integrator", "program": "Program",
}  # fmt: skip
"""By rank: the first that somebody has is the one under their name."""


def actor(request: HttpRequest) -> Actor:
    return Actor.person(request.user)


def my_queue(request: HttpRequest) -> Sequence[QueueItem]:
    return selectors.queue(owner=request.user)


def waiting_in(queue: Sequence[QueueItem], request: HttpRequest) -> int:
    """How many wait for me; a queue that is too long to be shown whole is counted where it lies."""
    if len(queue) < selectors.QUEUE:
        return sum(item.waiting_since is not None for item in queue)
    return selectors.waiting_count(owner=request.user)


def case_or_404(reference: str) -> Any:
    try:
        return selectors.case_get(reference)
    except CaseNotFound as error:
        raise Http404(str(error)) from error


def me(request: HttpRequest) -> dict[str, Any]:
    """Context processor: whose session this is, for the top bar."""
    user = getattr(request, "user", None)  # a request refused for its host has none
    if user is None or not user.is_authenticated:
        return {}
    name = user.get_full_name() or user.get_username()
    roles = roles_of(user)
    role = next((word for role, word in ROLE_WORDS.items() if role in roles), "")
    places = [place for place in PLACES if TABLE[place[0]] & roles]
    return {
        "me": {"name": name, "initials": words.initials(name), "role": role}, "places": places,
        "may_search": PLACES[0] in places, "alerts": alerts_count(person=user) if PLACES[0] in places else 0,
    }  # fmt: skip


def verb(view: Callable[[HttpRequest, Any], HttpResponse | None]) -> Callable[..., HttpResponse]:
    """A POST that ends on the case's page; what the case refuses is said there in its own words."""

    @wraps(view)
    def wrapped(request: HttpRequest, reference: str) -> HttpResponse:
        case = case_or_404(reference)
        if request.method != "POST":
            return redirect("case", reference)
        try:
            return view(request, case) or redirect("case", reference)
        except CaseError as error:
            messages.error(request, str(error))
            return redirect("case", reference)

    return wrapped
