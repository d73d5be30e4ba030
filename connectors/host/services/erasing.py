"""The host's part in erasing: what stays of a fact whose money must be kept, and words in rows that are no history.

What is history loses its content in one database function alone, ``history_erase``; see ``cases.services.retention``.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from connectors.host.models import (
    Backfill,
    Fact,
    FactHead,
    FactPayload,
    FactRef,
    FileImport,
    ImportRefusal,
    InboundWork,
    Record,
)
from connectors.host.selectors.erasing import pattern_of
from connectors.host.services.clock import clock_tick
from connectors.host.services.plan import compact, salted_digest
from connectors.sdk import Ref

REDUCED = "reduced"
"""How a version was closed that another with fewer words has replaced."""


def records_lock(fact_ids: Collection[int]) -> None:
    """Lock the records of these facts, as ingest does, so that nothing is stored for them meanwhile."""
    ids = Fact.objects.filter(pk__in=fact_ids).values("record_id")
    list(Record.objects.filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk", flat=True))


def facts_reduce(*, ids: Collection[int], keys: Collection[str]) -> list[int]:
    """Put a new version with these keys of its data, and no ref but the matter's, in the place of each of these facts.

    The versions before keep their digests and are to be erased. Gives the new ids, in a transaction of the caller's.
    """
    found = list(Fact.objects.filter(pk__in=ids, superseded_at=None).select_related("payload").order_by("pk"))
    if not found:
        return []
    at, made = clock_tick(), []
    for fact in found:
        head = FactHead.objects.select_for_update().get(record_id=fact.record_id, kind=fact.kind)
        data = {k: v for k, v in fact.payload.data.items() if k in keys}
        rows = FactRef.objects.filter(fact=fact).order_by("place").select_related("ref")
        refs = [(r.ref_id, Ref(r.ref.scheme, r.ref.value)) for r in rows]
        matter = [(id_, ref) for id_, ref in refs if ref.is_matter]
        Fact.objects.filter(pk=fact.pk).update(superseded_at=at, closed_as=REDUCED)
        made.append(_version(fact, head.versions + 1, data, matter, at).pk)
        head.fact_id, head.versions = made[-1], head.versions + 1
        head.save(update_fields=["fact", "versions"])
    return made


def _version(
    fact: Fact, number: int, data: dict[str, Any], refs: Sequence[tuple[int, Ref]], at: datetime
) -> Fact:  # fmt: skip
    salt = secrets.token_hex(16)
    occurred = fact.day.isoformat() if fact.day else None
    if fact.occurred:
        occurred = fact.occurred.astimezone(UTC).isoformat()
    content = compact(
        {"data": json.loads(json.dumps(data)), "implied": fact.implied, "occurred": occurred,
         "refs": [str(ref) for _, ref in refs], "said": ""}
    )  # fmt: skip
    new = Fact.objects.create(
        record_id=fact.record_id, source_id=fact.source_id, raw_id=fact.raw_id, kind=fact.kind, version=number,
        order_no=fact.order_no, started_at=fact.started_at, occurred=fact.occurred, day=fact.day, sort_at=fact.sort_at,
        how=fact.how, implied=fact.implied, payload_digest=salted_digest(salt, content), learned_at=at,
    )  # fmt: skip
    FactPayload.objects.create(fact=new, data=data, said="", salt=salt)
    FactRef.objects.bulk_create([FactRef(fact=new, ref_id=id_, place=n) for n, (id_, _) in enumerate(refs)])
    return new


def words_clear(*, needles: Sequence[str]) -> dict[str, int]:
    """Clear the words of those ordinary rows that hold one of these texts; gives how many, by table."""
    given = pattern_of(needles)
    with connection.cursor() as cursor:

        def changed(sql: str) -> int:
            cursor.execute(sql, {"pattern": given})
            return int(cursor.rowcount)

        return {
            ImportRefusal._meta.db_table: changed(
                "DELETE FROM host_importrefusal WHERE erasure_says(text || ' ' || reason, %(pattern)s)"),
            InboundWork._meta.db_table: changed(
                "UPDATE host_inboundwork SET reason = '' WHERE erasure_says(reason, %(pattern)s)"),
            Backfill._meta.db_table: changed(
                "UPDATE host_backfill SET reason = '' WHERE erasure_says(reason, %(pattern)s)"),
            FileImport._meta.db_table: changed(
                "UPDATE host_fileimport SET reason = '', name = 'erased'"
                " WHERE erasure_says(name || ' ' || reason, %(pattern)s)"),
        }  # fmt: skip
