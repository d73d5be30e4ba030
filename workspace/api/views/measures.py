"""Measures of trust: every number with its definition, its counts, and the cases behind it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors
from cases.errors import BadInput
from workspace import disclosing
from workspace.api.base import ApiView
from workspace.api.docs import reads
from workspace.api.schemas import number, one_of, shape, text, time
from workspace.measures import COMPARE, asked

COUNTS = {
    "value": s.FloatField(allow_null=True, help_text="a share or mean, seconds of a median, or a count"),
    "numerator": number(), "denominator": number(), "observations": number("how many things were counted"),
    "low": s.FloatField(allow_null=True, help_text="a share lies with 95% between low and high"),
    "high": s.FloatField(allow_null=True), "few": s.BooleanField(help_text="too few to say anything about"),
}  # fmt: skip
TallyOut = shape("MeasureTally", COUNTS)
PointOut = shape("MeasurePoint", {"since": s.DateField(), "until": s.DateField(help_text="the day after"), **COUNTS})
MeasureOut = shape("Measure", {
    "measure": text("its name"), "title": text(), "definition": text(), "formula": text(),
    "unit": one_of(("share", "mean", "duration", "count")), "better": one_of(("up", "down", "none")),
    "goal": s.FloatField(allow_null=True), "efficiency": s.BooleanField(help_text="shown beside, never alone"),
    "applies": s.BooleanField(help_text="false where a source was asked for and this measure has none"),
    "now": TallyOut(), "before": TallyOut(allow_null=True), "points": PointOut(many=True),
})  # fmt: skip
WEEKS = {
    "since": s.DateField(help_text="a Monday"), "until": s.DateField(help_text="the day after the last"),
    "compare_since": s.DateField(allow_null=True), "compare_until": s.DateField(allow_null=True),
    "counted_to": time("the last event that is counted", allow_null=True),
}  # fmt: skip
MeasuresOut = shape("Measures", {**WEEKS, "measures": MeasureOut(many=True)})
PartOut = shape("MeasurePart", {"name": text(), "title": text(), **COUNTS})
CountedOut = shape("MeasureCase", {
    "case": text("reference"), "at": time(), "event": number("its number in the case"), "kind": text(), "team": text(),
    "question": text(), "source": text(), "numerator": number(), "denominator": number(),
    "seconds": number(allow_null=True),
})  # fmt: skip
OneOut = shape("MeasureDetail", {
    **WEEKS, "measure": MeasureOut(), "teams": PartOut(many=True), "questions": PartOut(many=True),
    "sources": PartOut(many=True), "total": number("how many observations the list has"),
    "results": CountedOut(many=True), "next": text("the cursor of the next page", allow_null=True),
})  # fmt: skip
PARAMS = {
    "since": "first day, e.g. 2026-10-26; widened to whole weeks from Monday, UTC. Default: four weeks",
    "until": "last day", "team": "a team's name", "question": "a question's name", "source": "a source's name",
    "compare": "what to compare with",
}  # fmt: skip
ENUMS = {"compare": [name for name, _ in COMPARE], "show": ["all", "against"]}


class Measures(ApiView):
    """Every measure over some weeks. Leads see the teams that they lead."""

    params = PARAMS

    @reads("measures_list", "List the measures of trust over some weeks", MeasuresOut, PARAMS, ENUMS)
    def get(self, request: Request) -> Response:
        want = asked(self.query, request.user)
        return Response(selectors.trust_board(**want.span, **want.filters).as_json())


class Measure(ApiView):
    """One measure, its parts, and the cases behind it."""

    params = {
        **PARAMS, "show": "against: only what speaks against the goal", "cursor": "from the page before",
        "limit": "at most so many cases, 1 to 500; default 50",
    }  # fmt: skip

    @reads("measures_read", "Read one measure with its parts and the cases behind it", OneOut, params, ENUMS)
    def get(self, request: Request, name: str) -> Response:
        get = self.query
        want = asked(get, request.user)
        found = selectors.measure_detail(name, **want.span, **want.filters)
        page = selectors.measure_cases(
            name, want.since, want.until, **want.filters, against=_show(get.get("show", "")),
            cursor=get.get("cursor", ""), limit=_limit(get.get("limit", "")),
        )  # fmt: skip
        parts = {key: [p.as_json() for p in getattr(found, key)] for key in ("teams", "questions", "sources")}
        body: dict[str, Any] = {**found.board.weeks_json(), "measure": found.figure.as_json(), **parts}
        rows = [row.as_json() for row in page.rows]
        disclosing.listed(request, [row.reference for row in page.rows])
        return Response({**body, "total": page.total, "results": rows, "next": page.next_cursor})


def _show(text: str) -> bool:
    if text not in ("", "all", "against"):
        raise BadInput("Show one of: all, against.", "show")
    return text == "against"


def _limit(text: str) -> int:
    if not text:
        return 50
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 500):
        raise BadInput("Ask for 1 to 500 cases at once.", "limit")
    return int(text)
