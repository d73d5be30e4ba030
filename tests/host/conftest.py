"""The cast of the host's tests: a warehouse and a ledger, spoken for by tiny real connectors."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.host import registry
from connectors.host.models import Source
from connectors.host.services import facts_record, source_save
from connectors.sdk import Connector, Fact, Ref, Row, Undone

T0 = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)


class Ledger(Connector):
    """Rows say their facts plainly: ``{"facts": [{kind, data, refs, occurred}], "undone": [...]}``."""

    title = "Ledger"
    domain = "finance"
    accepts = ("payment", "order")
    covers = {"payment": ("refund.paid",)}

    def check(self) -> str:
        return "It works."

    def read(self, row: Row) -> Iterable[Fact | Undone]:
        for said in row.body["facts"]:
            when = said.get("occurred")
            yield Fact(said["kind"], said.get("data", {}), [Ref.parse(r) for r in said["refs"]],
                       datetime.fromisoformat(when) if when else None)  # fmt: skip
        for kind in row.body.get("undone", ()):
            yield Undone(kind)


class OrderedLedger(Ledger):
    orders_versions = True


@pytest.fixture(autouse=True)
def test_connectors(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {**registry.connector_classes(), "ledger": Ledger, "ordered": OrderedLedger}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))


def make_source(name: str = "ledger", connector: str = "ledger", **more: Any) -> Source:
    return source_save(
        name=name, title=name.title(), connector=connector, domain="finance",
        settings={"base_url": "http://ledger.example", "internal": True},
        freshness_s=more.pop("freshness_s", 60), **more,
    )  # fmt: skip


@pytest.fixture
def ledger(db: None) -> Source:
    return make_source()


@pytest.fixture
def ordered(db: None) -> Source:
    return make_source("ordered", "ordered")


def says(kind: str = "refund.paid", amount: str = "10.00", *refs: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "data": {"amount": {"amount": amount, "currency": "EUR"}},
            "refs": list(refs) or ["payment:p1", "order:o1"],
            "occurred": "2026-11-09T10:00:00+00:00", **more}  # fmt: skip


def row(*facts: dict[str, Any], id: str = "r1", version: int | None = None, **more: Any) -> Row:
    return Row("refund", id, {"facts": list(facts), **more}, version=version)


def tell(source: Source, *rows: Row, after: float = 0, how: str = "lookup", **more: Any) -> Any:
    """The source says these rows; the request started ``after`` seconds past T0."""
    return facts_record(source=source, rows=rows, how=how, started_at=T0 + timedelta(seconds=after), **more)
