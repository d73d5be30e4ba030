"""The board and the cases behind a number as CSV and JSON: the same numbers as the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse

from cases.views.measuring import Counted, Figure, Tally, TrustBoard

FIGURE = ("measure", "title", "unit", "value", "numerator", "denominator", "observations", "low", "high", "few", "goal",
          "since", "until", "before_value", "before_numerator", "before_denominator")  # fmt: skip
COUNTED = ("case", "at", "event", "kind", "team", "question", "source", "numerator", "denominator", "seconds")


def tally_json(tally: Tally) -> dict[str, Any]:
    """``value`` is a share or mean, seconds of a median, or a count; ``low`` and ``high`` bound a share with 95 %."""
    low, high = tally.interval or (None, None)
    return {
        "value": _short(tally.value), "numerator": tally.met, "denominator": tally.of, "observations": tally.n,
        "low": _short(low), "high": _short(high), "few": tally.few,
    }  # fmt: skip


def figure_json(figure: Figure) -> dict[str, Any]:
    measure = figure.measure
    return {
        "measure": measure.name, "title": measure.title, "definition": measure.definition, "formula": measure.formula,
        "unit": measure.unit, "better": measure.direction, "goal": measure.goal, "efficiency": measure.efficiency,
        "applies": figure.applies, "now": tally_json(figure.now),
        "before": tally_json(figure.before) if figure.before else None,
        "points": [{"since": p.since.isoformat(), "until": p.until.isoformat(), **tally_json(p.tally)}
                   for p in figure.points],
    }  # fmt: skip


def board_json(board: TrustBoard) -> dict[str, Any]:
    return {
        "since": board.since.isoformat(), "until": board.until.isoformat(),
        "compare_since": board.compare_since.isoformat() if board.compare_since else None,
        "compare_until": board.compare_until.isoformat() if board.compare_until else None,
        "counted_to": board.counted_to.isoformat() if board.counted_to else None,
        "measures": [figure_json(f) for f in board.figures],
    }  # fmt: skip


def counted_json(row: Counted) -> dict[str, Any]:
    return {
        "case": row.reference, "at": row.at.isoformat(), "event": row.seq, "kind": row.kind, "team": row.team,
        "question": row.question, "source": row.source, "numerator": row.met, "denominator": row.of,
        "seconds": row.seconds,
    }  # fmt: skip


def board_export(board: TrustBoard, how: str) -> HttpResponse:
    name = f"trust-{board.since}-{board.until}"
    if how == "json":
        return _named(JsonResponse(board_json(board), json_dumps_params={"indent": 1}), f"{name}.json")
    rows = []
    for figure in board.figures:
        one = figure_json(figure)
        before = one["before"] or {}
        rows.append({
            **one, **one["now"], "since": board.since.isoformat(), "until": board.until.isoformat(),
            **{f"before_{key}": before.get(key) for key in ("value", "numerator", "denominator")},
        })  # fmt: skip
    return _csv(f"{name}.csv", FIGURE, rows)


def counted_export(rows: Iterable[Counted], how: str, name: str) -> HttpResponse:
    found = [counted_json(row) for row in rows]
    if how == "json":
        return _named(JsonResponse({"results": found}, json_dumps_params={"indent": 1}), f"{name}.json")
    return _csv(f"{name}.csv", COUNTED, found)


def _csv(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> HttpResponse:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return _named(HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8"), name)


def _named(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
