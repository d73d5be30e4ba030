"""Facts never move and never change."""

import json

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from connectors.host.models import Fact, Malformed, Source, SourceCursor
from connectors.host.selectors import evidence, fact_raw, fact_versions
from connectors.host.services import Asked, RefOutcome
from connectors.sdk import Ref, Row
from tests.database import TestDatabase
from tests.host.conftest import T0, make_source, row, says, tell

ORDER = Ref("order", "o1")
PAYMENT = Ref("payment", "p1")


def amounts(source: Source) -> list[str]:
    return [f.data["amount"]["amount"] for f in evidence(seeds=[ORDER]).facts]


def missed() -> Asked:
    return Asked(took_ms=3, refs=(RefOutcome(PAYMENT, "nothing", True, ("refund.paid",)),))


def test_the_same_row_again_is_no_new_version(ledger: Source) -> None:
    tell(ledger, row(says()))
    again = tell(ledger, row(says()), after=5, how="poll")
    assert (again.new, again.closed, Fact.objects.count()) == (0, 0, 1)


def test_other_content_is_a_new_version_and_the_old_one_stays(ledger: Source) -> None:
    tell(ledger, row(says(amount="10.00")))
    tell(ledger, row(says(amount="12.00")), after=5)
    versions = fact_versions(evidence(seeds=[ORDER]).facts[0].id)
    assert [(v.version, v.data["amount"]["amount"]) for v in versions] == [(2, "12.00"), (1, "10.00")]
    assert versions[1].superseded_at == versions[0].learned_at


def test_back_and_forth_is_three_versions(ledger: Source) -> None:
    for n, amount in enumerate(["10.00", "12.00", "10.00"]):
        tell(ledger, row(says(amount=amount)), after=n)
    assert Fact.objects.count() == 3
    assert amounts(ledger) == ["10.00"]


def test_a_slow_lookup_never_overwrites_a_newer_push(ledger: Source) -> None:
    tell(ledger, row(says(amount="12.00")), after=5, how="push")
    tell(ledger, row(says(amount="10.00")), after=0, how="lookup")
    assert amounts(ledger) == ["12.00"]
    assert Fact.objects.count() == 2


def test_of_two_rows_at_one_time_the_later_told_is_what_was_so_then(ledger: Source) -> None:
    tell(ledger, row(says(amount="1.00")), row(says(amount="2.00")), after=3)
    tell(ledger, row(says(amount="3.00")), after=6)
    assert tell(ledger, row(says(amount="2.00")), after=4).new == 0
    assert tell(ledger, row(says(amount="1.00")), after=5).new == 1


def test_an_older_version_that_arrives_late_becomes_history(ordered: Source) -> None:
    tell(ordered, row(says(amount="12.00"), version=7))
    tell(ordered, row(says(amount="10.00"), version=6), after=60)
    assert amounts(ordered) == ["12.00"]


def test_a_milestone_stays_although_its_record_moved_on(ledger: Source) -> None:
    tell(ledger, row(says("refund.submitted")))
    tell(ledger, row(says("refund.paid")), after=5)
    assert {f.kind for f in evidence(seeds=[ORDER]).facts} == {"refund.submitted", "refund.paid"}


def test_a_milestone_goes_when_the_source_says_that_it_was_undone(ledger: Source) -> None:
    tell(ledger, row(says("refund.paid")))
    tell(ledger, row(undone=["refund.paid"]), after=5)
    assert evidence(seeds=[ORDER]).facts == ()
    assert Fact.objects.get().closed_as == "undone"


def test_a_holding_that_the_newest_row_no_longer_says_is_no_longer_so(ledger: Source) -> None:
    tell(ledger, row({"kind": "order.changed", "data": {"status": "open"}, "refs": ["order:o1"]}))
    tell(ledger, row(says()), after=5)
    assert [f.kind for f in evidence(seeds=[ORDER]).facts] == ["refund.paid"]


def test_a_record_missed_twice_in_a_row_by_complete_lookups_is_retracted(ledger: Source) -> None:
    tell(ledger, row(says()))
    assert tell(ledger, after=5, asked=missed()).retracted == 0
    assert tell(ledger, after=9, asked=missed()).retracted == 1
    assert evidence(seeds=[ORDER]).facts == ()
    assert evidence(seeds=[ORDER], as_of=Fact.objects.get().learned_at).facts


def test_a_record_found_between_two_misses_stays(ledger: Source) -> None:
    hit = RefOutcome(PAYMENT, "found", True, ("refund.paid",), rows=frozenset({("refund", "r1")}))
    tell(ledger, row(says()))
    tell(ledger, after=1, asked=missed())
    tell(ledger, row(says()), after=2, asked=Asked(took_ms=3, refs=(hit,)))
    assert tell(ledger, after=3, asked=missed()).retracted == 0
    assert amounts(ledger) == ["10.00"]


def test_a_retracted_record_that_comes_back_is_a_new_version(ledger: Source) -> None:
    tell(ledger, row(says()))
    tell(ledger, after=1, asked=missed())
    tell(ledger, after=2, asked=missed())
    tell(ledger, row(says()), after=3)
    assert amounts(ledger) == ["10.00"]
    assert Fact.objects.count() == 2


def test_a_fact_that_breaks_its_schema_is_kept_as_malformed_and_reaches_no_answer(ledger: Source) -> None:
    bad = {"kind": "refund.paid", "data": {"amount": 84.9}, "refs": ["order:o1"]}
    assert tell(ledger, row(bad)).malformed == 1
    kept = Malformed.objects.get()
    assert "amount" in kept.reason and kept.raw.body["facts"][0]["data"] == {"amount": 84.9}
    assert evidence(seeds=[ORDER]).facts == ()


def test_a_malformed_row_takes_nothing_away_from_what_was_known(ledger: Source) -> None:
    tell(ledger, row(says()))
    tell(ledger, row({"kind": "refund.paid", "data": {}, "refs": ["order:o1"]}), after=5)
    assert amounts(ledger) == ["10.00"]


def test_hostile_strings_are_kept_and_shown_as_they_came(ledger: Source) -> None:
    name = "<script>\x00\u202eevil \ud800 \U0001f9e6" + "x" * 1900
    tell(ledger, row(says(data={"amount": {"amount": "1.00", "currency": "EUR"}, "reason": name})))
    fact = evidence(seeds=[ORDER]).facts[0]
    assert "\\u0000" in fact.data["reason"] and "<script>" in fact.data["reason"]
    assert "\x00" not in str(fact_raw(fact.id)) and "evil" in str(fact_raw(fact.id))


def test_the_cursor_moves_only_with_the_facts_it_covers(ledger: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(ledger, row(says()), cursor="c1")
    monkeypatch.setattr("connectors.host.services.store.saving.heads_save", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tell(ledger, row(says(amount="99.00")), after=5, cursor="c2")
    assert SourceCursor.objects.get(source=ledger).cursor == "c1"
    assert amounts(ledger) == ["10.00"]


@pytest.mark.parametrize("sql", [
    "UPDATE host_fact SET kind = 'refund.failed'", "UPDATE host_factpayload SET data = '{}'",
    "DELETE FROM host_factref", "TRUNCATE host_check CASCADE", "UPDATE host_fact SET superseded_at = now()",
])  # fmt: skip
def test_the_application_can_rewrite_no_history(ledger: Source, sql: str) -> None:
    tell(ledger, row(says()))
    tell(ledger, row(says(amount="2.00")), after=1)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_as_of_view_of_the_past_stays_what_it_was(ledger: Source) -> None:
    first = tell(ledger, row(says(amount="10.00"))).learned_at
    before = evidence(seeds=[ORDER], as_of=first)
    tell(ledger, row(says(amount="12.00")), after=5)
    tell(ledger, row(says(amount="9.00")), after=-5)
    after = evidence(seeds=[ORDER], as_of=first)
    assert [(f.id, f.data) for f in after.facts] == [(f.id, f.data) for f in before.facts]


def test_a_case_follows_matter_refs_and_not_the_person(ledger: Source) -> None:
    tell(ledger, row(says("order.placed", data={"number": "o1", "total": {"amount": "5", "currency": "EUR"}},
                          refs=["order:o1", "email:a@b.example", "return:x1"]), id="1"))  # fmt: skip
    tell(ledger, row(says("return.received", data={}, refs=["return:x1"]), id="2"))
    tell(ledger, row(says(refs=["order:o2", "email:a@b.example"]), id="3"))
    found = evidence(seeds=[ORDER])
    assert {f.kind for f in found.facts} == {"order.placed", "return.received"}
    assert Ref("email", "a@b.example") in found.refs
    assert len(evidence(seeds=[Ref("email", "a@b.example")]).facts) == 3


def test_evidence_takes_a_fixed_number_of_queries(ledger: Source, django_assert_max_num_queries: object) -> None:
    for n in range(40):
        tell(ledger, row(says(), id=f"r{n}"), after=n)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(evidence(seeds=[ORDER]).facts) == 40


def test_a_large_batch_is_announced_whole(committed_db: TestDatabase) -> None:
    source = make_source()
    with committed_db.connect() as listener:
        listener.execute("LISTEN throughline")
        listener.commit()
        told = tell(source, *(row(says("refund.paid", "1.00", f"order:n{n}"), id=f"n{n}") for n in range(900)))
        heard = [r for n in listener.notifies(timeout=5, stop_after=3) for r in json.loads(n.payload)["refs"]]
    assert heard == told.ref_ids and len(heard) == 900


UNSOUND = [
    Row("refund", "x\x00y", {}), Row("refund", "z" * 10_240, {}), Row("refund", "\ud800", {}), Row("refund", "", {}),
    Row("refund", {"a": 1}, {}), Row(None, "r1", {}), Row("refund", "r1", "text"), Row("refund", "r1", None),
    Row("refund", "r1", {"facts": []}, url="\x00"), Row("refund", "r1", {}, version="abc"),
    Row("refund", "r1", {}, version=float("nan")), Row("refund", "r1", {}, version=10**40),
    Row("refund", "r1", {}, version=T0.replace(tzinfo=None)),
]  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize("bad", UNSOUND, ids=lambda r: repr(r)[:60])
def test_a_row_without_a_sound_name_body_or_version_is_kept_beside_the_others(ordered: Source, bad: Row) -> None:
    told = tell(ordered, bad, row(says(), id="r2", version=1))
    assert (told.malformed, amounts(ordered)) == (1, ["10.00"])
    assert Malformed.objects.get().reason.startswith(("The row's ", "TypeError", "KeyError"))


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00+14:00"])
def test_a_time_that_only_fills_an_empty_field_is_malformed(ledger: Source, when: str) -> None:
    assert tell(ledger, row(says(occurred=when))).malformed == 1
    assert evidence(seeds=[ORDER]).facts == ()


def test_a_reference_that_no_database_keeps_makes_a_malformed_row(ledger: Source) -> None:
    assert tell(ledger, row(says("refund.paid", "1.00", "payment:\ud800")), row(says(), id="r2")).malformed == 1
    assert amounts(ledger) == ["10.00"]


def test_an_asking_whose_rows_could_not_all_be_read_is_not_complete(ledger: Source) -> None:
    ref = Ref("payment", "p1")
    said = RefOutcome(ref, "found", True, ("refund.paid",), rows=frozenset({("refund", "r1")}))
    tell(ledger, row({"kind": "refund.paid", "data": {}, "refs": ["payment:p1"]}), asked=Asked(1, refs=(said,)))
    (check,) = evidence(seeds=[ref]).checks
    assert (check.outcome, check.complete, check.reason) == ("found", False, "Part of what it sent can’t be read.")
