"""Reading what is stored, over the bare SQL that fetches the same rows in the same run."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from connectors.host import registry
from connectors.host.models import Source
from connectors.host.selectors import evidence
from connectors.host.services import facts_record, source_save
from connectors.sdk import Ref, Row
from tests.bench.measure import interleaved, say
from tests.bench.test_ingest import Ledger, analyze
from tests.database import TestDatabase

pytestmark = pytest.mark.bench
BARE = """
SELECT f.id, p.data FROM host_refvalue r JOIN host_factref fr ON fr.ref_id = r.id
JOIN host_fact f ON f.id = fr.fact_id JOIN host_factpayload p ON p.fact_id = f.id
WHERE r.scheme = 'order' AND r.value = %s AND f.superseded_at IS NULL ORDER BY f.sort_at DESC, f.id DESC
"""


@pytest.fixture
def twenty_each(committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """500 orders, each with 20 facts."""
    monkeypatch.setattr(registry, "_discovered", lambda: ({"ledger": Ledger}, {}))
    source = source_save(name="ledger", title="Ledger", connector="ledger", domain="finance", freshness_s=60,
                         settings={"base_url": "http://127.0.0.1:1", "internal": True})  # fmt: skip
    said = {"amount": "84.90", "currency": "EUR", "paid_at": "2026-11-09T10:00:00+00:00"}
    rows = [Row("refund", f"r{n}", {"id": f"r{n}", "order": f"o{n // 20}", **said}) for n in range(10_000)]
    for start in range(0, len(rows), 1000):
        facts_record(source=source, rows=rows[start : start + 1000], how="import", started_at=datetime.now(UTC))
    with committed_db.connect(as_owner=True) as owner:
        analyze(owner)
    yield source


def test_the_evidence_of_a_matter_over_the_bare_sql(twenty_each: Source) -> None:
    def sql() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, ["o77"])
            assert len(cursor.fetchall()) == 20

    def view() -> None:
        assert len(evidence(seeds=[Ref("order", "o77")]).facts) == 20

    took = interleaved({"sql": sql, "view": view}, times=41)
    print(f"  the bare SQL takes {took['sql'] * 1000:.2f} ms")
    over = took["view"] / took["sql"]
    assert say("evidence of a matter of 20 facts, over the bare SQL for the facts", over, at_most=8)
