"""The pages' one door: every template that is rendered for a request passes here, and what its reader may not see is
masked in what comes out, whatever view made it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from connectors.sdk.personal import CLASSES, looks
from workspace.access.fields import CLASS_WORDS, NONE, OWN, closed, granted, holds_card, learn, learn_case, rights
from workspace.access.masks import Veil
from workspace.access.seals import sealed_over
from workspace.permissions import may, roles_of
from workspace.rights import ACCOUNT, ANYBODY, PEOPLE, TABLE

OWN_WORK = frozenset({"letters", "letter", "day", "day_live", "bell", "demo_mailbox"})
"""Pages that show a person their own work alone, or letters that somebody has yet to give a case."""
NO_CUSTOMERS = frozenset(
    {r for r, allowed in TABLE.items() if allowed == ANYBODY or r.startswith(("people", "team", "subscription"))}
    | (ACCOUNT - {"access"})
    | {"person_leave", "source_add", "source_settings"}
)
"""Pages about colleagues, accounts, programs and settings, whose addresses are theirs to read and change."""
MARK = "<!--masked-->"
LARGEST = 20_000
"""So much of what somebody typed is known as theirs."""


class VeiledTemplates(DjangoTemplates):
    """Django's templates, veiled."""

    def get_template(self, template_name: str) -> Any:
        return Veiled(super().get_template(template_name))

    def from_string(self, template_code: str) -> Any:
        return Veiled(super().from_string(template_code))


class Veiled:
    """A template whose text is masked for whoever asked for it."""

    def __init__(self, template: Any) -> None:
        self.inner = template

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def render(self, context: Any = None, request: HttpRequest | None = None) -> SafeString:
        text = self.inner.render(context, request)
        veil, case = page_veil(request, context, text) if request is not None else (None, None)
        if veil is None or request is None:
            return text  # type: ignore[no-any-return]
        if veil.hidden - {"card"}:
            learn(veil, request.user, case, context)
            if case is not None and not hasattr(case, "evidence"):
                learn_case(veil, case)
        text = sealed_over(str(text), lambda found: veil.text(found, escape), request.user)
        shown = veil.text(text, escape)
        if MARK in shown and veil.used:
            shown = shown.replace(MARK, str(hint(request, veil, case)))
        return mark_safe(shown)


def page_veil(request: HttpRequest, context: Any, text: str) -> tuple[Veil | None, Any]:
    """What hides from the reader of this page, and the case that it is about."""
    user, match = getattr(request, "user", None), request.resolver_match
    if user is None or not user.is_authenticated or match is None or match.view_name in NO_CUSTOMERS:
        return None, None
    case = (context or {}).get("view") if hasattr((context or {}).get("view"), "evidence") else None
    case = case or match.kwargs.get("reference")
    if match.view_name == "letter":
        case = getattr((context or {}).get("row"), "case", None) or None
    own: bool | None = None
    if OWN in rights(user).values() and roles_of(user) & PEOPLE:
        mine = getattr(getattr(case, "owner", None), "id", None) == user.pk
        whose = match.view_name in OWN_WORK and not (match.view_name == "letter" and case)
        own = True if mine or whose else None
    reference = getattr(case, "reference", case)
    found = closed(user, reference, own=own)
    if not found or (found == {"card"} and not holds_card(text)):
        return None, None
    found -= granted(user, reference)
    return (Veil(found, typed(request)), case) if found else (None, None)


def typed(request: HttpRequest) -> list[str]:
    """What the reader has typed in this request: showing it back tells them nothing. What an address holds is shown
    only where they may search by it, since an address of many guesses would be told which is right."""
    never = {c for c, right in rights(request.user).items() if right == NONE}
    match = request.resolver_match
    if match is not None and match.view_name == "erasures" and may(request.user, "erasure_ask"):
        never = set()  # there they find whom to forget, by whatever they are given
    asked = [str(f)[:LARGEST] for f in request.GET.values()] if never != set(CLASSES) else []
    sent = getattr(request, "as_sent", request.POST) if request.method == "POST" else {}
    words = [str(f)[:LARGEST] for f in sent.values()]
    return [*_words(words), *(w for w in _words(asked) if not never & {c for c, _ in looks(w)})]


def _words(texts: list[str]) -> list[str]:
    return [*texts, *(word.strip(".,;:()<>") for text in texts for word in text.split())]


def hint(request: HttpRequest, veil: Veil, case: Any) -> str:
    """One line that says what is masked, and where to ask for it."""
    reference = str(getattr(case, "reference", case) or "")
    where = reverse("access") + (f"?case={reference}" if reference.isdigit() else "")
    words = [CLASS_WORDS[c] for c in sorted(veil.used)]
    return render_to_string("access/hint.html", {"words": words, "where": where})
