"""Adding a source and changing one. Settings are tried before they are saved: by their connector's own check, in the
bounded pool, for a few seconds at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from connectors.host import services
from connectors.host.errors import BadSource, HostError, UnknownConnector
from connectors.host.selectors import source_health, sources_list
from connectors.host.selectors.connectors import connector_class, connector_classes, connector_problems
from connectors.host.services import source_get, source_try
from connectors.sdk.secrets import names_secret
from workspace.pages.sources import wording
from workspace.pages.sources.acting import who
from workspace.pages.sources.forms import BEFORE, SourceForm

ASK_S, WAIT_S = 5.0, 6.0


@dataclass(frozen=True)
class Tried:
    """How the check of settings went."""

    fine: bool
    sentence: str
    took_ms: int = 0


@dataclass(frozen=True)
class Offer:
    """A connector that can be chosen."""

    slug: str
    title: str
    mark: tuple[str, str]
    can: str


def add(request: HttpRequest) -> HttpResponse:
    """Choose a connector; fill in its settings; check; save."""
    slug = request.POST.get("connector") or request.GET.get("connector", "")
    if not slug:
        context = {"on": "sources", "offers": _offers(), "broken": connector_problems()}
        return render(request, "pages/sources/choose.html", context)
    try:
        cls = connector_class(slug)
    except UnknownConnector as error:
        raise Http404(str(error)) from error
    if request.method != "POST":
        return _form(request, SourceForm.empty(cls, slug))
    return _submitted(request, SourceForm.typed(cls, slug, request.POST.dict()))


def settings(request: HttpRequest, name: str) -> HttpResponse:
    """Everything that can be changed of one source."""
    try:
        source, health = source_get(name), source_health(name)
        cls = connector_class(source.connector)
    except HostError as error:
        raise Http404(str(error)) from error
    if request.method == "POST":
        data = {**request.POST.dict(), "name": name}
        form = SourceForm.typed(cls, source.connector, data, saved=True)
        form.texts[f"s-{BEFORE}"] = str(source.settings.get(BEFORE, ""))
        return _submitted(request, form, source)
    return _form(request, SourceForm.of_source(cls, source, health), source)


def _submitted(request: HttpRequest, form: SourceForm, source: Any = None) -> HttpResponse:
    """Try the settings, then save them. Settings that don't work can be saved on purpose: the source is then paused."""
    wanted = form.read()
    do = request.POST.get("do", "save")
    if wanted and source is None and form.value("name") in _taken():
        form.problems["name"] = "Another source has this name."
    if wanted:
        _references(form, wanted["settings"], source.settings if source else {})
    if form.problems or not wanted:
        return _form(request, form, source, status=422)
    anyway = do == "save-paused"
    tried = None if anyway else _try(wanted)
    if do == "check" or (tried is not None and not tried.fine):
        return _form(request, form, source, tried=tried, status=200 if do == "check" else 422)
    try:
        services.source_save(**wanted, by=who(request), demo=bool(source and source.demo))
        if anyway and not (source and source.paused):
            services.source_pause(name=wanted["name"], why="saved without a check that worked", by=who(request))
    except HostError as error:
        name, _, said = str(error).partition(": ")
        form.problems[name if said else "settings"] = said or str(error)
        return _form(request, form, source, status=422)
    messages.success(request, f"{wanted['title']} is saved{', and paused' if anyway else ''}.")
    return redirect("source", wanted["name"])


def _references(form: SourceForm, wanted: dict[str, Any], saved: dict[str, Any]) -> None:
    """Before anything is tried: else what lies there would be sent to an address of the form's own."""
    try:
        services.references_allowed(wanted, saved)
    except BadSource as error:
        name, _, said = str(error).partition(": ")
        form.problems[name] = said


def _try(wanted: dict[str, Any]) -> Tried:
    values = {**wanted["settings"], "zone": wanted["zone"]}
    limit = min(ASK_S, wanted["source_limit_s"])
    asking = source_try(title=wanted["title"], connector=wanted["connector"], settings=values, limit_s=limit)
    if not asking.wait(WAIT_S):
        return Tried(False, f"{wanted['title']} has not answered within {WAIT_S:g} seconds.")
    return Tried(asking.fine, asking.sentence, asking.took_ms)


def _form(
    request: HttpRequest, form: SourceForm, source: Any = None, *, tried: Tried | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "on": "sources", "form": form, "source": source, "tried": tried, "mark": wording.mark(form.cls.domain),
        "kind": form.cls.title, "secrets": _secrets(source, form) if source else (),
        "can_backfill": form.cls.can("changes") and form.cls.can("cursor_at"),
        "health": source_health(source.name) if source else None,
    }  # fmt: skip
    return render(request, "pages/sources/form.html", context, status=status)


def _secrets(source: Any, form: SourceForm) -> list[tuple[str, str]]:
    """The secrets that can be rotated, with the references in use."""
    return [
        (name, str(source.settings.get(name, "")))
        for name in form.cls.Settings.model_fields
        if names_secret(name) and (source.settings.get(name) or (name == "webhook_secret" and form.cls.can("receive")))
    ]


def _taken() -> set[str]:
    return {s.name for s in sources_list()}


def _offers() -> list[Offer]:
    said = (("lookup", "can be asked"), ("changes", "tells what is new"), ("receive", "calls us"))
    found = []
    for slug, cls in sorted(connector_classes().items(), key=lambda item: item[1].title.lower()):
        can = ", ".join(words for question, words in said if cls.can(question))
        found.append(Offer(slug, cls.title, wording.mark(cls.domain), can))
    return found
