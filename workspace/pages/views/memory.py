"""What the customer asks, and the customer's earlier cases under the timeline."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from cases import selectors, services
from cases.errors import CaseError
from connectors.host.errors import BadMoment
from workspace.pages.present.memory import earlier_page
from workspace.pages.present.page import zone
from workspace.pages.views.common import actor, case_or_404, verb


@verb
def question(request: HttpRequest, case: Any) -> None:
    """The customer asks something else, or something more."""
    more = request.POST.get("do") == "add"
    change = services.question_add if more else services.question_change
    change(case=case, question=request.POST.get("question", ""), actor=actor(request))
    messages.success(request, "The question is added." if more else "The question is changed.")


@require_GET
def earlier(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer's case before ``?before=``, as it was at ``?as_of=``: what scrolls on under the timeline."""
    case_or_404(reference)
    moment = _moment(request.GET.get("as_of", ""))
    try:
        found = selectors.earlier_view(case=reference, before=request.GET.get("before", reference), as_of=moment)
        now = selectors.case_view(case=reference, as_of=moment)
    except (CaseError, BadMoment) as error:
        raise Http404(str(error)) from error
    if found is None:
        return HttpResponse("")
    with timezone.override(zone(now)):
        page = earlier_page(found[0], now)
        context = {"earlier": page, "view": found[0], "reference": reference, "as_of": moment, "further": found[1]}
        return render(request, "pages/parts/memory_earlier.html", context)


def _moment(text: str) -> Any:
    """An instant of the page's own making. Raises Http404."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Http404("This is not a moment that can be looked at.")
    return found
