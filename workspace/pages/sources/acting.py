"""What an integrator does to a source. Every verb is one POST, one service and a redirect to the source's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from connectors.host import services
from connectors.host.errors import BadSource, HostError, UnknownSource
from connectors.host.selectors import moment
from connectors.sdk import SourceError
from workspace.pages.sources import console as consoles
from workspace.pages.sources.views import page_with

WAIT_S = 4.0
Verb = Callable[..., str | HttpResponse]


def verb(view: Verb) -> Callable[..., HttpResponse]:
    """A POST that ends where the form was; what went wrong is said there in its own words."""

    @wraps(view)
    def wrapped(request: HttpRequest, name: str, **more: Any) -> HttpResponse:
        back = _back(request, name)
        if request.method != "POST":
            return redirect("source", name)
        try:
            said = view(request, name, **more)
        except UnknownSource as error:
            messages.error(request, str(error))
            return redirect("sources")
        except (HostError, SourceError) as error:
            messages.error(request, str(error).partition(": ")[2] or str(error))
            return redirect(back)
        if isinstance(said, str):
            messages.success(request, said)
            return redirect(back)
        return said

    return wrapped


def _back(request: HttpRequest, name: str) -> str:
    """The page of this source that the form stands on."""
    inner = request.POST.get("back", "")
    return f"/sources/{name}/{inner}/" if inner in ("settings", "deliveries") else f"/sources/{name}/"


def who(request: HttpRequest) -> str:
    return request.user.get_full_name() or request.user.get_username()  # type: ignore[union-attr]


@verb
def pause(request: HttpRequest, name: str) -> str:
    source = services.source_pause(name=name, why=request.POST.get("why", ""), by=who(request))
    return f"{source.title} is paused. Its last facts are still shown, with their age."


@verb
def resume(request: HttpRequest, name: str) -> str:
    source = services.source_resume(name=name, by=who(request))
    return f"{source.title} is asked again."


@verb
def retry(request: HttpRequest, name: str) -> str:
    """Ask now. The page waits a few seconds for the result, never longer."""
    asking = services.source_retry(name=name, by=who(request))
    if not asking.wait(WAIT_S):
        return "It is being asked now. The result shows here as soon as it comes."
    return asking.sentence


@verb
def rotate(request: HttpRequest, name: str) -> str:
    field = request.POST.get("field", "")
    services.source_secret_rotate(name=name, field=field, reference=request.POST.get("reference", ""), by=who(request))
    if field == "webhook_secret":
        return "The new secret is in use; the one before it is still accepted."
    return "The secret is read from its new place."


@verb
def cursor(request: HttpRequest, name: str) -> str:
    """Read on from another place: a cursor as the source knows it, a day, or from now on."""
    to = request.POST.get("to", "")
    place: str | datetime | None = None
    if to == "cursor":
        place = request.POST.get("cursor", "").strip() or None
    elif to == "since":
        place = _day(request.POST.get("since", ""), name)
    services.source_cursor_reset(name=name, cursor=place, by=who(request))
    return "Polling goes on from there."


@verb
def backfill(request: HttpRequest, name: str) -> str:
    """Start, pause, resume or cancel reading a source's past."""
    do = request.POST.get("do", "")
    if do == "start":
        since = _day(request.POST.get("since", ""), name) if request.POST.get("since") else None
        services.backfill_start(source=name, since=since, by=who(request))
        return "Reading its past has begun. Lookups and polling go on meanwhile."
    verbs = {
        "pause": (services.backfill_pause, "Reading its past is paused. Its place is kept."),
        "resume": (services.backfill_resume, "Reading its past goes on from where it stopped."),
        "cancel": (services.backfill_cancel, "Reading its past is cancelled. What was read stays."),
    }
    if do not in verbs:
        return "Nothing was done."
    act, said = verbs[do]
    act(source=name, by=who(request))
    return said


@verb
def rerun(request: HttpRequest, name: str, number: int | None = None) -> str:
    """Work again on one delivery, or on all that failed."""
    if number is not None:
        services.delivery_rerun(id=number, by=who(request))
        return "The delivery is worked on again."
    count = services.deliveries_rerun(source=name, by=who(request))
    return f"{count} deliver{'y is' if count == 1 else 'ies are'} worked on again."


@verb
def drift(request: HttpRequest, name: str) -> str:
    """Somebody has looked: the changed fields are fine."""
    count = services.drift_accept(source=services.source_get(name), by=who(request))
    return f"{count} field{'' if count == 1 else 's'} noted as known."


@verb
def console(request: HttpRequest, name: str) -> HttpResponse:
    """Ask about one reference; nothing is saved."""
    scheme, value = request.POST.get("scheme", ""), request.POST.get("value", "")
    found = consoles.shown(name, scheme, value)
    if request.headers.get("HX-Request"):
        context = {"tried": found, "at": moment()[1], "mark": consoles.mark_of(name)}
        return render(request, "pages/sources/tried.html", context)
    return page_with(request, name, tried=found, scheme=scheme, value=value.strip())


def _day(text: str, name: str) -> datetime:
    """The beginning of a day in the source's zone. Raises BadSource."""
    try:
        day = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadSource("since: write a day such as 2026-10-01.") from None
    return day if day.tzinfo else day.replace(tzinfo=ZoneInfo(services.source_get(name).zone))
