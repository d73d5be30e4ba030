"""What is sent must hold no mask: whoever read ``m•••@example.com`` and sends it back would store dots for an address.

A customer's own words are taken as they came, and facts as their source says them, but in fields that the sender sees
masked. The end of a card (``•••• 4417``) is no mask to who sees bank references, since everybody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from connectors.sdk.personal import field_class
from workspace.access.fields import hidden
from workspace.access.masks import DOTS
from workspace.rights import ACCOUNT, ANYBODY, SAFE, TABLE

_MASK = re.compile(r"\S*•{3,}\S*(?:[ \u00a0]\d{2,4}\b)?")
_CARD_END = re.compile(r"[^\w•]*•{3,}[ \u00a0]?\d{4}\W*")
CUSTOMER_SAYS: dict[str, tuple[str, ...]] = {
    "api_cases": ("message",), "cases_open": ("words",), "demo_mailbox": ("text", "subject"),
}  # fmt: skip


def mask_sent(given: Any, user: Any, route: str, case: Any = None) -> str:
    """The first mask in what somebody sends by this route (JSON, or the fields of a form); empty for none."""
    if not any(DOTS in text for text in _texts(given)):
        return ""
    texts = list(_facts(given, hidden(user), "") if route == "api_facts" else _texts(_of_theirs(given, route)))
    masks = [found[0] for text in texts for found in _MASK.finditer(text)]
    if route != "api_facts" and "bank_reference" not in hidden(user, case):
        masks = [mask for mask in masks if not _CARD_END.fullmatch(mask)]
    return masks[0].strip("\"'“”.,;") if masks else ""


def said(mask: str) -> str:
    """Why a mask is not taken, and what to do."""
    return f"“{mask}” is a mask, so nothing was stored: write the whole value, or ask for access to it."


def _of_theirs(given: Any, route: str) -> Any:
    if not isinstance(given, Mapping):
        return given
    says = CUSTOMER_SAYS.get(route, ())
    if route == "api_messages" and given.get("direction") == "in":
        says = ("text", "author")
    return {name: value for name, value in given.items() if name not in says}


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping | list | tuple):
        for inner in given.values() if isinstance(given, Mapping) else given:
            yield from _texts(inner)


def _facts(given: Any, classes: Collection[str], inside: str) -> Iterator[str]:
    """The texts of fields that carry one of these classes."""
    if isinstance(given, str):
        yield from (given,) if inside in classes else ()
    elif isinstance(given, Mapping):
        for name, inner in given.items():
            yield from _facts(inner, classes, field_class(str(name)[:80], inside))
    elif isinstance(given, list):
        for inner in given:
            yield from _facts(inner, classes, inside)


class NoMasks:
    """Middleware: a form that would store a mask is given back with a sentence. The API says it in ``ApiView``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or request.method in SAFE or request.path.startswith(("/api/", "/in/")):
            return None
        if TABLE.get(match.view_name) == ANYBODY or match.view_name in ACCOUNT - {"access_ask"}:
            return None
        mask = mask_sent(dict(request.POST.lists()), request.user, match.view_name, match.kwargs.get("reference"))
        if not mask:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(said(mask), status=422, content_type="text/plain; charset=utf-8")
        words = f"{said(mask)} Go back: what you wrote is still there."
        return render(request, "pages/error.html", {"title": "This holds a mask", "words": words}, status=422)
