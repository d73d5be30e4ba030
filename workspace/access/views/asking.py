"""Asking to see what is masked, deciding about it, and who was let in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from connectors.sdk.personal import CLASSES
from workspace.access import selectors, services
from workspace.access.errors import AccessError
from workspace.access.fields import CLASS_WORDS, NONE, reference, rights
from workspace.permissions import may, roles_of
from workspace.rights import GRANTERS


@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """Ask, see what became of it, and (for those who may) decide."""
    return _page(request, {"case": request.GET.get("case", "")[:20]})


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for access to what is masked in one case, or in raw rows."""
    typed = {name: request.POST.get(name, "").strip() for name in ("case", "why", "minutes")}
    classes, minutes = request.POST.getlist("class"), typed["minutes"]
    try:
        services.access_ask(
            asker=request.user, case=typed["case"] or None, classes=classes, why=typed["why"],
            minutes=int(minutes) if minutes.isascii() and minutes.isdigit() else 0,
        )  # fmt: skip
    except AccessError as error:
        return _page(request, {**typed, "classes": classes, "problem": str(error), "field": error.field}, 422)
    messages.success(request, "Asked. A supervisor or an administrator decides.")
    return redirect(reverse("access"))


@require_POST
def decide(request: HttpRequest, id: int) -> HttpResponse:
    """Yes or no, with a word about why."""
    grant = request.POST.get("do") == "grant"
    try:
        found = services.access_decide(id=id, by=request.user, grant=grant, answer=request.POST.get("answer", ""))
        messages.success(request, f"Granted for {found.minutes} minutes." if grant else "Refused.")
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("access")


@require_POST
def end(request: HttpRequest, id: int) -> HttpResponse:
    """End it before its time."""
    try:
        services.access_end(id=id, by=request.user)
        messages.success(request, "It is masked again.")
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("access")


@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """Everything that was asked for and decided, for those who look after it."""
    wanted = request.GET.get("case", "").strip()
    rows = selectors.grants_list(case=reference(wanted))
    return render(request, "access/log.html", {"rows": rows, "case": wanted, "on": "access"})


def _page(request: HttpRequest, given: dict[str, Any], status: int = 200) -> HttpResponse:
    have = rights(request.user)
    decides = bool(roles_of(request.user) & GRANTERS)
    context = {
        **given, "minutes": given.get("minutes") or services.MINUTES,
        "classes": [(c, CLASS_WORDS[c], c in given.get("classes", ()), have[c] == NONE) for c in CLASSES],
        "mine": selectors.grants_of(request.user),
        "waiting": selectors.grants_waiting(but=request.user) if decides else [],
        "decides": decides, "may_log": may(request.user, "access_log"), "on": "access",
    }  # fmt: skip
    return render(request, "access/access.html", context, status=status)
