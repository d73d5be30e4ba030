"""The workspace asks the running demo systems, knows the matter, forgets it, and learns the same again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from connectors.host.models import Check, Fact
from connectors.host.selectors import evidence
from connectors.host.services import gather_now, source_poll, source_save
from connectors.host.services.forgetting import facts_forget
from connectors.sdk import Ref
from tests.demo.conftest import TOKEN, Systems
from workspace.demo.prepare import SOURCES, source_of, sources_save

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
POLICIES = [Ref("policy", name) for name in ("returns", "refunds", "cancellations")]


@pytest.fixture
def sources(committed_db: object, systems: Systems, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(TOKEN)
    sources_save({name: source_of(name, systems.urls[name], f"file:{key}") for name in SOURCES})


def known(*seeds: str) -> set[tuple[Any, ...]]:
    """What is stored of a matter, apart from our own numbers and times."""
    found = evidence(seeds=list(map(Ref.parse, seeds)), labels=POLICIES)
    return {(f.source, f.kind, f.record_id, f.occurred, f.day, str(f.data)) for f in found.facts}


def ask(*seeds: str) -> None:
    gathering = gather_now(seeds=list(map(Ref.parse, seeds)), labels=POLICIES, timeout=15)
    assert gathering.settled and not gathering.rejected


@pytest.mark.usefixtures("sources")
def test_one_order_number_brings_what_all_four_systems_know(systems: Systems) -> None:
    ask("order:48-1193")
    kinds = {(source, kind) for source, kind, *_ in known("order:48-1193")}
    assert {("shop", "order.placed"), ("warehouse", "return.inspected"), ("finance", "refund.paid"),
            ("policy", "policy.refunds")} <= kinds  # fmt: skip


@pytest.mark.usefixtures("sources")
def test_forgotten_facts_come_back_the_same() -> None:
    ask("order:48-1193")
    before = known("order:48-1193")
    assert facts_forget(demo_only=True) >= len(before)
    assert not Fact.objects.exists() and not Check.objects.exists()
    ask("order:48-1193")
    assert known("order:48-1193") == before


@pytest.mark.usefixtures("sources")
def test_history_is_guarded_again_after_forgetting() -> None:
    ask("order:48-1193")
    facts_forget(demo_only=True)
    ask("order:48-1193")
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM host_fact")


@pytest.mark.usefixtures("sources")
def test_other_sources_keep_what_they_said(systems: Systems, tmp_path: Path) -> None:
    settings = {"base_url": systems.urls["finance"], "internal": True, "password": f"file:{tmp_path / 'key'}"}
    source_save(name="bank", title="Bank", connector="demo_finance", domain="finance", settings=settings, freshness_s=5)
    ask("order:48-1193")
    facts_forget(demo_only=True)
    assert set(Fact.objects.values_list("source__name", flat=True)) == {"bank"}


def test_only_the_demo_can_be_forgotten() -> None:
    with pytest.raises(ValueError, match="history"):
        facts_forget(demo_only=False)


@pytest.mark.usefixtures("sources")
def test_a_poll_brings_what_the_warehouse_did_since(systems: Systems) -> None:
    rma = systems.rma("in_transit")
    source_poll(name="warehouse")
    assert systems.control("warehouse", "receive", f"return:{rma}")[0] == 200
    source_poll(name="warehouse")
    assert ("warehouse", "return.received") in {(s, k) for s, k, *_ in known(f"return:{rma}")}
    assert Fact.objects.latest("learned_at").learned_at <= timezone.now()
