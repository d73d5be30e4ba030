"""Forgetting a customer, by two people; what is held about them, for themselves; and how long what is kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases.errors import CaseError, CaseNotFound
from cases.selectors import erasing as selectors
from cases.selectors.retention import retention_due, retention_rules
from cases.services import access_record
from cases.services import retention as services
from customers.views import CustomerView
from workspace.access.fields import search_refused
from workspace.access.files import whole_only
from workspace.pages.views.common import actor
from workspace.permissions import may

LOOKS = {
    "asked": ("warn", "clock", "Waits for a second person"), "done": ("ok", "circle-check", "Erased"),
    "refused": ("", "x", "Refused"), "withdrawn": ("", "undo-2", "Taken back"),
    "approved": ("warn", "clock", "Under way"),
}  # fmt: skip


@require_GET
def erasures(request: HttpRequest) -> HttpResponse:
    """Requests, what was done, holds that stand; and a box to find a customer by."""
    q, problem = request.GET.get("q", "").strip(), ""
    found: tuple[CustomerView, ...] = ()
    may_ask = may(request.user, "erasure_ask")
    if q and not may_ask and (problem := search_refused(request.user, q)):
        pass  # whoever only reads here finds nobody by what is masked for them
    elif q:
        found = selectors.customers_found(q)
        problem = "" if found else "Nobody goes by that name, number or reference here."
        access_record(actor=actor(request), what="search", route="erasures", customers=[c.id for c in found],
                      why="To erase or to export")  # fmt: skip
    requests = selectors.requests_list()
    context = {
        "on": "erasures", "q": q, "found": found, "problem": problem, "done": selectors.erasures_list(),
        "requests": [(r, LOOKS[r.state]) for r in requests], "waiting": sum(r.state == "asked" for r in requests),
        "holds": selectors.holds_list(), "may_ask": may_ask,
    }  # fmt: skip
    return render(request, "pages/retention/erasures.html", context)


@require_GET
def erasure(request: HttpRequest, id: int) -> HttpResponse:
    """One request: the list of what goes and what stands against it, or the record that it is done."""
    try:
        found = selectors.request_get(id)
    except CaseNotFound as error:
        raise Http404(str(error)) from error
    plan = None
    if found.state == "asked":
        plan = selectors.erasure_plan(customer=found.customer, decisions=found.decisions)
        access_record(actor=actor(request), what="list", route="erasure", customer=found.customer,
                      why=f"Request {found.id} for erasure")  # fmt: skip
    context = {"on": "erasures", "r": found, "look": LOOKS[found.state], "plan": plan,
               "mine": found.asked_by_id == request.user.pk}  # fmt: skip
    return render(request, "pages/retention/erasure.html", context)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask that a customer be erased."""
    try:
        made = services.erasure_ask(customer=_customer(request), why=request.POST.get("why", ""), actor=actor(request))
    except CaseError as error:
        messages.error(request, str(error))
        return redirect("erasures")
    messages.success(request, "Asked. Nothing goes before somebody else has said yes.")
    return redirect("erasure", made.id)


@require_POST
def answer(request: HttpRequest, id: str, verb: str) -> HttpResponse:
    """Decide about what stands against it; say yes or no; take it back."""
    try:
        messages.success(request, _answered(request, int(id), verb))
    except CaseNotFound as error:
        raise Http404(str(error)) from error
    except CaseError as error:
        messages.error(request, str(error))
    return redirect("erasure", int(id))


def _answered(request: HttpRequest, id: int, verb: str) -> str:
    who, post = actor(request), request.POST
    if verb == "decide":
        chosen = {k: v for k, v in post.items() if k in ("cases", "promises", "mentions")}
        services.erasure_decide(request=id, decisions={k: str(v) for k, v in chosen.items()}, actor=who)
        return "That is decided."
    if verb == "yes":
        services.erasure_approve(request=id, digest=post.get("digest", ""), actor=who)
        return "Erased. That it was is on record."
    if verb == "no":
        services.erasure_refuse(request=id, answer=post.get("answer", ""), actor=who)
        return "Refused. Nothing was erased."
    services.erasure_withdraw(request=id, actor=who)
    return "Taken back. Nothing was erased."


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A zip of everything that is held about one customer: whole by its purpose, so it takes access to all of it."""
    customer = _customer(request)
    whole_only(request.user)
    try:
        pack = services.customer_export(customer=customer, actor=actor(request), why=request.POST.get("why", "")[:300])
    except CaseNotFound as error:
        raise Http404(str(error)) from error
    response = HttpResponse(pack, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="customer-{customer}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Set a legal hold on a customer, or lift one."""
    try:
        if number := request.POST.get("lift", ""):
            services.legal_hold_lift(hold=_number(number), actor=actor(request))
            messages.success(request, "The hold is lifted.")
        else:
            services.legal_hold_set(customer=_customer(request), why=request.POST.get("why", ""), actor=actor(request))
            messages.success(request, "Held. Nothing of this customer goes until it is lifted.")
    except CaseError as error:
        messages.error(request, str(error))
    return redirect("erasures")


@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """How long what is kept, and what would go now."""
    due = {d.rule: d for d in retention_due()}
    rules: list[Any] = [{"rule": r, "due": due.get(r.name)} for r in retention_rules()]
    many = sum(d.many for d in due.values())
    return render(request, "pages/retention/retention.html", {"on": "erasures", "rules": rules, "many": many})


def _customer(request: HttpRequest) -> int:
    return _number(request.POST.get("customer", ""))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Http404("There is no such number.")
    return int(text)
