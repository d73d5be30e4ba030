"""The case page and its live fragments: stored first, live second."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases import selectors, services
from cases.views import CaseView
from connectors.host.selectors import actions_offered, moment
from workspace.pages.present.owning import own_view
from workspace.pages.present.page import case_context, zone
from workspace.pages.present.promises import ticks_in
from workspace.pages.present.talk import signed_by
from workspace.pages.present.telling import check_page
from workspace.pages.views.acting import acting_context
from workspace.pages.views.common import actor, case_or_404, my_queue, waiting_in
from workspace.permissions import reads_only, roles_of

log = logging.getLogger(__name__)


@require_GET
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """The stored answer at once; sources past their limit are asked meanwhile, and the page changes in place."""
    case = case_or_404(reference)
    if not reads_only(request.user):
        gather(case)
    view = seen(request, case)
    shown(request, case, view)
    return shown_as(request, "pages/case.html", view)


@require_GET
def live(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer, timeline, queue and draft again, with this person's rights."""
    case = case_or_404(reference)
    view = seen(request, case)
    shown(request, case, view)
    return shown_as(request, "pages/live.html", view)


def seen(request: HttpRequest, case: Any) -> CaseView:
    """The live view; for those who only read, the same as it stands at this moment, with nothing to press."""
    return selectors.case_view(case=case, as_of=moment()[0] if reads_only(request.user) else None)


def shown(request: HttpRequest, case: Any, view: CaseView) -> None:
    """Record who looked at what; a replay shows what was shown."""
    who, digest = actor(request), view.answer.digest
    if view.live:
        services.answer_shown(case=case, answer=view.answer, as_of=view.as_of, at=view.at, actor=who)
    services.case_viewed(case=case, actor=who, as_of=view.as_of, at=view.at, digest=digest, live=view.live)


def shown_as(request: HttpRequest, template: str, view: CaseView, status: int = 200, **more: Any) -> HttpResponse:
    """Render a view of a case in the case's own time zone."""
    everything = request.GET.get("all") == "1"
    view = replace(view, draft=signed_by(view, actor(request).name))
    with timezone.override(zone(view)):
        offers = actions_offered({*view.refs, *view.evidence.refs}) if view.live else ()
        own = own_view(view, request.user, roles_of(request.user), since_of(request))
        queue = my_queue(request)
        context = {**case_context(view, queue, everything), "waiting": waiting_in(queue, request)}
        context |= {"offers": offers, "own": own}
        context |= acting_context(view, request.user)
        if own.draft is not None:
            context |= {"typed": own.draft.text, "conflict": own.draft_changed}
        context |= more
        if template == "pages/case.html" and view.live:
            text = str(context["typed"] if context["typed"] is not None else context["talk"].draft).strip()
            # Words that come back promise what they promised: sent as they stand, none of it is lost.
            context["found"] = selectors.promises_said(view, text) if text else ()
            context |= ticks_in(request.POST)
            if "check" not in context:
                context["check"] = check_page(selectors.view_check(view, text)) if text else None
        context.setdefault("day", selectors.day_of(person=request.user))
        return render(request, template, context, status=status)


def since_of(request: HttpRequest) -> int | None:
    """The last event that the writer on this page has seen, as the page says it; None where it does not."""
    sent = request.POST if request.method == "POST" else request.GET
    numbers = [n for n in (sent.get("since", ""), sent.get("seen", "")) if n.isascii() and n.isdigit() and len(n) < 9]
    return max(map(int, numbers), default=None)


def gather(case: Any) -> None:
    """Start reading what is past its limit. A page is shown whatever becomes of that."""
    try:
        services.case_gather(case)
    except Exception:
        log.exception("Gathering for case %s could not be started", case.pk)


def stream_elsewhere(request: HttpRequest, reference: str = "") -> HttpResponse:
    """The stream is served on the event loop; under a server of threads alone there is none."""
    raise Http404("There is no live stream here.")
