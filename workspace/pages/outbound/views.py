"""What an integrator sees and does. Every verb is one POST, one service and a redirect."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from connectors.host.selectors import moment
from workspace.outbound import selectors, services
from workspace.outbound.errors import BadSubscription, UnknownSubscription
from workspace.outbound.services.collecting import KINDS
from workspace.pages.sources.wording import count_words

EVENTS = {
    "case.opened": "A case is opened", "message.in": "A customer writes", "message.out": "A customer is answered",
    "message.delivery": "A letter leaves, or does not", "note": "A note is added",
    "handover.offered": "A case is offered to somebody", "handover.accepted": "An offered case is taken over",
    "handover.declined": "An offer is declined", "handover.expired": "An offer runs out",
    "handover.withdrawn": "An offer is taken back",
    "owner.changed": "A case changes hands", "state.changed": "A case waits, is closed or is reopened",
    "asker.verified": "The asker is verified", "ref.added": "A case is about something more",
    "customer.linked": "A customer is recognised", "answer.changed": "An answer changes",
    "action.asked": "A source is asked to do something", "action.ended": "What a source did, or did not",
}  # fmt: skip
LOOKS = {
    "sent": ("ok", "check", "Taken"), "waiting": ("warn", "clock", "Waiting"),
    "dead": ("bad", "circle-alert", "Given up"),
}  # fmt: skip
Verb = Callable[..., str]


def verb(view: Verb) -> Callable[..., HttpResponse]:
    """A POST that ends on the subscription's page; what is refused is said there in its own words."""

    @wraps(view)
    def wrapped(request: HttpRequest, id: int, **more: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("subscription", id)
        try:
            messages.success(request, view(request, id, **more))
        except UnknownSubscription as error:
            raise Http404(str(error)) from error
        except BadSubscription as error:
            messages.error(request, str(error))
        return redirect("subscription", id)

    return wrapped


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All subscriptions."""
    found = selectors.subscriptions_list()
    return render(request, "pages/outbound/index.html", {"on": "sources", "found": found, "headline": headline(found)})


def headline(found: list[dict[str, Any]]) -> str:
    """Which of them needs somebody, in a sentence."""
    off = [s["title"] for s in found if not s["enabled"] and s["off_why"] != services.BY_HAND]
    failing = [s["title"] for s in found if s["enabled"] and s["failing_since"]]
    if off:
        several = f"{count_words(len(off)).capitalize()} subscriptions were switched off: nothing arrived."
        return several if len(off) > 1 else f"{off[0]} was switched off: nothing arrived."
    if failing:
        several = f"{count_words(len(failing)).capitalize()} subscribers don’t take what they are sent."
        return several if len(failing) > 1 else f"{failing[0]} does not take what it is sent."
    return "Everybody who subscribed is told." if found else "Nobody is told of what happens here yet."


def add(request: HttpRequest) -> HttpResponse:
    """A new subscription."""
    given = {name: request.POST.get(name, "").strip() for name in ("title", "url", "secret")}
    chosen = request.POST.getlist("events")
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = services.subscription_save(**given, events=chosen, by=request.user.get_username())
            messages.success(request, "Saved. Send a trial to see whether it arrives.")
            return redirect("subscription", made.pk)
        except BadSubscription as error:
            problems[error.field] = str(error)
    context = {"on": "sources", "given": given, "events": _events(chosen), "problems": problems}
    return render(request, "pages/outbound/add.html", context, status=422 if problems else 200)


@require_GET
def one(request: HttpRequest, id: int) -> HttpResponse:
    """One subscription with its log."""
    try:
        found = selectors.subscription_get(id)
        state, before = request.GET.get("state", ""), request.GET.get("before", "")
        last = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
        notices = selectors.notices_list(
            id=id, reader=request.user, state=state if state in LOOKS else "", before=last
        )
    except UnknownSubscription as error:
        raise Http404(str(error)) from error
    context = {
        "on": "sources", "s": found, "notices": [(LOOKS[n["state"]], n) for n in notices], "chosen": state,
        "states": LOOKS, "events": _events(found["events"]), "at": moment()[1],
        "older": notices[-1]["number"] if len(notices) == selectors.LOG else None,
    }  # fmt: skip
    return render(request, "pages/outbound/one.html", context)


@verb
def change(request: HttpRequest, id: int) -> str:
    given = {"title": request.POST.get("title", "").strip(), "url": request.POST.get("url", "").strip()}
    services.subscription_change(id=id, **given, events=request.POST.getlist("events"))
    return "Saved. It is told of these from now on."


@verb
def switch(request: HttpRequest, id: int) -> str:
    on = request.POST.get("on") == "yes"
    services.subscription_change(id=id, enabled=on)
    return (
        "Switched on. What waited is sent." if on else "Switched off. Nothing is sent; what happens is not kept for it."
    )


@verb
def rotate(request: HttpRequest, id: int) -> str:
    services.subscription_rotate(id=id, secret=request.POST.get("secret", "").strip())
    return "The new secret signs from now on; for a day the one before it does too."


@verb
def trial(request: HttpRequest, id: int) -> str:
    services.subscription_try(id=id)
    return "A trial is on its way. What comes back shows in the log."


@verb
def again(request: HttpRequest, id: int) -> str:
    count = services.notices_again(id=id)
    return f"{count} notice{' is' if count == 1 else 's are'} sent again."


@verb
def notice_again(request: HttpRequest, id: int, key: str) -> str:
    services.notice_again(key=key)
    return "It is sent again, under the same id."


def end(request: HttpRequest, id: int) -> HttpResponse:
    """End a subscription, with its log."""
    if request.method == "POST":
        try:
            services.subscription_delete(id=id)
        except UnknownSubscription as error:
            raise Http404(str(error)) from error
        messages.success(request, "The subscription is ended.")
    return redirect("subscriptions")


def _events(chosen: list[str]) -> list[tuple[str, str, bool]]:
    return [(kind, EVENTS.get(kind, kind), kind in chosen) for kind in KINDS]
