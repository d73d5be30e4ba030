"""Promises in a case, and a person's day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import selectors, services
from cases.errors import CaseError
from cases.services import Promised
from cases.views import Day
from connectors.host.selectors import house_zone
from workspace.pages.present.page import zone
from workspace.pages.present.promises import promises, ticks_in
from workspace.pages.views.case import shown_as
from workspace.pages.views.common import actor, case_or_404

MAX_TEXT = 20_000
SAID = {
    "keep": "Kept. The case knows why.", "renegotiate": "The new time stands.", "withdraw": "The promise is withdrawn.",
    "break": "Noted as not kept.",
}  # fmt: skip


@require_POST
def make(request: HttpRequest, reference: str) -> HttpResponse:
    """Promise something. What can't be held to comes back with the rep's own words and what is asked."""
    case, given = case_or_404(reference), _given(request, "what", "phrase", "keeps_kind", "key")
    try:
        made = services.commitment_make(case=case, actor=actor(request), **given)
    except CaseError as error:
        return _again(request, case, promise_typed=given, promise_error=str(error))
    messages.success(request, f"Promised: {made.what}.")
    return redirect("case", reference)


@require_POST
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """What the words typed so far promise: the writer confirms each, or not."""
    view = selectors.case_view(case=case_or_404(reference))
    text = request.POST.get("text", "")[:MAX_TEXT]
    with timezone.override(zone(view)):
        found = selectors.promises_said(view, text)
        context = {"found": found, "view": view, "promises": promises(view), **ticks_in(request.POST)}
        return render(request, "pages/parts/promise_said.html", context)


def confirmed(request: HttpRequest, case: Any, text: str) -> tuple[Promised, ...]:
    """The promises of a reply that its writer ticked, each with the open one whose place it takes."""
    ticked = request.POST.getlist("promised")
    if not ticked:
        return ()
    instead = ticks_in(request.POST)["instead"]
    chosen = {words: instead.get(words) for words in ticked}
    return selectors.promised(selectors.case_view(case=case), text, chosen)


@require_POST
def answer(request: HttpRequest, reference: str, id: int, verb: str) -> HttpResponse:
    """Keep, break, withdraw or renegotiate one promise."""
    case, given = case_or_404(reference), _given(request, "why", "phrase", "told")
    who = actor(request)
    try:
        if verb == "renegotiate":
            services.commitment_renegotiate(commitment=id, actor=who, **given)
        else:
            act = {
                "keep": services.commitment_keep, "withdraw": services.commitment_withdraw,
                "break": services.commitment_break,
            }[verb]  # fmt: skip
            act(commitment=id, why=given["why"], actor=who)
    except CaseError as error:
        return _again(request, case, answer_typed=given, answer_error=str(error), answer_id=id, answer_verb=verb)
    messages.success(request, SAID[verb])
    return redirect("case", reference)


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """What I have promised and must hear."""
    found = my_day(request)
    with timezone.override(found.zone):
        return render(request, "pages/day.html", {"day": found, "at": found.at, "on": "day"})


@require_GET
def day_part(request: HttpRequest) -> HttpResponse:
    """The same, while the page is open."""
    found = my_day(request)
    with timezone.override(found.zone):
        return render(request, "pages/parts/day_lists.html", {"day": found, "at": found.at})


@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    """The top bar's bell, while any page is open."""
    return render(request, "pages/parts/bell.html", {"alerts": selectors.alerts_count(person=request.user)})


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """I have seen one alert, or all of them."""
    one = request.POST.get("id", "")
    services.alert_seen(person=request.user, id=int(one) if one.isascii() and one.isdigit() else None)
    return redirect("day")


def my_day(request: HttpRequest) -> Day:
    return selectors.day_of(person=request.user, zone=str(house_zone()))


def _given(request: HttpRequest, *names: str) -> dict[str, Any]:
    return {name: request.POST.get(name, "").strip() for name in names}


def _again(request: HttpRequest, case: Any, **more: Any) -> HttpResponse:
    return shown_as(request, "pages/case.html", selectors.case_view(case=case), status=422, **more)
