"""People and programs: accounts, roles, links for a password, and tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from workspace.access import selectors, services
from workspace.access.errors import AccessError
from workspace.pages.views.common import ROLE_WORDS
from workspace.permissions import has_second_step

SCOPE_WORDS = {"read": "Read only", "facts": "Facts of sources", "cases": "Cases, answers and promises"}


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who has an account, people first, then programs."""
    found = selectors.people_all()
    words = {p.username: _role_words(p.roles) for p in found}
    context = {
        "people": [(p, words[p.username]) for p in found if "program" not in p.roles],
        "programs": [(p, words[p.username]) for p in found if "program" in p.roles], "on": "people",
        "waiting": len(selectors.grants_waiting()),
    }  # fmt: skip
    return render(request, "access/people.html", context)


def add(request: HttpRequest) -> HttpResponse:
    """Make an account; its owner sets a password by the link that the next page offers."""
    given: dict[str, Any] = {"roles": ["rep"]}
    if request.method == "POST":
        given = {k: request.POST.get(k, "").strip() for k in ("username", "first", "last", "email")}
        given["roles"] = request.POST.getlist("role")
        try:
            made = services.person_add(by=request.user, **given)
        except AccessError as error:
            given |= {"problem": str(error), "field": error.field}
        else:
            messages.success(request, f"{selectors.named(made)} has an account now.")
            return redirect("people_one", made.get_username())
    context = {"given": given, "roles": _choices(given["roles"]), "on": "people"}
    return render(request, "access/people_add.html", context, status=422 if given.get("problem") else 200)


@require_GET
def one(request: HttpRequest, username: str) -> HttpResponse:
    """One account: roles, teams, ways to sign in, tokens."""
    return _one(request, _person(username))


@require_POST
def change(request: HttpRequest, username: str) -> HttpResponse:
    """Set roles, or switch an account on again."""
    person = _person(username)
    if request.POST.get("do") == "on":
        return _tried(request, person, lambda: services.person_on(by=request.user, person=person), "The account is on.")
    roles = request.POST.getlist("role")
    return _tried(
        request, person, lambda: services.person_roles(by=request.user, person=person, roles=roles), "Roles are saved."
    )


@require_POST
def link(request: HttpRequest, username: str) -> HttpResponse:
    """Show the link by which this person sets a password."""
    person = _person(username)
    try:
        return _one(request, person, link=services.person_link(by=request.user, person=person))
    except AccessError as error:
        messages.error(request, str(error))
        return redirect("people_one", username)


@require_POST
def token(request: HttpRequest, username: str) -> HttpResponse:
    """Make a token and show it, this once."""
    person = _person(username)
    try:
        made, key = services.token_make(
            user=person, name=request.POST.get("name", ""), by=request.user, scopes=request.POST.getlist("scope"),
            second_step=has_second_step(request.user, request.session),
        )  # fmt: skip
    except AccessError as error:
        messages.error(request, str(error))
        return redirect("people_one", username)
    return _one(request, person, token=key, token_name=made.name)


@require_POST
def token_end(request: HttpRequest, username: str, id: int) -> HttpResponse:
    """Nobody may use this token any more."""
    held = {t.pk for t in selectors.tokens_of(_person(username))}
    if id not in held:
        raise Http404
    services.token_end(id=id)
    messages.success(request, "The token is ended.")
    return redirect("people_one", username)


def _one(request: HttpRequest, person: Any, **more: Any) -> HttpResponse:
    view = selectors.person_view(person)
    context = {
        "person": view, "role_words": _role_words(view.roles), "roles": _choices(view.roles), "me_id": request.user.pk,
        "tokens": selectors.tokens_of(person), "on": "people", "scopes": SCOPE_WORDS.items(), **more,
    }  # fmt: skip
    shown = render(request, "access/people_one.html", context)
    shown["Cache-Control"] = "no-store"
    return shown


def _tried(request: HttpRequest, person: Any, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
        messages.success(request, said)
    except AccessError as error:
        messages.error(request, str(error))
    return redirect("people_one", person.get_username())


def _person(username: str) -> Any:
    found = selectors.person_get(username)
    if found is None:
        raise Http404(f"There is nobody of the user name {username}.")
    return found


def _role_words(roles: Any) -> str:
    return ", ".join(word for role, word in ROLE_WORDS.items() if role in roles) or "No role"


def _choices(chosen: Any) -> list[tuple[str, str, bool]]:
    return [(role, word, role in chosen) for role, word in ROLE_WORDS.items()]
