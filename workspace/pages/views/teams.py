"""Teams, their hours and people; and people who leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from cases import selectors, services
from cases.errors import CaseError
from cases.selectors import DAYS, is_open
from connectors.host.selectors import moment
from workspace.pages.views.common import actor
from workspace.permissions import may

DAY_WORDS = dict(zip(DAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))


@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Who is in which team, who leads it, and whether it works now."""
    at = moment()[1]
    found = [{"team": t, "open": is_open(t.hours, t.zone, at), "hours": _hours_words(t.hours),
              "questions": [selectors.question_title(q) for q in t.questions],
              "mine": any(m.person.id == request.user.pk for m in t.members)}
             for t in selectors.teams_list()]  # fmt: skip
    return _render(request, "pages/teams.html", {"teams": found, "people": selectors.people_list()})


def team(request: HttpRequest, name: str = "") -> HttpResponse:
    """Make a team, or change it."""
    held = next(iter(selectors.teams_list(name)), None) if name else None
    if name and held is None:
        raise Http404(f"There is no team {name}.")
    problem = field = ""
    given: Any = held
    if request.method == "POST":
        given = _given(request)
        try:
            made = services.team_save(name=name or slugify(given["title"])[:50], actor=actor(request), **given)
            messages.success(request, f"{made.title} is saved.")
            return redirect("team", made.name)
        except CaseError as error:
            problem, field = str(error), getattr(error, "field", "")
    chosen = given["questions"] if isinstance(given, dict) else held.questions if held else ()
    hours = given["hours"] if isinstance(given, dict) else held.hours if held else {}
    people = selectors.people_list()
    inside = {m.person.id for m in held.members} if held else set()
    context = {
        "team": held, "given": given, "problem": problem, "field": field, "people": people,
        "outside": [p for p in people if p.id not in inside],
        "lead": given["lead"] if isinstance(given, dict) else held.lead.username if held else "",
        "days": [(day, word, *(hours.get(day) or ("", ""))) for day, word in DAY_WORDS.items()],
        "questions": [(q, selectors.question_title(q), q in chosen) for q in selectors.questions_known()],
    }  # fmt: skip
    return _render(request, "pages/team.html", context, 422 if problem else 200)


def _given(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    spans = {day: [post.get(f"{day}-from", "").strip(), post.get(f"{day}-to", "").strip()] for day in DAYS}
    return {
        "title": post.get("title", "").strip(), "lead": post.get("lead", ""), "questions": post.getlist("question"),
        "zone": post.get("zone", "").strip() or "UTC", "hours": {day: span for day, span in spans.items() if any(span)},
    }  # fmt: skip


@require_POST
def member(request: HttpRequest, name: str) -> HttpResponse:
    """Put somebody into a team, take them out, or say whether they take new cases."""
    person, do = request.POST.get("person", ""), request.POST.get("do", "")
    try:
        if do == "remove":
            services.member_remove(team=name, person=person, actor=actor(request))
        else:
            services.member_save(team=name, person=person, actor=actor(request), taking=do != "rest")
    except CaseError as error:
        messages.error(request, str(error))
    return redirect(request.POST.get("back") == "team" and f"/teams/{name}/" or "teams")


def leave(request: HttpRequest, username: str) -> HttpResponse:
    """Switch an account off, after everything that it answers for has been handed over."""
    person = get_user_model().objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Http404(f"There is no active person {username}.")
    problem = ""
    if request.method == "POST":
        try:
            moved = services.person_deactivate(
                person=person, to=request.POST.get("to") or None, why=request.POST.get("why", ""), actor=actor(request)
            )
            name, cases = person.get_full_name() or username, f"{moved} case{'' if moved == 1 else 's'}"
            messages.success(request, f"{name}’s account is off; {cases} moved to colleagues.")
            return redirect("teams")
        except CaseError as error:
            problem = str(error)
    context = {
        "person": {"username": username, "name": person.get_full_name() or username}, "problem": problem,
        "held": selectors.held_by(person), "given": request.POST,
        "people": [p for p in selectors.people_list() if p.id != person.pk],
    }  # fmt: skip
    return _render(request, "pages/leave.html", context, 422 if problem else 200)


def _hours_words(hours: Any) -> str:
    """``Mon to Fri 09:00–17:00``; days with the same hours stand together."""
    parts: list[list[str]] = []
    for day in DAYS:
        span = hours.get(day)
        if not span:
            continue
        text = f"{span[0]}–{span[1]}"
        before = DAYS[DAYS.index(day) - 1] if day != "mon" else ""
        if parts and parts[-1][2] == text and parts[-1][1] == before:
            parts[-1][1] = day
        else:
            parts.append([day, day, text])
    words = [f"{DAY_WORDS[a]}{f' to {DAY_WORDS[b]}' if a != b else ''} {text}" for a, b, text in parts]
    return ", ".join(words) or "At any hour"


def _render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    supervises = may(request.user, "team_add")
    return render(request, template, {"on": "teams", "supervises": supervises, **context}, status=status)
