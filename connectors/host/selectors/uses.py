"""Which references a source has something to say about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import connection

from connectors.host.models import Check, CheckRef
from connectors.host.selectors.moments import moment
from connectors.host.selectors.named import source_pk

LATELY = timedelta(days=7)


def refs_with_facts(source: str, ref_ids: Collection[int]) -> set[int]:
    """Those of the refs (ids) that a fact of this source carries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r FROM unnest(%s::bigint[]) AS r WHERE EXISTS (SELECT 1 FROM host_factref fr"
            " JOIN host_fact f ON f.id = fr.fact_id JOIN host_source s ON s.id = f.source_id"
            " WHERE fr.ref_id = r AND s.name = %s)",
            [list(ref_ids), source],
        )
        return {row[0] for row in cursor.fetchall()}


def ref_lately_found(source: str) -> str:
    """A reference, as ``return:RMA-77120``, that this source was asked about lately and knew; else an empty text."""
    _, now = moment()
    asked = Check.objects.filter(source=source_pk(source), how="lookup", outcome="ok", learned_at__gte=now - LATELY)
    latest = list(asked.order_by("-learned_at").values_list("pk", flat=True)[:20])
    found = CheckRef.objects.filter(check_row__in=latest, outcome="found").select_related("ref").order_by("-pk").first()
    return f"{found.ref.scheme}:{found.ref.value}" if found else ""
