"""Masked values that a form must send back: sealed for one person and one field, so that the work goes on unseen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest, HttpResponseBase

from workspace.access.keys import fernet

FIELDS = ("ref", "recipient")
MARK = "sealed."
HOURS = 12 * 3600
_HIDDEN = re.compile(rf'(<input type="hidden" name="({"|".join(FIELDS)})" value=")([^"]+)(")')
_OPTION = re.compile(r"<option>([^<]+)</option>")


def sealed_over(text: str, masked: Callable[[str], str], user: Any) -> str:
    """The page with hidden values of forms sealed where they would be masked, and choices of a recipient alike."""

    def hidden(found: re.Match[str]) -> str:
        shown = found[3]
        return found[1] + seal(_plain(shown), found[2], user) + found[4] if masked(shown) != shown else found[0]

    def option(found: re.Match[str]) -> str:
        shown = masked(found[1])
        if shown == found[1]:
            return found[0]
        return f'<option value="{seal(_plain(found[1]), "recipient", user)}">{shown}</option>'

    return _OPTION.sub(option, _HIDDEN.sub(hidden, text))


def _plain(text: str) -> str:
    from html import unescape

    return unescape(text)


def seal(value: str, field: str, user: Any) -> str:
    return MARK + _seal().encrypt(f"{user.pk} {field} {value}".encode()).decode()


def unseal(text: str, field: str, user: Any) -> str:
    """What was sealed for this person and field; the text itself where it was not."""
    try:
        who, name, value = _seal().decrypt(text.removeprefix(MARK).encode(), ttl=HOURS).decode().split(" ", 2)
    except (InvalidToken, ValueError):
        return text
    return value if (who, name) == (str(user.pk), field) else text


def _seal() -> Fernet:
    return fernet("seals of forms")


class Unsealed:
    """Middleware: opens what a form sends back sealed, for whom and where it was sealed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if request.method != "POST" or request.path.startswith(("/api/", "/in/")):
            return
        if not any(v.startswith(MARK) for name in FIELDS for v in request.POST.getlist(name)):
            return
        request.as_sent = request.POST  # type: ignore[attr-defined]  # what its sender has seen of it
        given = request.POST.copy()
        for name in FIELDS:
            if name in given:
                given.setlist(name, [unseal(str(v), name, request.user) for v in given.getlist(name)])
        request.POST = given  # type: ignore[assignment]


__all__ = ["Unsealed", "seal", "sealed_over", "unseal"]
