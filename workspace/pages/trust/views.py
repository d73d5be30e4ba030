"""The board, one measure, and who wants the weekly letter."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import selectors, services
from cases.errors import BadInput, UnknownMeasure
from cases.views.measured_words import change_words, goal_words, interval_words, said, span_words
from cases.views.measuring import MeasureDetail, Part, TrustChoices
from connectors.host.selectors import house_zone, moment
from workspace import disclosing
from workspace.measures import COMPARE, DAY, Asked, asked
from workspace.pages.trust import charts, exporting, present
from workspace.permissions import may

FORMATS = ("csv", "json")
MOST_ROWS = 10_000
"""So many rows of a list are exported at once."""


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Every measure, its goal, what has changed, and twelve points."""
    try:
        want = asked(request.GET, request.user)
        found = selectors.trust_board(**want.span, **want.filters)
    except BadInput as error:
        return _refused(request, str(error))
    if request.GET.get("format") in FORMATS:
        return exporting.board_export(found, request.GET["format"], request.user)
    alone = {**want.span, "compare": False, **want.filters}
    wrong = selectors.measure_detail("source_wrong", **alone)
    context = {
        "groups": present.groups(found, wrong.sources), "headline": present.headline(found), "query": want.query(),
        "letter": may(request.user, "trust_letter") and selectors.trust_reader(request.user), "board": found,
        "may_letter": may(request.user, "trust_letter"),
    }  # fmt: skip
    return _shown(request, "pages/trust/board.html", want, wrong.choices, context)


@require_GET
def one(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure: what it is, how it went, by whom and where, and the cases behind it."""
    try:
        want = asked(request.GET, request.user)
        found = selectors.measure_detail(measure, **want.span, **want.filters)
        against = request.GET.get("show", "") != "all" and found.figure.measure.goal is not None
        span = {"since": want.since, "until": want.until, **want.filters, "against": against}
        if request.GET.get("format") in FORMATS:
            name = f"{measure}-{want.since}-{want.until}"
            page = selectors.measure_cases(measure, **span, limit=MOST_ROWS)
            if page.next_cursor:
                return _refused(request, f"{page.total:,} rows are more than a file takes at once, {MOST_ROWS:,}. "
                                         "Choose fewer weeks, one team or one question.")  # fmt: skip
            disclosing.listed(request, [row.reference for row in page.rows])
            return exporting.counted_export(page.rows, request.GET["format"], name, request.user)
        page = selectors.measure_cases(measure, **span, cursor=request.GET.get("after", ""), limit=25)
    except UnknownMeasure as error:
        raise Http404(str(error)) from error
    except BadInput as error:
        return _refused(request, str(error))
    disclosing.listed(request, [row.reference for row in page.rows])
    context = {**_detail(found, want), **_cases(found, page, want, against), "board": found.board}
    return _shown(request, "pages/trust/measure.html", want, found.choices, context)


@require_POST
def letter(request: HttpRequest) -> HttpResponse:
    """Ask for the weekly letter, or no longer."""
    wanted = request.POST.get("wanted") == "1"
    services.trust_reader_set(person=request.user, wanted=wanted)
    if wanted and not getattr(request.user, "email", ""):
        messages.warning(request, "Noted. Your account has no e-mail address yet, so nothing can be sent.")
    else:
        messages.success(request, "Every Monday you get last week’s numbers." if wanted else "No more weekly letters.")
    return redirect("trust")


def _detail(found: MeasureDetail, want: Asked) -> dict[str, Any]:
    figure = found.figure
    points = [(p, want.query(since=p.since.isoformat(), until=(p.until - DAY).isoformat())) for p in figure.points]
    return {
        "m": figure.measure, "c": present.one_card(found), "said": said(figure, found.sources),
        "goal": goal_words(figure.measure), "interval": interval_words(figure.now),
        "chart": charts.chart(figure, said(figure)),
        "points": [present.point_row(*one) for one in reversed(points)], "tally": figure.now,
        "before": figure.before, "change": change_words(figure), "parts": [
            (f"By {by}", by.capitalize(), _rows(parts, by, want)) for by, parts in (
                ("team", found.teams), ("question", found.questions), ("source", found.sources)) if parts],
        "source_counts": figure.measure.name in ("held_up", "caught_before", "found_after"),
    }  # fmt: skip


def _rows(parts: tuple[Part, ...], by: str, want: Asked) -> list[dict[str, Any]]:
    most = max((p.tally.n for p in parts), default=0)
    return [present.part_row(p, most, want.query(**{by: p.name})) for p in parts]


def _cases(found: MeasureDetail, page: Any, want: Asked, against: bool) -> dict[str, Any]:
    choices = found.choices
    titles = {"team": dict(choices.teams), "question": dict(choices.questions), "source": dict(choices.sources)}
    rows = [present.counted_row(row, found.figure.measure, titles) for row in page.rows]
    show = "" if against else "all"
    return {
        "rows": rows, "total": page.total, "against": against, "query": want.query(show=show),
        "next": want.query(show=show, after=page.next_cursor) if page.next_cursor else "",
        "query_all": want.query(show="all"), "query_against": want.query(),
    }  # fmt: skip


def _shown(
    request: HttpRequest, template: str, want: Asked, choices: TrustChoices, context: dict[str, Any]
) -> HttpResponse:
    teams = [t for t in choices.teams if want.teams is None or t[0] in want.teams]
    more = {
        "on": "trust", "want": want, "last": want.until - DAY, "weeks": span_words(want.since, want.until),
        "choices": {"team": teams, "question": choices.questions, "source": choices.sources}, "compare": COMPARE,
        "at": moment()[1], "leads_none": want.teams == (),
    }  # fmt: skip
    with timezone.override(house_zone()):
        return render(request, template, {**context, **more})


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    context = {"on": "trust", "title": "This can’t be shown", "sentence": sentence}
    return render(request, "pages/trust/refused.html", context, status=422)
