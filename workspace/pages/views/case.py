"""The case page and its live fragments: stored first, live second."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases import selectors, services
from cases.models import Case
from cases.views import CaseView
from workspace.pages.present.page import case_context
from workspace.pages.views.common import actor, case_or_404, my_queue

log = logging.getLogger(__name__)


@require_GET
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The stored answer at once; sources past their limit are asked meanwhile, and the page changes in place."""
    case = case_or_404(reference)
    gather(case)
    view = selectors.case_view(case=case)
    services.case_viewed(case=case, actor=actor(request), answer=view.answer, as_of=view.as_of, at=view.at)
    return render(request, "pages/case.html", context(request, view))


@require_GET
def live(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer, timeline, queue and draft again, with this person's rights."""
    case = case_or_404(reference)
    view = selectors.case_view(case=case)
    services.answer_shown(case=case, answer=view.answer, as_of=view.as_of, at=view.at, actor=actor(request))
    return render(request, "pages/live.html", context(request, view))


def context(request: HttpRequest, view: CaseView, **more: Any) -> dict[str, Any]:
    everything = request.GET.get("all") == "1"
    return {**case_context(view, my_queue(request), everything), **more}


def gather(case: Case) -> None:
    """Start reading what is past its limit. A page is shown whatever becomes of that."""
    try:
        services.case_gather(case)
    except Exception:
        log.exception("Gathering for case %s could not be started", case.pk)


def stream_elsewhere(request: HttpRequest, reference: str) -> HttpResponse:
    """The stream is served on the event loop; under a server of threads alone there is none."""
    raise Http404("There is no live stream here.")
