"""Which cases some news concerns, and whether a case has changed: what open pages ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.db.models import Max

from cases.kinds import QUIET
from cases.models import Case, CaseRef, CaseSummary, Event

# PostgreSQL, which takes each ref for one of many cases, would rather read them all than look a thousand refs up.
_LED_TO = """
SET LOCAL enable_seqscan = off;
SELECT DISTINCT s.case_id FROM unnest(%s::bigint[]) AS n (id)
CROSS JOIN LATERAL (SELECT case_id FROM cases_casesummary WHERE ref_ids @> ARRAY[n.id]) s;
SET LOCAL enable_seqscan = on
"""


def cases_led_to(ref_ids: Collection[int]) -> list[int]:
    """Ids of the cases that are about any of these refs or lead to them, newest first, however many cases there are."""
    if not ref_ids:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LED_TO, [list(ref_ids)])
        cursor.nextset()
        return sorted((pk for (pk,) in cursor.fetchall()), reverse=True)


def cases_unanswered(ids: Collection[int]) -> list[int]:
    """Of these cases, those that are not closed and of which not everything was known when their answer was made."""
    rows = CaseSummary.objects.filter(pk__in=ids).exclude(answer_state="answered", read_at=None)
    return list(rows.exclude(case__state="closed").values_list("pk", flat=True)) if ids else []


def cases_concerned(references: Iterable[str], ref_ids: Iterable[int]) -> list[str]:
    """Of these cases, those that are about any of these refs or what they lead to."""
    cases = [int(r) for r in references if r.isascii() and r.isdigit()]
    ids = list(ref_ids)
    led_to = CaseSummary.objects.filter(pk__in=cases, ref_ids__overlap=ids).values_list("pk", flat=True)
    named = CaseRef.objects.filter(case__in=cases, ref_id__in=ids, removed_at=None).values_list("case_id", flat=True)
    return sorted({str(pk) for pk in (*led_to, *named)})


def case_stamp(reference: str) -> str:
    """Changes whenever the case's row in the queue is made anew or an event is added; says nothing by itself."""
    found = Case.objects.filter(pk=int(reference)).values_list("summary__refreshed_at").first()
    last = Event.objects.filter(case=int(reference)).exclude(kind__in=QUIET).aggregate(Max("seq"))
    return f"{found[0] if found else ''}/{last['seq__max']}"
