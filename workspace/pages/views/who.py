"""Who is who, as a representative says: one person or two, and whose case it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from cases import selectors, services
from cases.errors import BadInput, CaseNotFound
from workspace.pages.views.common import actor, verb


@verb
def customer(request: HttpRequest, case: Any) -> None:
    """``do`` says what: all candidates are one person, they are different people, one with another case's customer, or
    two after all."""
    said = {"why": request.POST.get("why", ""), "actor": actor(request), "case": case}
    do = request.POST.get("do", "")
    if do == "same":
        chosen = _number(request, "customer")
        for one in selectors.case_view(case=case).person.candidates:
            if one.id != chosen:
                services.customers_merge(keep=chosen, other=one.id, **said)
        messages.success(request, "Noted: one person. Their cases stand beside each other now.")
    elif do == "apart":
        services.customer_choose(customer=_number(request, "customer"), **said)
        messages.success(request, "Noted: different people. The case says whose it is.")
    elif do == "with":
        mine, theirs = selectors.case_view(case=case).person.customer_id, _customer_of(request.POST.get("case", ""))
        services.customers_merge(keep=mine or 0, other=theirs, **said)
        messages.success(request, "Noted: one person. Their cases stand beside each other now.")
    else:
        services.customers_unmerge(merge=_number(request, "merge"), **said)
        messages.success(request, "Noted: two people. Everything is as it was before.")


def _customer_of(reference: str) -> int:
    try:
        found = selectors.case_view(case=reference).person.customer_id
    except CaseNotFound as error:
        raise BadInput(str(error), "case") from error
    if found is None:
        raise BadInput(f"Nobody has been recognised in case {reference} yet.", "case")
    return found


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadInput("Choose whose case it is.", name)
    return int(text)
