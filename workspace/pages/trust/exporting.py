"""The board and the cases behind a number as CSV and JSON: the same numbers as the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse

from cases.views.measuring import Counted, TrustBoard
from workspace.access.fields import masked

FIGURE = ("measure", "title", "unit", "value", "numerator", "denominator", "observations", "low", "high", "few", "goal",
          "since", "until", "before_value", "before_numerator", "before_denominator")  # fmt: skip
COUNTED = ("case", "at", "event", "kind", "team", "question", "source", "numerator", "denominator", "seconds")


def board_export(board: TrustBoard, how: str, user: Any) -> HttpResponse:
    name = f"trust-{board.since}-{board.until}"
    if how == "json":
        return _json(f"{name}.json", masked(board.as_json(), user))
    rows = []
    for figure in board.figures:
        one = figure.as_json()
        before = one["before"] or {}
        rows.append({
            **one, **one["now"], "since": board.since.isoformat(), "until": board.until.isoformat(),
            **{f"before_{key}": before.get(key) for key in ("value", "numerator", "denominator")},
        })  # fmt: skip
    return _csv(f"{name}.csv", FIGURE, masked(rows, user))


def counted_export(rows: Iterable[Counted], how: str, name: str, user: Any) -> HttpResponse:
    found = masked([row.as_json() for row in rows], user)
    if how == "json":
        return _json(f"{name}.json", {"results": found})
    return _csv(f"{name}.csv", COUNTED, found)


def _json(name: str, content: Any) -> HttpResponse:
    return _named(JsonResponse(content, json_dumps_params={"indent": 1}), name)


def _csv(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return _named(HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8"), name)


def _named(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
