"""What a rep does in a case. Every verb is one POST, one service and a redirect to the page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cases import selectors, services
from cases.errors import AnswerChanged, NeedsReason, NotToBeTold, RepliedMeanwhile, WrongState
from workspace.access.masks import DOTS
from workspace.pages.present.telling import kept_in
from workspace.pages.views.case import shown_as, since_of
from workspace.pages.views.common import actor, verb
from workspace.pages.views.promises import confirmed
from workspace.pages.views.telling import checked, settles_in


@verb
def reply(request: HttpRequest, case: Any) -> HttpResponse | None:
    """Send the reply. Where the answer has changed meanwhile: 409, the new draft beside the rep's own words."""
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        messages.error(request, "Write something first.")
        return None
    if DOTS in text:
        messages.error(request, "Nothing was sent: part of the words is masked for you. Ask for access first.")
        return None
    try:
        told = services.message_send(
            case=case, text=text, answer_digest=request.POST.get("digest", ""), actor=actor(request),
            recipient=request.POST.get("recipient", ""), channel=request.POST.get("channel", "email"),
            since_seq=since_of(request), promises=confirmed(request, case, text), kept=kept_in(request.POST),
            settles=settles_in(request), undo_s=settings.UNDO_S,
        )  # fmt: skip
    except (NeedsReason, NotToBeTold):
        messages.error(request, "Nothing was sent yet: see what stands under your words.")
        return checked(request, selectors.case_view(case=case), text, status=409, settles=settles_in(request))
    except WrongState as error:  # a promise that can't be made; the words are not lost
        messages.error(request, f"Nothing was sent: {error}")
        return checked(request, selectors.case_view(case=case), text, status=409, settles=settles_in(request))
    except RepliedMeanwhile:
        return shown_as(request, "pages/case.html", selectors.case_view(case=case), status=409, typed=text)
    except AnswerChanged:
        view = selectors.case_view(case=case)
        return shown_as(request, "pages/case.html", view, status=409, typed=text, conflict=True)
    waits = told.channel == "email" and settings.UNDO_S > 0
    sent = f"It leaves in {settings.UNDO_S} s." if waits else "Sent."
    if request.POST.get("then") == "close":
        try:
            services.case_close(case=case, actor=actor(request))
        except WrongState as error:
            messages.warning(request, f"{sent} {error}")
            return None
        back = f" To take it back, open case {case.reference}." if waits else ""
        messages.success(request, f"{sent} The case is closed.{back}")
        return redirect("cases")
    messages.success(request, sent)
    return None


@verb
def verify(request: HttpRequest, case: Any) -> None:
    """Record how the asker was verified."""
    services.asker_verify(case=case, how=request.POST.get("how", ""), actor=actor(request))


@verb
def refs(request: HttpRequest, case: Any) -> None:
    """The case is about this one: the answer to "which one?"."""
    services.refs_add(case=case, refs=[request.POST.get("ref", "")], actor=actor(request))


@verb
def refresh(request: HttpRequest, case: Any) -> HttpResponse | None:
    """Ask every source again now, whatever its age."""
    services.case_refresh(case=case)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else None


@verb
def close(request: HttpRequest, case: Any) -> HttpResponse:
    services.case_close(case=case, actor=actor(request))
    messages.success(request, f"Case {case.reference} is closed.")
    return redirect("cases")


@verb
def reopen(request: HttpRequest, case: Any) -> None:
    services.case_reopen(case=case, actor=actor(request))
