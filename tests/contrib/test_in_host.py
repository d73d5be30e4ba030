"""Rows that come from files and from a database, through the host to facts: polled, filled in later, asked."""

from functools import partial
from pathlib import Path

import psycopg
import pytest

from connectors.host.models import Backfill
from connectors.host.selectors import evidence
from connectors.host.services import backfill_start, backfill_work, gather_now, source_check, source_poll, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Ref
from tests.contrib.test_csv_drop import HEAD, OLD, ROWS, put
from tests.contrib.test_sql import MAYA, SCHEMA, VIEWS
from tests.database import TestDatabase, url_with_name
from workspace import processes


@pytest.fixture(autouse=True)
def own_lanes(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_lanes", {})


def kinds(ref: str) -> set[str]:
    return {f.kind for f in evidence(seeds=[Ref.parse(ref)]).facts}


def filled(job: Backfill) -> bool:
    """One more piece of the work; whether it was the last."""
    backfill_work(backfill_id=job.pk)
    job.refresh_from_db()
    return job.state == "done"


def test_dropped_files_become_facts_and_a_later_file_the_later_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSV_DROP_ROOT", str(tmp_path))
    source_save(name="drop", title="Old warehouse", connector="csv_drop", domain="warehouse", freshness_s=60, poll_s=60,
                settings={"folder": ".", "rows": ROWS, "delimiter": ";"})  # fmt: skip
    assert "0 files" in source_check(name="drop")
    assert source_poll(name="drop") == 0
    put(tmp_path, "returns-1.csv", HEAD + "RMA-1;48-1;EXPECTED;01.11.2026\nRMA-2;48-2\n")
    assert source_poll(name="drop") == 1 and kinds("order:48-1") == {"return.requested"}
    put(tmp_path, "returns-2.csv", HEAD + "RMA-1;48-1;RECEIVED;03.11.2026\n", OLD + 60)
    source_poll(name="drop")
    assert kinds("return:RMA-1") == {"return.requested", "return.received"}
    put(tmp_path, "returns-0.csv", HEAD + "RMA-1;48-1;OPEN;\n", OLD - 60)  # comes late, and is older
    assert source_poll(name="drop") == 0


def test_a_warehouse_is_asked_polled_and_filled_in_from_its_beginning(
    test_database: TestDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE", url_with_name(test_database.app_url, test_database.name))
    with psycopg.connect(url_with_name(test_database.owner_url, test_database.name), autocommit=True) as owner:
        owner.execute(SCHEMA)
        owner.execute("GRANT USAGE ON SCHEMA reporting TO PUBLIC; GRANT SELECT ON reporting.refunds TO PUBLIC")
        owner.execute("GRANT SELECT ON reporting.parcels TO PUBLIC")
        owner.execute("INSERT INTO reporting.refund_rows VALUES (%s, %s, %s, %s, %s, %s, %s)", MAYA)
        source_save(name="reports", title="Reports", connector="sql", domain="finance", freshness_s=60, poll_s=60,
                    settings={"address_secret": "env:WAREHOUSE", "views": VIEWS, "internal": True})  # fmt: skip
        assert source_poll(name="reports") == 0
        job = backfill_start(source="reports", since=None, pages_a_minute=600)
        assert processes.wait_until(partial(filled, job), timeout_s=15)
        assert kinds("refund:R-1") == {"refund.submitted", "refund.paid"}
        owner.execute("UPDATE reporting.refund_rows SET status = 'SENT', changed_at = now()")
        assert gather_now(seeds=[Ref("order", "48-1")], force=True, timeout=20).settled
        owner.execute("DROP SCHEMA reporting CASCADE")
    (check,) = [c for c in evidence(seeds=[Ref("order", "48-1")]).checks if str(c.ref) == "order:48-1"]
    assert (check.outcome, check.complete, check.reason) == ("found", True, "")
