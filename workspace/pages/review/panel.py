"""One review beside what it is about: the verdict's form, or what was signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from cases import selectors
from cases.errors import ReviewNotFound
from cases.views.reviewing import COACHING, OUTCOMES, VERDICTS, ReviewView
from connectors.host.selectors import moment
from workspace.permissions import may

HELD_WORDS = {
    "matches": "matches what was known", "differs": "differs from what was known",
    "unbacked": "nothing was known to back it", "promise": "a promise", "open": "nothing could speak for or against it",
}  # fmt: skip


def panel(request: HttpRequest, case: Any, as_of: datetime | None = None) -> dict[str, Any]:
    """What ``pages/review/panel.html`` shows, to be included as ``panel`` with the page's own context (its forms need
    the CSRF token). Without ``review`` where the address names no review of this case that this person may read.

    ``hides`` is true while the system's own verdict is to be kept back from the reader, whether or not the address
    names the review: the page around it then leaves out its headline, its matches and what became of the words.
    ``as_of`` is the moment that the page shows.
    """
    asked, reference = request.GET.get("review", ""), str(getattr(case, "pk", case))
    hides = {"hides": True} if selectors.reads_blind(reader=request.user, case=int(reference)) else {}
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return hides
    try:
        found = selectors.review_get(id=int(asked), reader=request.user)
    except ReviewNotFound:
        return hides
    return {**of(request, found, as_of=as_of), **hides} if found.reference == reference else hides


def of(
    request: HttpRequest, review: ReviewView, *, typed: Mapping[str, Any] | None = None, problem: str = "",
    as_of: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The same of a review at hand; ``typed`` is what its reader had typed when it could not be taken."""
    given = typed or {}
    return {
        "review": review, "hides": review.hidden, "problem": problem, "typed": given, "at": moment()[1],
        "elsewhere": as_of is not None and as_of != review.at, "moment": moment_url(review),
        "question": "Do you agree?" if review.statement else "Was it handled well?",
        "choices": [(v, word, given.get("verdict") == v) for v, word in VERDICTS.items()],
        "coaching": [(name, words, name in given.get("coaching", ())) for name, words in COACHING.items()],
        "coached": [COACHING[name] for name in review.verdict.coaching] if review.verdict else [],
        "agreed": VERDICTS.get(review.verdict.verdict, "") if review.verdict else "",
        "found": _found(review), "outcomes": OUTCOMES, "decided": _decided(review), "changes": [
            (v, word) for v, word in VERDICTS.items() if review.verdict and v != review.verdict.verdict],
        "may_go_on": may(request.user, "review_next"), "why_not": _why_not(request, review),
    }  # fmt: skip


def moment_url(review: ReviewView) -> str:
    """The replay of the case at the moment that is reviewed."""
    asked = {"as_of": review.at.isoformat(), "clock": "known", "review": review.id}
    return f"{reverse('replay', args=[review.reference])}?{urlencode(asked)}"


def _why_not(request: HttpRequest, review: ReviewView) -> str:
    """Why the reader can't sign off what waits."""
    if review.verdict or review.sealed or review.may_sign:
        return ""
    if review.person_id == request.user.pk:
        return "This is your own work. Somebody else reviews it."
    if review.holder_id not in (None, request.user.pk):
        return f"{review.holder} is reading this just now."
    return "This review waits for somebody else."


def _found(review: ReviewView) -> dict[str, Any]:
    """What the system found, once it may be seen."""
    system = review.verdict.system if review.verdict else None
    if system is None:
        return {}
    claims = [(c["words"], HELD_WORDS.get(c["held"], ""), c["held"] in ("differs", "unbacked"))
              for c in system.claims if c["held"] != "open"]  # fmt: skip
    return {"sentence": system.sentence, "claims": claims}


def _decided(review: ReviewView) -> str:
    answer = review.answer
    if answer is None or not answer.outcome:
        return ""
    return f"{OUTCOMES[answer.outcome]}{f' to {VERDICTS[answer.verdict].lower()}' if answer.verdict else ''}."
