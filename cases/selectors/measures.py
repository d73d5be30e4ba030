"""The board of trust: every number from the weekly sums alone, and the cases behind each from its observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import F, Q, QuerySet, Sum

from cases.errors import BadCursor, BadInput, UnknownMeasure
from cases.measuring import BY_NAME, MEASURES, Measure, week_of
from cases.measuring.numbers import median
from cases.models import MeasureCursor, MeasureWeek, Observation, Team, TrustReader
from cases.models.measuring import ALL
from cases.selectors.case import question_title
from cases.views.measuring import (
    Counted,
    CountedPage,
    Figure,
    MeasureDetail,
    Part,
    Point,
    Tally,
    TrustBoard,
    TrustChoices,
)
from connectors.host.selectors import sources_list

WEEK = timedelta(days=7)
POINTS, MOST_WEEKS = 12, 520
NO_PLACE = "This is no place in the list. Begin again without it."
Teams = str | Sequence[str] | None


def measure_get(name: str) -> Measure:
    """The measure of this name. Raises UnknownMeasure, which lists them."""
    if name not in BY_NAME:
        raise UnknownMeasure(f"There is no measure {str(name)[:60]!r}. There are: {', '.join(BY_NAME)}.")
    return BY_NAME[name]


def trust_board(
    since: date, until: date, team: Teams = None, question: str | None = None, source: str | None = None,
    compare: tuple[date, date] | bool = True, measures: Sequence[Measure] = MEASURES,
) -> TrustBoard:  # fmt: skip
    """Every measure from the week of ``since`` to that of the day before ``until``, both widened to whole weeks.

    ``compare`` is another such span, True for as many weeks just before, or False. ``team`` may be several. One query,
    over sums alone. Raises BadInput.
    """
    first, end = weeks_of(since, until)
    other = _compared(first, end, compare)
    spots = _spots(first, end)
    lowest = min([first, spots[0][0], *(other[:1] if other else ())])
    highest = max([end, *(other[1:] if other else ())])
    # Every week by name: with the team they are the front of the index, so other teams' sums are not even walked.
    weeks = [lowest + n * WEEK for n in range((highest - lowest) // WEEK)]
    sums = MeasureWeek.objects.filter(measure__in=[m.name for m in measures], week__in=weeks)
    named = team or question or source
    found = _sums(_filtered(sums, team, question, source) if named else sums.filter(team=ALL))
    figures = []
    for measure in measures:
        by_week = found.get(measure.name, {})
        points = tuple(Point(a, b, _tally(measure, by_week, a, b)) for a, b in spots)
        before = _tally(measure, by_week, *other) if other else None
        applies = not source or bool(measure.by_source)
        figures.append(Figure(measure, _tally(measure, by_week, first, end), before, points, applies))
    at = MeasureCursor.objects.values_list("at", flat=True).first()
    compared, compared_end = other or (None, None)
    return TrustBoard(first, end, compared, compared_end, tuple(figures), at)


def measure_detail(
    name: str, since: date, until: date, team: Teams = None, question: str | None = None, source: str | None = None,
    compare: tuple[date, date] | bool = True,
) -> MeasureDetail:  # fmt: skip
    """One measure with its parts by team, question and source. Raises UnknownMeasure, BadInput."""
    measure = measure_get(name)
    board = trust_board(since, until, team, question, source, compare, (measure,))
    sums = MeasureWeek.objects.filter(week__gte=board.since, week__lt=board.until, measure=name)
    found = _filtered(sums.exclude(team=ALL), team, question, source)
    choices = _choices()
    return MeasureDetail(
        board, board.figures[0], _parts(measure, found, "team", dict(choices.teams), "No team"),
        _parts(measure, found, "question", dict(choices.questions), "No question"),
        _parts(measure, found.exclude(source=""), "source", dict(choices.sources), "") if measure.by_source else (),
        choices,
    )  # fmt: skip


def _choices() -> TrustChoices:
    sums = MeasureWeek.objects.exclude(team=ALL)
    asked = sums.filter(measure="volume").order_by("question").values_list("question", flat=True)
    said = sums.exclude(source="").order_by("source").values_list("source", flat=True).distinct()
    titles = {s.name: s.title for s in sources_list()}
    return TrustChoices(
        tuple(Team.objects.order_by("title").values_list("name", "title")),
        tuple((name, question_title(name)) for name in asked.distinct() if name),
        tuple((name, titles.get(name, name)) for name in said),
    )


def measure_cases(
    name: str, since: date, until: date, team: Teams = None, question: str | None = None, source: str | None = None, *,
    against: bool = False, cursor: str = "", limit: int = 50,
) -> CountedPage:  # fmt: skip
    """The observations behind a number, newest first. ``against``: only those that speak against the goal, e.g. what
    did not hold, or took longer. Raises UnknownMeasure, BadInput."""
    measure = measure_get(name)
    first, end = weeks_of(since, until)
    rows = _filtered(Observation.objects.filter(measure=name, week__gte=first, week__lt=end), team, question, source)
    if against:
        rows = rows.filter(_against(measure))
    total = rows.count()
    if cursor:
        at, id_ = _cursor(cursor)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=id_))
    rows = rows.annotate(seq=F("event__seq"), kind=F("event__kind"))
    some = list(rows.order_by("-at", "-id")[: limit + 1])
    more = f"{some[limit - 1].at.isoformat()}_{some[limit - 1].pk}" if len(some) > limit else None
    return CountedPage(tuple(_counted(row) for row in some[:limit]), total, more)


def weeks_of(since: date, until: date) -> tuple[date, date]:
    """Whole weeks that hold both days; ``until`` is the day after the last. Raises BadInput."""
    first, end = week_of(since), week_of(until - timedelta(days=1)) + WEEK
    if not first < end:
        raise BadInput("The first day must be before the last.", "since")
    if (end - first) // WEEK > MOST_WEEKS:
        raise BadInput("At most ten years can be shown at once.", "since")
    return first, end


# -- sums -----------------------------------------------------------------------------------------------
class _Sum(NamedTuple):
    n: int
    met: int
    of: int
    starts: Sequence[int]
    """Of each class of durations the shortest; ``counts`` says how many it has. A class may stand there twice."""
    counts: Sequence[int]


Weeks = Mapping[date, _Sum]


def _filtered(rows: QuerySet[Any], team: Teams, question: str | None, source: str | None) -> QuerySet[Any]:
    if team:
        rows = rows.filter(team__in=[team] if isinstance(team, str) else list(team))
    if question:
        rows = rows.filter(question=question)
    return rows.filter(source=source) if source else rows


def _sums(rows: QuerySet[MeasureWeek]) -> dict[str, dict[date, _Sum]]:
    """By measure and week; a row of the answer holds a week's classes of durations as two arrays."""
    found: dict[str, dict[date, _Sum]] = {}
    for measure, week, *summed in rows.order_by().values_list("measure", "week").annotate(**_SUMMED):
        found.setdefault(measure, {})[week] = _Sum(*summed)
    return found


_TIMED = Q(bucket__gte=0)
_SUMMED = {
    "all_n": Sum("n"), "all_met": Sum("met"), "all_of": Sum("of"),
    "starts": ArrayAgg("bucket", filter=_TIMED, default=[]), "counts": ArrayAgg("n", filter=_TIMED, default=[]),
}  # fmt: skip


def _tally(measure: Measure, weeks: Weeks, since: date, until: date) -> Tally:
    return _over(measure, [one for week, one in weeks.items() if since <= week < until])


def _over(measure: Measure, sums: Sequence[_Sum]) -> Tally:
    classes = chain.from_iterable(zip(s.starts, s.counts, strict=True) for s in sums)
    return Tally(measure, sum(s.n for s in sums), sum(s.met for s in sums), sum(s.of for s in sums), median(classes))


def _parts(
    measure: Measure, rows: QuerySet[MeasureWeek], by: str, titles: Mapping[str, str], nothing: str
) -> tuple[Part, ...]:
    found = rows.order_by().values_list(by).annotate(**_SUMMED)
    parts = [
        Part(name, titles.get(name, name) if name else nothing, _over(measure, [_Sum(*summed)]))
        for name, *summed in found
    ]
    return tuple(sorted(parts, key=lambda p: (-p.tally.n, p.title)))


def _compared(first: date, end: date, compare: tuple[date, date] | bool) -> tuple[date, date] | None:
    if compare is False:
        return None
    return (first - (end - first), first) if compare is True else weeks_of(*compare)


def _spots(first: date, end: date) -> list[tuple[date, date]]:
    """Twelve points: the weeks up to the end, or longer stretches where more weeks were asked for."""
    step = -(-((end - first) // WEEK) // POINTS) * WEEK
    return [(end - n * step, end - (n - 1) * step) for n in range(POINTS, 0, -1)]


# -- the cases behind a number --------------------------------------------------------------------------
def _against(measure: Measure) -> Q:
    if measure.unit == "duration":
        return Q(seconds__gt=int(measure.goal or 0))
    if measure.direction == "up":
        return Q(met__lt=F("of"))
    return Q(met__gt=0)


def _cursor(text: str) -> tuple[datetime, int]:
    at, _, id_ = text.rpartition("_")
    try:
        moment, number = datetime.fromisoformat(at), int(id_)
    except ValueError:
        raise BadCursor(NO_PLACE, "cursor") from None
    if moment.tzinfo is None or not 0 <= number < 2**63:
        raise BadCursor(NO_PLACE, "cursor")
    return moment, number


def _counted(row: Any) -> Counted:
    return Counted(
        str(row.case_id), row.at, row.seq, row.kind, row.team, row.question, row.source, row.met, row.of, row.seconds
    )


def trust_reader(person: Any) -> bool:
    """Whether somebody has asked for the weekly letter."""
    return TrustReader.objects.filter(person=person.pk).exists()
