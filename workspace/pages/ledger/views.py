"""The state of the ledger, its verification, the access log, and a case as a bundle."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_GET, require_POST

from cases import selectors
from cases.errors import BadInput, CaseError
from cases.selectors import ledger
from cases.services import ledger as keeping
from cases.views.ledger import LookView
from connectors.host.errors import HostError
from connectors.host.selectors import moment
from workspace.access.fields import masker
from workspace.pages.views.common import actor, case_or_404
from workspace.permissions import may

FIELDS = ("person", "case", "customer", "since", "until")


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Whether anybody changed history, in one sentence, and the anchors it rests on."""
    return render(request, "pages/ledger/state.html", _state(request))


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The same sentence while a verification is under way."""
    return render(request, "pages/ledger/verdict.html", _state(request))


def _state(request: HttpRequest) -> dict[str, Any]:
    problem = ""
    try:
        key = keeping.ledger_key()
    except BadInput as error:
        key, problem = None, str(error)
    return {
        "on": "ledger", "at": moment()[1], "ledger": ledger.ledger_state(key), "problem": problem,
        "may_verify": may(request.user, "ledger_verify"), "may_read_access": may(request.user, "ledger_access"),
    }  # fmt: skip


@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a verification; workers do it."""
    keeping.ledger_run(actor=actor(request))
    return redirect("ledger")


@require_GET
def anchors(request: HttpRequest) -> HttpResponse:
    """All signed anchors with the public keys, to be kept elsewhere."""
    return attached("".join(ledger.anchors_export()), f"anchors-{timezone.now():%Y-%m-%d}.json")


def attached(text: str, name: str) -> HttpResponse:
    """JSON that a browser saves."""
    return HttpResponse(
        text.encode(), content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )  # fmt: skip


@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """Who looked at whose data: by person, case, customer and time."""
    asked = {name: request.GET.get(name, "").strip() for name in FIELDS}
    rows: list[LookView] = []
    following, problem = "", dict[str, str]()
    try:
        rows, following = ledger.access_search(
            person=asked["person"], case=asked["case"], customer=asked["customer"], since=_day(asked["since"], "since"),
            until=_day(asked["until"], "until", ends=True), before=request.GET.get("before", ""),
        )  # fmt: skip
    except BadInput as error:
        problem = {"field": error.field, "sentence": str(error)}
    more = "?" + urlencode({**{k: v for k, v in asked.items() if v}, "before": following}) if following else ""
    context = {
        "on": "ledger", "at": moment()[1], "asked": asked, "rows": rows, "more": more, "problem": problem,
        "narrowed": any(asked.values()), "people": selectors.people_list(), "later": "before" in request.GET,
        "may_open": may(request.user, "case"),
    }  # fmt: skip
    return render(request, "pages/ledger/access.html", context)


def _day(text: str, field: str, *, ends: bool = False) -> datetime | None:
    """A day in the house's zone, from its begin or to its end."""
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise BadInput("Give a day such as 2026-11-22.", field)
    day = found + timedelta(days=1) if ends else found
    return datetime.combine(day, time(), timezone.get_current_timezone())


@require_GET
def export(request: HttpRequest, reference: str) -> HttpResponse:
    """What a bundle holds and how it is verified; with ``take`` the bundle itself."""
    case = case_or_404(reference)
    as_of, notes = request.GET.get("as_of", ""), request.GET.get("notes", "1") != "0"
    if "take" not in request.GET:
        context = {"on": "cases", "case": case, "at": moment()[1], "as_of": as_of, "notes": notes}
        return render(request, "pages/ledger/export.html", context)
    try:
        bundle = keeping.case_export(
            case=case, actor=actor(request), notes=notes, route="case_export", hide=masker(request.user, case),
            as_of=selectors.copied_until(reader=request.user, case=case, as_of=_moment(as_of)),
            reviews=selectors.reviews_told(reader=request.user),
        )  # fmt: skip
    except (CaseError, HostError) as error:
        messages.error(request, str(error))
        return redirect("case_export", reference)
    return attached(json.dumps(bundle, ensure_ascii=False, indent=1) + "\n", f"case-{bundle['case']}.json")


def _moment(text: str) -> datetime | None:
    """As the address of a replay has it; one without a zone is meant in the page's."""
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip().replace(" ", "+"))
    except ValueError:
        found = None
    if found is None:
        raise BadInput("Give a moment such as 2026-11-19T14:06.", "as_of")
    return found if found.tzinfo else timezone.make_aware(found)
