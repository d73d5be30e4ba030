"""The review queue, one review, and what people read of their own work."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from cases import selectors, services
from cases.errors import CaseError, ReviewNotFound
from cases.views.reviewing import COACHING, ENOUGH, RULES, VERDICTS, ReviewAgreement, ReviewView
from connectors.host.selectors import moment
from workspace import disclosing
from workspace.pages.review.panel import moment_url, of
from workspace.pages.views.common import actor
from workspace.permissions import may

LISTS = {"waiting": "Waiting", "appealed": "Appealed", "signed": "Signed off"}
MOST = 100
AGREES = {"yes": "Agrees", "partly": "Agrees in part", "no": "Does not agree"}


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, why, and the way to the next."""
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "rule", "team")}
    state = asked["state"] if asked["state"] in LISTS else "waiting"
    rule = asked["rule"] if asked["rule"] in RULES else ""
    rows = selectors.reviews_list(reader=request.user, state=state, rule=rule, team=asked["team"], limit=MOST)
    disclosing.listed(request, [row.reference for row in rows])
    counts = selectors.reviews_counts(reader=request.user)
    kept = {"rule": rule, "team": asked["team"]}
    context = {
        "on": "reviews", "at": moment()[1], "rows": [(row, moment_url(row)) for row in rows], "counts": counts,
        "state": state, "rule": rule, "team": asked["team"], "rules": RULES, "most": MOST,
        "teams": selectors.reviews_teams(reader=request.user), "may_sign": may(request.user, "review_next"),
        "lists": [(name, word, "?" + urlencode({"state": name, **kept})) for name, word in LISTS.items()],
        "agreement_rows": _agreement(selectors.reviews_agreement(reader=request.user)), "enough": ENOUGH,
    }  # fmt: skip
    return render(request, "pages/review/queue.html", context)


@require_POST
def following(request: HttpRequest) -> HttpResponse:
    """Take the next one; what was read before it is free for others again."""
    after = request.POST.get("after", "")
    try:
        found = services.review_next(
            actor=actor(request), after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
        )
    except CaseError as error:
        messages.error(request, str(error))
        return redirect("reviews")
    if found is None:
        messages.info(request, "Nothing else waits for you to review.")
        return redirect("reviews")
    return redirect("review", found.pk)


@require_GET
def one(request: HttpRequest, id: str) -> HttpResponse:
    """To the case at the moment that is reviewed; what waits is held for this reader meanwhile. Whoever is reviewed
    and has no replays is led to it among their notes."""
    found = _found(request, id)
    if not may(request.user, "replay"):
        return redirect(f"{reverse('reviews_mine')}#m-{found.id}")
    if found.may_sign:
        try:
            services.review_take(review=found.id, actor=actor(request))
        except CaseError as error:
            messages.info(request, str(error))
    return redirect(moment_url(found))


@require_POST
def verdict(request: HttpRequest, id: str) -> HttpResponse:
    """Sign off. What can't be taken comes back with everything that was typed."""
    found, post = _found(request, id), request.POST
    given: dict[str, Any] = {
        "verdict": post.get("verdict", ""), "note": post.get("note", ""), "coaching": post.getlist("coaching"),
        "coaching_words": post.get("coaching_words", ""),
    }  # fmt: skip
    try:
        services.review_sign(review=found.id, actor=actor(request), **given)
    except CaseError as error:
        return _alone(request, found, given, str(error))
    messages.success(request, "Signed off.")
    return redirect("review", found.id)


@require_POST
def decide(request: HttpRequest, id: str) -> HttpResponse:
    """Decide an appeal: the verdict stands, or becomes another."""
    found, post = _found(request, id), request.POST
    chosen = post.get("verdict", "")
    given = {"outcome": "changed" if chosen in VERDICTS else chosen, "why": post.get("why", ""),
             "verdict": chosen if chosen in VERDICTS else ""}  # fmt: skip
    try:
        services.review_decide(review=found.id, actor=actor(request), **given)
    except CaseError as error:
        return _alone(request, found, {"why": post.get("why", ""), "decision": chosen}, str(error))
    messages.success(request, "Decided. Both have been told.")
    return redirect("review", found.id)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What others wrote about one's own work."""
    return _mine(request)


@require_POST
def answer(request: HttpRequest, id: str) -> HttpResponse:
    """Answer one of them, or appeal."""
    how, text = request.POST.get("how", ""), request.POST.get("text", "")
    try:
        services.review_answer(review=_found(request, id).id, how=how, text=text, actor=actor(request))
    except CaseError as error:
        return _mine(request, {"id": int(id), "text": text, "problem": str(error)}, 422)
    messages.success(request, "Sent. Somebody else decides." if how == "appeal" else "Sent.")
    return redirect("reviews_mine")


def _agreement(found: ReviewAgreement) -> list[tuple[str, dict[str, Any]]]:
    """Three rows, with a dash where there is nothing to say yet."""
    rows = (("Two reviewers", found.between), ("Reviewer and Throughline, read blind", found.system_blind),
            ("Reviewer and Throughline, seen beforehand", found.system_seen))  # fmt: skip
    return [
        (words, {"same": a.same, "pairs": a.pairs, "share": f"{a.share:.0%}" if a.share is not None else "–",
                 "range": f"{a.low:.0%} to {a.high:.0%}" if a.pairs else "–",
                 "kappa": f"{a.kappa:.2f}" if a.kappa is not None else "–"})
        for words, a in rows
    ]  # fmt: skip


def _mine(request: HttpRequest, typed: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    rows = [
        (r, moment_url(r), [COACHING[c] for c in r.verdict.coaching], AGREES[r.verdict.verdict])
        for r in selectors.reviews_mine(person=request.user) if r.verdict is not None
    ]  # fmt: skip
    context = {"on": "reviews_mine", "at": moment()[1], "rows": rows, "typed": typed or {}, "verdicts": VERDICTS,
               "open": sum(r[0].may_answer for r in rows), "may_replay": may(request.user, "replay")}  # fmt: skip
    return render(request, "pages/review/mine.html", context, status=status)


def _alone(request: HttpRequest, review: ReviewView, typed: dict[str, Any], problem: str) -> HttpResponse:
    """The panel on a page of its own: nothing that was typed is lost, whatever has changed meanwhile."""
    fresh = _found(request, str(review.id))
    context = {"on": "reviews", "at": moment()[1], "panel": of(request, fresh, typed=typed, problem=problem)}
    return render(request, "pages/review/one.html", context, status=422)


def _found(request: HttpRequest, id: str) -> ReviewView:
    try:
        return selectors.review_get(id=int(id), reader=request.user)
    except ReviewNotFound as error:
        raise Http404(str(error)) from error
