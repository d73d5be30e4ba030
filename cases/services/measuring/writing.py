"""Observations and the weekly sums over them, written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from cases.measuring import Seen, observe
from cases.measuring.numbers import FINE, bucket
from cases.models import MeasureWeek, Observation
from cases.models.measuring import ALL
from cases.services.measuring.loading import histories

FIELDS = ("case_id", "measure", "key", "at", "week", "team", "question", "source", "met", "of", "seconds", "event_id")
_ADD = """
INSERT INTO cases_measureweek (measure, week, team, question, source, bucket, n, met, "of", seconds)
SELECT * FROM unnest(%s::text[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::bigint[])
ON CONFLICT (measure, week, team, question, source, bucket) DO UPDATE SET n = cases_measureweek.n + excluded.n,
    met = cases_measureweek.met + excluded.met, "of" = cases_measureweek.of + excluded.of,
    seconds = cases_measureweek.seconds + excluded.seconds
"""
_COPY = 'COPY cases_observation ("{}") FROM STDIN'.format('", "'.join(FIELDS))
_SUMS = """
INSERT INTO cases_measureweek (measure, week, team, question, source, bucket, n, met, "of", seconds)
SELECT measure, week, coalesce(team, %(all)s), coalesce(question, %(all)s), coalesce(source, %(all)s), start, count(*),
    sum(met), sum("of"), coalesce(sum(seconds), 0)
FROM cases_observation,
    LATERAL (SELECT greatest(0, length(ltrim(seconds::bit(64)::text, '0')) - %(fine)s - 1)) AS s(shift),
    LATERAL (SELECT coalesce(seconds >> shift << shift, -1)) AS b(start)
GROUP BY GROUPING SETS ((measure, week, team, question, source, start), (measure, week, start))
"""
_EMPTY = "DELETE FROM cases_measureweek WHERE n = 0 AND measure = ANY(%s) AND week = ANY(%s)"


class Row(NamedTuple):
    """An observation as it is stored."""

    case_id: int
    measure: str
    key: str
    at: datetime
    week: date
    team: str
    question: str
    source: str
    met: int
    of: int
    seconds: int | None
    event_id: int

    @property
    def summed_by(self) -> tuple[Any, ...]:
        bucket_ = -1 if self.seconds is None else bucket(self.seconds)
        return self.measure, self.week, self.team, self.question, self.source, bucket_


def cases_observe(ids: Sequence[int]) -> None:
    """Observe these cases, of which nothing is stored yet. Their sums are still to be made."""
    _copy([_row(case, seen) for case, history in histories(ids) for seen in observe(history)])


def sums_rebuild() -> None:
    """Make every weekly sum anew from what is observed: in one statement, what ``sums_add`` does in steps."""
    MeasureWeek.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"all": ALL, "fine": FINE})


def cases_count(ids: Sequence[int]) -> None:
    """Observe these cases anew; what differs from what is stored is written, and moves the sums."""
    now = {case: [_row(case, seen) for seen in observe(history)] for case, history in histories(ids)}
    wanted = {(r.case_id, r.measure, r.key): r for rows in now.values() for r in rows}
    found = Observation.objects.filter(case__in=list(now)).values_list(*FIELDS)
    stored = {(r.case_id, r.measure, r.key): r for r in map(Row._make, found)}
    gone = [row for key, row in stored.items() if wanted.get(key) != row]
    new = [row for key, row in wanted.items() if stored.get(key) != row]
    for row in gone:
        Observation.objects.filter(case=row.case_id, measure=row.measure, key=row.key).delete()
    _copy(new)
    sums_add(gone, sign=-1)
    sums_add(new, sign=1)


def _copy(rows: Sequence[Row]) -> None:
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)


def _row(case: int, seen: Seen) -> Row:
    e = seen.event
    return Row(case, seen.measure, seen.key, e.at, seen.week, e.team, e.question, seen.source[:60], seen.met, seen.of,
               seen.seconds, e.id)  # fmt: skip


def sums_add(rows: Iterable[Row], *, sign: int) -> None:
    """Add these observations to the weekly sums, or take them off; each goes into its own team's, question's and
    source's, and into those over all. A sum over nothing has no row."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        measure, week, *_, start = own = row.summed_by
        for key in (own, (measure, week, ALL, ALL, ALL, start)):
            total = sums.setdefault(key, [0, 0, 0, 0])
            total[0] += sign
            total[1] += sign * row.met
            total[2] += sign * row.of
            total[3] += sign * (row.seconds or 0)
    if not sums:
        return
    columns = list(zip(*((*key, *total) for key, total in sorted(sums.items())), strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(column) for column in columns])
        if sign < 0:
            cursor.execute(_EMPTY, [list(set(columns[0])), list(set(columns[1]))])
