"""What the customer was told, and a draft's check, on the case page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases import selectors, services
from cases.errors import BadWords
from cases.views import CaseView
from workspace.pages.present.page import zone
from workspace.pages.present.telling import check_page, kept_in, telling
from workspace.pages.views.case import shown_as
from workspace.pages.views.common import actor, case_or_404, verb

MAX_TEXT = 20_000


@require_POST
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """What is to be said about the words typed so far."""
    view = selectors.case_view(case=case_or_404(reference))
    text = request.POST.get("text", "")[:MAX_TEXT].strip()
    found = _checked(request, view, text)
    with timezone.override(zone(view)):
        return render(request, "pages/parts/told_check.html", {"check": found, "view": view})


@require_POST
def use(request: HttpRequest, reference: str) -> HttpResponse:
    """The draft with today's facts, which says what has changed: shown in the composer, not sent."""
    view = selectors.case_view(case=case_or_404(reference))
    text = request.POST.get("text", "")[:MAX_TEXT].strip()
    try:
        found = selectors.view_check(view, text)
    except BadWords:
        return shown_as(request, "pages/case.html", view, typed=text)
    return checked(request, view, found.corrected or text)


@require_POST
def correct(request: HttpRequest, reference: str) -> HttpResponse:
    """The drafted correction in the composer. Sending it puts right what it is about."""
    view = selectors.case_view(case=case_or_404(reference))
    found = telling(view)
    return checked(request, view, found.correction or view.draft, settles=[t.id for t in found.broken])


def checked(
    request: HttpRequest, view: CaseView, text: str, status: int = 200, settles: Any = (), **more: Any
) -> HttpResponse:
    """The case page with these words in the composer and their check under them."""
    found = _checked(request, view, text)
    context = {"typed": text, "check": found, "settles": settles, "conflict": False, **more}
    return shown_as(request, "pages/case.html", view, status=status, **context)


def _checked(request: HttpRequest, view: CaseView, text: str) -> Any:
    """The check as the page shows it; what it warns of is recorded."""
    if not text.strip():
        return None
    found = selectors.view_check(view, text)
    services.draft_warned(case=case_or_404(view.reference), check=found, actor=actor(request), view=view)
    return check_page(found, kept_in(request.POST))


@verb
def settle(request: HttpRequest, case: Any) -> None:
    """The customer knows already, or need not."""
    number = request.POST.get("statement", "")
    services.statement_settle(
        case=case, statement=int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0,
        why=request.POST.get("why", ""), actor=actor(request),
    )  # fmt: skip
    messages.success(request, "Noted. The case says why.")


def settles_in(request: HttpRequest) -> tuple[int, ...]:
    """Statements that this reply puts right, as the form names them."""
    return tuple(int(n) for n in request.POST.getlist("settles") if n.isascii() and n.isdigit() and len(n) < 18)
