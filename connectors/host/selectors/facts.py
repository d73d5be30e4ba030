"""Fact rows to FactViews."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from connectors.host.views import FactView
from connectors.sdk import Ref, kinds

FACT_COLUMNS = """
    f.id, f.kind, p.data, p.said, s.name, s.title, s.domain, s.zone, rec.record_type, rec.record_id, f.occurred,
    f.day, f.sort_at, f.learned_at, f.superseded_at, f.version, f.how, f.implied, raw.url,
    (SELECT json_agg(json_build_array(r.scheme, r.value, r.id) ORDER BY fr.place)
       FROM host_factref fr JOIN host_refvalue r ON r.id = fr.ref_id WHERE fr.fact_id = f.id)
"""
FACT_TABLES = """
    host_fact f JOIN host_factpayload p ON p.fact_id = f.id JOIN host_source s ON s.id = f.source_id
    JOIN host_record rec ON rec.id = f.record_id JOIN host_rawrow raw ON raw.id = f.raw_id
"""


def facts_select(where: str, params: Mapping[str, Any], confirmed: Confirmed | None = None) -> list[FactView]:
    """FactViews of the rows that ``where`` selects, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FACT_COLUMNS} FROM {FACT_TABLES} WHERE {where}", params)
        return [_view(row, confirmed or {}) for row in cursor.fetchall()]


Confirmed = Mapping[tuple[str, int], datetime]
"""When a source last answered about a ref: ``{(source name, ref id): time}``; ref id 0 is a whole poll."""


def _view(row: tuple[Any, ...], confirmed: Confirmed) -> FactView:
    (id_, kind, data, said, source, title, domain, zone, record_type, record_id, occurred, day, sort_at, learned_at,
     superseded_at, version, how, implied, url, refs) = row  # fmt: skip
    data = _loads(data)
    refs = _loads(refs) or []
    seen = [confirmed[key] for key in _keys(source, refs) if key in confirmed]
    return FactView(
        id=id_, kind=kind, data=data, refs=tuple(Ref(s, v) for s, v, _ in refs), source=source, source_title=title,
        domain=domain, record_type=record_type, record_id=record_id, occurred=occurred, day=day,
        precision="instant" if occurred else "day" if day else "unknown", sort_at=sort_at, learned_at=learned_at,
        superseded_at=superseded_at, version=version, how=how, implied=implied,
        said=kinds.sentence(kind, data, said), url=url, confirmed_at=max([learned_at, *seen]), zone=zone,
    )  # fmt: skip


def _keys(source: str, refs: Iterable[Any]) -> Iterable[tuple[str, int]]:
    yield source, 0
    for ref in refs:
        yield source, ref[2]


def _loads(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
