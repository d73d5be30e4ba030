"""What the sources pages show. Every GET is a whole page; ``live`` gives the same parts again, for a page kept open."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from connectors.host.errors import HostError
from connectors.host.selectors import malformed_list
from connectors.host.selectors.deliveries import deliveries_list, delivery_get
from workspace.pages.sources import present, wording
from workspace.permissions import may

PAGE_OF = 50


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All sources. Where one needs somebody, it stands open below the table."""
    found = present.table()
    first = found["first"]
    if first is None:
        return render(request, "pages/sources/page.html", _with(request, found))
    return _page(request, first.name, asked=False)


@require_GET
def source(request: HttpRequest, name: str) -> HttpResponse:
    """One source, below the table."""
    return _page(request, name)


@require_GET
def live(request: HttpRequest) -> HttpResponse:
    """The parts of an open page that change by themselves; ``?at=`` names the source that stands open."""
    name = request.GET.get("at", "")
    context = _context(request, name) if name else _with(request, present.table())
    return render(request, "pages/sources/live.html", context)


@require_GET
def deliveries(request: HttpRequest, name: str) -> HttpResponse:
    """What a source sent by itself, newest first."""
    before = request.GET.get("before", "")
    state = request.GET.get("state", "")
    found = deliveries_list(
        source=name, state=state if state in wording.DELIVERIES else "", limit=PAGE_OF,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
    )  # fmt: skip
    context = {
        **_context(request, name), "found": [present.delivery_row(d) for d in found], "chosen": state,
        "states": wording.DELIVERIES, "older": found[-1].id if len(found) == PAGE_OF else None,
    }  # fmt: skip
    return render(request, "pages/sources/deliveries.html", context)


@require_GET
def delivery(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One delivery: its headers, its raw body, what became of it."""
    try:
        found = delivery_get(number)
    except HostError as error:
        raise Http404(str(error)) from error
    if found.source != name:
        raise Http404("This delivery belongs to another source.")
    context = {**_context(request, name), "d": found, "d_look": wording.DELIVERIES[found.state]}
    return render(request, "pages/sources/delivery.html", context)


@require_GET
def unread(request: HttpRequest, name: str) -> HttpResponse:
    """Rows of a source that could not be read, each with the reason."""
    context = {**_context(request, name), "found": malformed_list(source=name, limit=PAGE_OF)}
    return render(request, "pages/sources/unread.html", context)


def _page(request: HttpRequest, name: str, *, asked: bool = True, **more: Any) -> HttpResponse:
    context = {**_context(request, name), "asked": asked, **more}
    return render(request, "pages/sources/page.html", context)


def page_with(request: HttpRequest, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """The page of one source with what a form brought."""
    response = _page(request, name, **more)
    response.status_code = status
    return response


def _context(request: HttpRequest, name: str) -> dict[str, Any]:
    table = present.table(name)
    health = next((h for h in table["healths"] if h.name == name), None)
    if health is None:
        raise Http404(f"There is no source {name!r} in use.")
    everything = request.GET.get("log") == "all"
    return {**_with(request, table), **present.detail(health, everything=everything)}


def _with(request: HttpRequest, found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "may_act": may(request.user, "source_pause"), "may_add": may(request.user, "source_add")}
