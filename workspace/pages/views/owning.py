"""Handing a case over, taking the next one, keeping a draft, and who is here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import selectors, services
from cases.errors import BadInput, CaseError, WrongState
from workspace.pages.present.owning import others_here
from workspace.pages.present.page import zone
from workspace.pages.views.case import gather
from workspace.pages.views.common import actor, case_or_404, verb

STANDS = {"1": "1 hour", "4": "4 hours", "24": "1 day", "72": "3 days"}
"""How long an offer may stand, in hours."""
TRIES = 3


def handover(request: HttpRequest, reference: str) -> HttpResponse:
    """To whom, why and for how long; the packet that goes with it is shown before it is offered."""
    case = case_or_404(reference)
    given = {"to": "", "why": "", "stands": "4"}
    problem = field = ""
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in given}
        try:
            offered = services.handover_offer(case=case, why=given["why"], actor=actor(request), **_to(given))
            messages.success(request, f"Offered. You answer for the case until it is taken, {_until(offered)}.")
            return redirect("case", reference)
        except BadInput as error:
            problem, field = str(error), "to" if error.field == "team" else error.field
        except CaseError as error:
            problem = str(error)
    else:
        given["to"] = request.GET.get("to", "")[:200]
        gather(case)
    return _form(request, case, given, problem, field)


def _to(given: dict[str, str]) -> dict[str, Any]:
    kind, _, name = given["to"].partition(":")
    hours = given["stands"] if given["stands"] in STANDS else "4"
    found: dict[str, Any] = {"expires_in": timedelta(hours=int(hours))}
    return {**found, "team": name} if kind == "team" else {**found, "to": name}


def _until(offer: Any) -> str:
    hours = round((offer.expires_at - offer.offered_at).total_seconds() / 3600)
    return f"for {STANDS.get(str(hours), f'{hours} hours')} at most"


def _form(request: HttpRequest, case: Any, given: dict[str, str], problem: str, field: str) -> HttpResponse:
    view = selectors.case_view(case=case)
    context = {
        "on": "cases", "reference": view.reference, "view": view, "at": view.at, "given": given, "problem": problem,
        "field": field, "stands": STANDS, "packet": services.packet_preview(case=case, view=view),
        "teams": [t for t in selectors.teams_list() if any(m.person.id != view.owner.id for m in t.members)],
        "people": [p for p in selectors.people_list() if p.id != view.owner.id],
    }  # fmt: skip
    with timezone.override(zone(view)):
        return render(request, "pages/handover.html", context, status=422 if problem else 200)


@require_POST
def answer(request: HttpRequest, reference: str, id: int) -> HttpResponse:
    """Take an offered case, decline it, or take the offer back."""
    case_or_404(reference)
    why, do = request.POST.get("why", "").strip(), request.POST.get("do", "")
    try:
        if do == "accept":
            services.handover_accept(handover=id, actor=actor(request))
            messages.success(request, "The case is yours. You answer for it from now on.")
        elif do == "decline":
            services.handover_decline(handover=id, why=why, actor=actor(request))
            messages.success(request, "Declined. The case stays with its owner.")
            return redirect("cases")
        else:
            services.handover_withdraw(handover=id, why=why, actor=actor(request))
            messages.success(request, "The offer is taken back.")
    except CaseError as error:
        messages.error(request, str(error))
    return redirect("case", reference)


@require_POST
def next_one(request: HttpRequest) -> HttpResponse:
    """Turn to the next case; one that was offered is taken. Another may take it in the same moment: then the next."""
    but = request.POST.get("from", "")
    for _ in range(TRIES):
        found = selectors.next_case(person=request.user, but=but)
        if found is None:
            messages.success(request, "Nothing waits for you now.")
            return redirect("case", but) if but.isdigit() else redirect("cases")
        try:
            if found.offer is not None:
                services.handover_accept(handover=found.offer, actor=actor(request))
        except WrongState:
            continue
        messages.success(request, f"{found.why}.")
        return redirect("case", found.reference)
    return redirect("cases")


@verb
def draft(request: HttpRequest, case: Any) -> HttpResponse | None:
    """Keep what is being written, as it is written: nobody else sees it."""
    since = request.POST.get("since", "")
    kept = services.draft_save(
        case=case, author=request.user, text=request.POST.get("text", ""), answer_digest=request.POST.get("digest", ""),
        since_seq=int(since) if since.isdigit() and len(since) < 9 else None,
    )  # fmt: skip
    if kept is not None:
        services.presence_beat(case=case, person=request.user, typing=True)
    if not request.headers.get("HX-Request"):
        return None
    return render(request, "pages/parts/own_kept.html", {"kept": kept})


@require_GET
def present(request: HttpRequest, reference: str) -> HttpResponse:
    """Who else has the case open, and who is writing."""
    case = case_or_404(reference)
    return render(request, "pages/parts/own_present.html", {"here": others_here(case.reference, request.user),
                                                            "reference": case.reference})  # fmt: skip
