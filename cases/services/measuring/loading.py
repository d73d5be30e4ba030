"""The histories of cases, as the measures read them: in two queries for any number of cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db import connection

from cases.measuring import Happened, History, Replied
from connectors.sdk.refs import MATTER_SCHEMES

# What is long and counts for nothing stays in the database.
_EVENTS = """
SELECT e.case_id, e.id, e.seq, e.kind, e.actor_kind, e.actor, e.at,
    CASE WHEN e.kind = 'answer.shown' THEN jsonb_build_object('content', jsonb_build_object(
            'gaps', p.data #> '{content,gaps}', 'state', p.data #> '{content,state}'))
         ELSE p.data - '{text,refs,files,read,headline,told_digest,evidence}'::text[] END,
    s.id
FROM cases_event e LEFT JOIN cases_eventpayload p ON p.event_id = e.id LEFT JOIN cases_statement s ON s.event_id = e.id
WHERE e.case_id = ANY(%s) ORDER BY e.case_id, e.seq
"""
# Of a reply whose words were erased its statement still says how it helped.
_HELPED = "coalesce(CASE WHEN p.event_id IS NULL THEN s.helped ELSE p.data ->> 'helped' END, '')"
_ELSEWHERE = f"""
SELECT mine.case_id, e.at, {_HELPED}, min(other.added_at), min(back.at)
FROM cases_caseref mine
JOIN host_refvalue r ON r.id = mine.ref_id AND r.scheme = ANY(%s)
JOIN cases_caseref other ON other.ref_id = mine.ref_id AND other.case_id <> mine.case_id
JOIN cases_event e ON e.case_id = other.case_id AND e.kind = 'message.out'
LEFT JOIN cases_eventpayload p ON p.event_id = e.id
LEFT JOIN cases_statement s ON s.event_id = e.id
LEFT JOIN LATERAL (
    SELECT w.at FROM cases_event w JOIN cases_eventpayload wp ON wp.event_id = w.id
    WHERE w.case_id = e.case_id AND w.kind = 'message.withdrawn' AND wp.data ->> 'statement' = s.id::text
) back ON true
WHERE mine.case_id = ANY(%s) GROUP BY mine.case_id, e.id, e.at, {_HELPED} ORDER BY mine.case_id, e.at, e.id
"""


def histories(cases: Sequence[int]) -> Iterator[tuple[int, History]]:
    """Each case with its history. One of which something was erased is left out: what was counted of it stands."""
    ids = sorted(set(cases))
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE, [sorted(MATTER_SCHEMES), ids])
        elsewhere: dict[int, list[Replied]] = {}
        for case, at, helped, known, back in cursor.fetchall():
            elsewhere.setdefault(case, []).append(Replied(at, helped, known, back))
        cursor.execute(_EVENTS, [ids])
        rows = cursor.fetchall()
    for case, found in groupby(rows, key=lambda row: int(row[0])):
        events = list(found)
        if all(row[7] is not None for row in events):
            yield case, History(tuple(_told(events)), tuple(elsewhere.get(case, ())))


def _told(rows: Sequence[tuple[Any, ...]]) -> Iterator[Happened]:
    """Each with the team and the question that the case had by then."""
    team = question = ""
    for _, id_, seq, kind, actor_kind, actor, at, content, statement in rows:
        data = json.loads(content) if isinstance(content, str) else content
        if kind == "case.opened":
            team = str(data.get("team") or "")
        if kind in ("case.opened", "question.changed"):
            question = str((data.get("questions") or [data.get("question") or question])[0])
        yield Happened(id_, seq, kind, actor_kind, actor, at, data, statement, team[:50], question[:60])
