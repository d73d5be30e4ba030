"""The replay of a case and its print. Read-only: the one thing recorded is that somebody looked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cases import selectors, services
from cases.views import Clock, Replay
from workspace.pages.present.freshness import of_source
from workspace.pages.present.page import zone
from workspace.pages.replay import cards, present
from workspace.pages.review.panel import panel as review_panel
from workspace.pages.trust.rail import rail
from workspace.pages.views.common import actor, case_or_404
from workspace.permissions import may

SHOWN = 50
PRINTED = 120
INTERNAL = ("note", "handover.", "owner.changed")
"""Kinds, or their beginnings, of what colleagues tell one another: left out of a print for others."""


@require_GET
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """``?as_of=`` is the moment (none: now), ``clock=`` known or happened, ``stop=`` the number of a stop of that
    moment's page."""
    case = case_or_404(reference)
    number = request.GET.get("stop", "")
    if number.isascii() and number.isdigit() and len(number) < 9:
        clock = _clock(request)
        moment = selectors.case_moment(case=case, stop=int(number), clock=clock, as_of=_moment(request))
        query = {"clock": clock, "review": _review(request), "all": request.GET.get("all", "")}
        return redirect(present.address("replay", case.reference, moment, **query))
    replay = _replay(request, case)
    limit = len(replay.stops) if request.GET.get("all") == "1" else SHOWN
    return _shown(request, "pages/replay/page.html", replay, limit)


@require_GET
def printed(request: HttpRequest, reference: str) -> HttpResponse:
    """The same on paper; ``?notes=0`` leaves out what colleagues told one another."""
    replay = _replay(request, case_or_404(reference))
    notes = request.GET.get("notes") != "0"
    return _shown(request, "pages/replay/print.html", replay, PRINTED, () if notes else INTERNAL, notes=notes)


def _replay(request: HttpRequest, case: Any) -> Replay:
    found = selectors.case_replay(case=case, as_of=_moment(request), clock=_clock(request))
    services.case_viewed(
        case=case, actor=actor(request), as_of=found.view.as_of, at=found.now.at, digest=cards.shown_digest(found),
        live=False, judged=found.judgement is not None and not selectors.reads_blind(reader=request.user, case=case),
    )  # fmt: skip
    return found


def _shown(
    request: HttpRequest, template: str, replay: Replay, limit: int, without: tuple[str, ...] = (), **more: Any
) -> HttpResponse:  # fmt: skip
    """Render in the case's own time zone."""
    review = _review(request)
    with timezone.override(zone(replay.view)):
        on_paper = "notes" in more
        beside = {} if on_paper else _beside(request, replay)
        hides = selectors.reads_blind(reader=request.user, case=replay.view.id) if on_paper else bool(
            beside["reviewing"].get("hides"))  # fmt: skip
        context = {
            "replay": replay, "view": replay.view, "reference": replay.view.reference, "now": replay.now,
            "at": replay.now.at, "track": present.track(replay, review), "see": cards.see(replay),
            "said": cards.said(replay), "past": present.past(replay, limit, without),
            "headline": cards.question(replay) if hides else cards.headline(replay), "hides": hides,
            "moment": present.label(replay.view.as_of, replay.now.at),
            "digest": cards.spaced(replay.digest), "clocks": _clocks(replay, review), "review": review,
            "here": present.url(replay, None if replay.is_now else replay.view.as_of, review=review),
            "now_url": present.url(replay, None, review=review),
            "all_url": present.url(replay, None if replay.is_now else replay.view.as_of, review=review, all="1"),
            "print_url": present.url(replay, replay.view.as_of, route="replay_print"),
            "bare_url": present.url(replay, replay.view.as_of, route="replay_print", notes="0"),
            "zone": timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " "),
            "on": "reviews", "notes": True,
            **_facts(request, replay), **beside, **more,
        }  # fmt: skip
        return render(request, template, context)


def _beside(request: HttpRequest, replay: Replay) -> dict[str, Any]:
    """What stands at the right: the review that the address names, and how trust goes."""
    return {"reviewing": review_panel(request, replay.view.reference, replay.view.as_of), **rail(request)}


def _facts(request: HttpRequest, replay: Replay) -> dict[str, Any]:
    """Small things that the templates print, said in the case's own zone."""
    view, at = replay.view, replay.now.at
    shown = replay.recorded.shown_at if replay.recorded else at
    return {
        "refs": [f"{r.scheme.replace('_', ' ')} {r.value}" for r in view.refs if r.is_matter][:2],
        "case_url": reverse("case", args=[view.reference]) if may(request.user, "case") else "",
        "sources": [(s.title, of_source(s, view.at)) for s in view.evidence.sources if s.asked],
        "answer_digest": cards.spaced(cards.shown_digest(replay)), "shown_at": present.label(shown, at),
        "long_moment": present.dated(view.as_of), "printed_at": present.dated(at), "printed_by": actor(request).name,
    }  # fmt: skip


def _clocks(replay: Replay, review: str) -> list[tuple[str, str, str, bool]]:
    """Each clock: its name, its words, its address, and whether it is chosen."""
    moment = None if replay.is_now else replay.view.as_of
    return [
        (name, words, present.address("replay", replay.view.reference, moment, clock=name, review=review),
         name == replay.clock)
        for name, words in present.CLOCKS
    ]  # fmt: skip


def _moment(request: HttpRequest) -> datetime | None:
    text = request.GET.get("as_of", "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Http404("as_of is a moment such as 2026-11-16T10:05:00+02:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_default_timezone())


def _clock(request: HttpRequest) -> Clock:
    return "happened" if request.GET.get("clock") == "happened" else "known"


def _review(request: HttpRequest) -> str:
    number = request.GET.get("review", "")
    return number if number.isascii() and number.isdigit() and len(number) < 18 else ""
