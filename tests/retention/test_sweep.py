"""What is older than its rule keeps it goes by itself, in batches; what stands against it stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from cases.models import Case, CaseQuestion, Erasure
from cases.retention.policy import BadPolicy, policy_read
from cases.selectors import chain_verify
from cases.selectors.retention import retention_due, retention_rules
from cases.services import Actor, case_close
from cases.services.promise_ends import commitment_withdraw
from cases.services.record import event_add
from cases.services.retention import legal_hold_set, retention_sweep
from cases.services.retention.erasing import history_erase
from connectors.host.models import Fact, FactPayload, Inbound, RawRow, RefValue
from customers.models import Customer
from customers.services import customers_learn, customers_merge
from tests.database import TestDatabase

LATER = datetime.now(UTC) + timedelta(days=4000)


@pytest.fixture
def closed(maya: Case, dana: Any) -> Case:
    for promise in maya.commitments.filter(state="open"):
        commitment_withdraw(commitment=promise, why="Done", actor=Actor.person(dana))
    return case_close(case=maya, actor=Actor.person(dana))


@pytest.fixture
def old_case(dana: Any) -> Case:
    """Opened and closed a year ago."""
    then, actor = datetime.now(UTC) - timedelta(days=365), Actor.person(dana)
    case = Case.objects.create(opened_at=then, channel="email", owner=dana, state="closed")
    CaseQuestion.objects.create(case=case, name="refund-status", main=True, added_at=then)
    event_add(case, "case.opened", actor, {"message": "Where is it?"}, then)
    event_add(case, "state.changed", actor, {"state": "closed"}, then + timedelta(hours=1))
    return case


AGED = {
    "host_fact": "learned_at", "host_rawrow": "learned_at", "host_inbound": "received_at", "host_record": "started_at",
    "host_sourcelog": "at", "cases_inmail": "arrived_at",
}  # fmt: skip


@pytest.fixture
def aged(committed_db: TestDatabase, closed: Case, tmp_path: Path, settings: Any) -> Case:
    """Everything that sources and letters brought came ten days ago, and the rules keep it for five."""
    with committed_db.connect(as_owner=True) as owner:
        for table, column in AGED.items():
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"UPDATE {table} SET {column} = {column} - interval '10 days'")
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    rules = tmp_path / "rules.toml"
    roles = ("deliveries", "raw_rows", "letters", "source_log", "checks")
    rules.write_text('[facts]\n"*" = 5\n[data]\n' + "".join(f"{role} = 5\n" for role in roles))
    settings.RETENTION_FILE = str(rules)
    return closed


def test_a_dry_run_says_what_would_go_and_changes_nothing(closed: Case):
    before = FactPayload.objects.count()
    due = {d.rule: d for d in retention_due(at=LATER)}
    assert due["facts:*"].many >= 4 and due["facts:payment.*"].days == 3650 and due["data:deliveries"].many == 1
    assert "facts:policy.*" not in due and due["data:conversations"].many == 1
    assert FactPayload.objects.count() == before and not Erasure.objects.exists()


def test_nothing_goes_before_its_time(closed: Case):
    assert retention_sweep() == {} and Inbound.objects.filter(body=b"").count() == 0


def test_the_database_does_not_take_the_sweep_s_word_for_the_time(closed: Case):
    with pytest.raises(Exception, match="erasure: it needs a request, or a rule and a time"):
        retention_sweep(at=LATER, rule="data:deliveries")
    assert not Inbound.objects.filter(body=b"").exists()


def test_what_is_due_goes_and_says_so(whole: Case, aged: Case, tmp_path: Path):
    files = [p for p in (tmp_path / "var" / "letters").rglob("*") if p.is_file()]
    assert files
    told = {d.rule: d.many for d in retention_due()}
    taken = retention_sweep()
    assert {name: taken[name] for name, many in told.items() if many} == {n: m for n, m in told.items() if m}
    assert taken["data:raw_rows"] == 4 and taken["data:references"] == 5  # once no fact needs them any more
    assert not Inbound.objects.exclude(body=b"").exists() and not [p for p in files if p.exists()]
    kept = set(FactPayload.objects.values_list("fact__kind", flat=True))
    assert kept == {"payment.captured", "refund.paid"}
    done = Erasure.objects.get(rule="facts:*")
    assert done.counts == {"host_fact": told["facts:*"]} and done.done_by == "" and "facts:*" in done.why
    assert retention_sweep() == {} and {r.name: r.removed for r in retention_rules()}["facts:*"] == told["facts:*"]
    assert chain_verify(aged).intact


@pytest.fixture
def held(aged: Case, ada: Any) -> Case:
    """The hold is on Ida, who turned out to be one person with Maya."""
    customers_learn(ref_ids=RefValue.objects.filter(value="ida@example.com").values_list("pk", flat=True))
    ida = Customer.objects.get(name="Ida Storm")
    customers_merge(keep=ida, other=aged.customer_id or 0, by="Dana", why="She said so")
    legal_hold_set(customer=ida.pk, why="Court file 7", actor=Actor.person(ada))
    return aged


def test_a_hold_keeps_all_that_is_held_of_whoever_is_one_person(held: Case):
    due = {d.rule: d for d in retention_due()}
    taken = retention_sweep()
    names = {f.data.get("customer_name") for f in FactPayload.objects.filter(fact__kind="order.placed")}
    assert names == {"Maya Lindqvist", "Ida Storm"} and "data:deliveries" not in taken and "data:letters" not in taken
    assert due["data:deliveries"].held == 1 and due["facts:*"].held >= 4
    assert not Inbound.objects.filter(body=b"").exists()


def test_the_function_takes_nothing_that_a_hold_keeps_whoever_says_it_is_old(held: Case):
    rows = {"fact": Fact.objects.filter(kind="order.placed"), "delivery": Inbound.objects.all()}
    for what, some in rows.items():
        said = {"rule": "data:x", "before": (datetime.now(UTC) - timedelta(days=2)).isoformat()}
        with pytest.raises(DatabaseError, match="not covered"), transaction.atomic():
            history_erase({**said, "rows": {what: [some.earliest("pk").pk]}})


def test_a_hold_keeps_the_rows_that_the_facts_were_read_from(aged: Case, ada: Any, committed_db: TestDatabase):
    with committed_db.connect(as_owner=True) as owner:  # none of them is current, so that the hold alone keeps rows
        owner.execute("ALTER TABLE host_fact DISABLE TRIGGER USER")
        owner.execute("UPDATE host_fact SET superseded_at = learned_at, closed_as = 'undone'")
        owner.execute("ALTER TABLE host_fact ENABLE TRIGGER USER")
    before = {d.rule: d for d in retention_due()}["data:raw_rows"]
    legal_hold_set(customer=aged.customer_id or 0, why="Court file 7", actor=Actor.person(ada))
    after = {d.rule: d for d in retention_due()}["data:raw_rows"]
    assert (before.held, after.held > 0) == (0, True)
    retention_sweep(rule="data:raw_rows")
    assert RawRow.objects.exclude(digest__startswith="erased-").count() == after.held


def test_words_of_a_case_closed_for_long_go_with_their_chain_whole(old_case: Case, settings: Any, tmp_path: Path):
    (rules := tmp_path / "rules.toml").write_text("[data]\nconversations = 30\n")
    settings.RETENTION_FILE = str(rules)
    assert retention_sweep() == {"data:conversations": 1}
    verdict = chain_verify(old_case)
    assert verdict.intact and verdict.erased == verdict.events == 2


def test_the_command_tells_and_then_takes(aged: Case):
    out = StringIO()
    call_command("retention", dry_run=True, stdout=out)
    assert "data:deliveries: 1 (what sources sent, as it came) from before" in out.getvalue()
    call_command("retention", rule="data:deliveries", stdout=(out := StringIO()))
    assert out.getvalue() == "data:deliveries: 1 erased\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [("[facts]\nx = 1\n", "2 to 36500"), ("[data]\nfoo = 9\n", "no 'foo'"), ("[fact]\nx = 9\n", "no table"),
     ("nonsense", "can't be read")],
)  # fmt: skip
def test_rules_that_cannot_be_read_say_where(tmp_path: Path, text: str, says: str):
    (path := tmp_path / "rules.toml").write_text(text)
    with pytest.raises(BadPolicy, match=re.escape(says)):
        policy_read(path)


def test_the_longest_pattern_decides():
    policy = policy_read()
    assert policy.kept("policy.returns") is None and policy.kept("refund.paid") == timedelta(days=3650)
    assert policy.kept("order.placed") == timedelta(days=1095) and policy.duty_of("order.placed") is None
