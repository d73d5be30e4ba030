"""What sources can be asked to do for a case: a page of its own, since nothing may be done by a slip of the hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases import selectors, services
from cases.errors import BadInput, CaseError, CaseNotFound
from connectors.host.errors import HostError
from workspace.pages.present.page import zone
from workspace.pages.views.common import actor, case_or_404
from workspace.permissions import roles_of

STATES = {
    "asked": ("warn", "clock", "Under way"), "done": ("ok", "circle-check", "Done"),
    "refused": ("bad", "circle-alert", "Refused"), "failed": ("bad", "circle-alert", "Could not be asked"),
    "unknown": ("bad", "triangle-alert", "Nobody knows"), "waiting": ("warn", "hand", "Waits for a second person"),
    "withdrawn": ("", "x", "Not done"),
}  # fmt: skip
HELP = {
    "Decimal": "An amount such as 84.90", "int": "A whole number", "date": "A day such as 2026-11-22",
    "datetime": "A time with its zone", "Ref": "A reference of this case", "str": "", "bool": "",
}  # fmt: skip


def actions(request: HttpRequest, reference: str) -> HttpResponse:
    """What can be done, and what was asked for."""
    return _page(request, case_or_404(reference))


def act(request: HttpRequest, reference: str, source: str, action: str) -> HttpResponse:
    """Fill in, read the sentence, say yes: then it is asked for, once."""
    case = case_or_404(reference)
    offer = next((o for o in _offers(case) if (o["source"], o["action"]) == (source, action)), None)
    if offer is None:
        raise Http404("This can't be done about this case.")
    given = {name["name"]: request.POST.get(name["name"], "").strip() for name in offer["arguments"]}
    problem, field, sentence, beforehand, limit = "", "", "", "", ""
    if request.method == "POST":
        wanted: dict[str, Any] = {"source": source, "action": action, "arguments": given}
        try:
            sentence = services.action_words(**wanted)
            limit = services.action_limit(case=case, actor=actor(request), **wanted)
            if request.POST.get("do") == "yes":
                run = services.action_ask(
                    case=case, actor=actor(request), key=request.POST.get("key", "")[:64], **wanted
                )  # fmt: skip
                said = "A supervisor is told. It is done once they say yes." if run.state == "waiting" else (
                    f"{offer['source_title']} is asked. What comes of it shows here."
                )  # fmt: skip
                messages.success(request, said)
                return redirect("case_actions", reference)
            beforehand = services.action_try(**wanted) if offer["dry_run"] else ""
        except BadInput as error:
            problem, field = str(error), error.field
        except (CaseError, HostError) as error:
            problem = str(error)
    form = {"offer": offer, "given": given, "problem": problem, "field": field, "sentence": "" if problem else sentence}
    form |= {"beforehand": beforehand, "limit": limit}
    return _page(request, case, status=422 if problem else 200, key=services.action_key(), **form)


def decide(request: HttpRequest, reference: str, id: int) -> HttpResponse:
    """A second person's yes or no, or its asker takes it back."""
    if request.method == "POST":
        try:
            run, do = selectors.run_get(case=reference, id=id), request.POST.get("do", "")
            if do == "back":
                services.action_withdraw(run=run, actor=actor(request))
                messages.success(request, "Taken back. Nothing was done.")
            else:
                why = request.POST.get("why", "")
                services.action_decide(run=run, approve=do == "yes", why=why, actor=actor(request))
                done = "Approved: it is asked for now." if do == "yes" else "Declined. Who asked is told why."
                messages.success(request, done)
        except CaseNotFound as error:
            raise Http404(str(error)) from error
        except CaseError as error:
            messages.error(request, str(error))
    return redirect("case_actions", reference)


def acting_context(view: Any, person: Any) -> dict[str, Any]:
    """What waits for a second person in a case, and whether this person may decide it; what they can take back."""
    runs = selectors.runs_waiting(case=view.id) if view.live else []
    return {
        "acts_waiting": [{**run, "mine": run["asked_by_id"] == person.pk} for run in runs],
        "may_decide": "supervisor" in roles_of(person),
        "undo": selectors.undo_of(case=view.id, person=person) if view.live else None,
    }  # fmt: skip


def again(request: HttpRequest, reference: str, id: int) -> HttpResponse:
    """Ask again where it failed, or where nobody knows; under the same key."""
    if request.method == "POST":
        try:
            services.action_again(run=selectors.run_get(case=reference, id=id), actor=actor(request))
            messages.success(request, "It is asked again, under the same key.")
        except CaseNotFound as error:
            raise Http404(str(error)) from error
        except CaseError as error:
            messages.error(request, str(error))
    return redirect("case_actions", reference)


def _offers(case: Any) -> list[dict[str, Any]]:
    return selectors.case_actions(case=case)["offers"]


def _page(request: HttpRequest, case: Any, status: int = 200, **more: Any) -> HttpResponse:
    view = selectors.case_view(case=case)
    found = selectors.case_actions(case=case)
    context = {
        "on": "cases", "reference": view.reference, "at": view.at, "headline": view.answer.headline,
        "person": view.person,
        "offers": found["offers"], "help": HELP, "may_decide": "supervisor" in roles_of(request.user),
        "runs": [(STATES[r["state"]], {**r, "mine": r["asked_by_id"] == request.user.pk}) for r in found["runs"]],
        **more,
    }  # fmt: skip
    if "offer" in more:
        context["fields"] = [
            {**one, "label": one["name"].replace("_", " ").capitalize(), "help": HELP.get(one["type"], ""),
             "text": more["given"][one["name"]], "bad": one["name"] == more["field"]}
            for one in more["offer"]["arguments"]
        ]  # fmt: skip
    with timezone.override(zone(view)):
        return render(request, "pages/actions.html", context, status=status)
