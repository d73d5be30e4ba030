"""The cast: every connector that was found, with a place for each that needs more than its folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from connectors.conformance import Subject
from connectors.conformance.plugin import find
from connectors.host.registry import connector_folder
from tests.database import TestDatabase, url_with_name

WAREHOUSE = """
DROP SCHEMA IF EXISTS reporting CASCADE;
CREATE SCHEMA reporting;
CREATE TABLE reporting.refund_rows (refund_no text PRIMARY KEY, order_no text, status text, amount numeric(12,2),
    currency text, changed_at timestamptz);
CREATE VIEW reporting.refunds AS SELECT * FROM reporting.refund_rows;
INSERT INTO reporting.refund_rows VALUES ('R-1', '48-1', 'PAID', 84.90, 'EUR', '2026-11-03T10:00:00+02:00');
GRANT USAGE ON SCHEMA reporting TO PUBLIC;
GRANT SELECT ON reporting.refunds TO PUBLIC;
"""
"""What the ledger of the sql connector says that its fixture holds."""


@cache
def _subject(slug: str, database: str) -> Subject:
    folder = connector_folder(slug)
    assert folder is not None
    return find(str(folder), {"database": database})


@pytest.fixture(scope="module")
def warehouse(test_database: TestDatabase) -> Iterator[str]:
    """The address of a small warehouse, as a role that may only read it."""
    with test_database.connect(as_owner=True) as owner:
        owner.autocommit = True
        owner.execute(WAREHOUSE)
        yield url_with_name(test_database.app_url, test_database.name)
        owner.execute("DROP SCHEMA reporting CASCADE")


@pytest.fixture
def subject(warehouse: str) -> Callable[[str], Subject]:
    """``subject("stripe")``: found once, and kept with what its recordings say."""
    return lambda slug: _subject(slug, warehouse)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """``written(connector=…, ledger=…)``: a connector's folder with these files."""

    def write(**files: str) -> Path:
        folder = tmp_path / "acme"
        (folder / "recordings").mkdir(parents=True, exist_ok=True)
        names = {"connector": "connector.py", "ledger": "ledger.toml", "readme": "README.md"}
        for name, text in files.items():
            (folder / names.get(name, f"recordings/{name}.json")).write_text(text)
        return folder

    return write
