"""Who is who comes from facts; a ref that points to two customers asks, and nothing merges."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.host.selectors import moment
from connectors.host.views import FactView
from connectors.sdk import Ref
from customers.models import Customer, Identity, Link
from customers.selectors import customer_by_refs, customers_by_refs, customers_search
from customers.services import customer_find_or_create
from tests.examples import examples

MAYA, ELI = Ref("email", "maya@example.com"), Ref("email", "eli@example.com")
ONE, TWO = Ref("shop.customer", "1"), Ref("shop.customer", "2")
NOW = datetime.now(UTC)


def fact(id_: int, *refs: Ref, name: str = "") -> FactView:
    data = {"customer_name": name} if name else {}
    return FactView(
        id=id_, kind="order.placed", data=data, refs=(Ref("order", str(id_)), *refs), source="shop",
        source_title="Shop", domain="order", record_type="order", record_id=str(id_), occurred=NOW, day=None,
        precision="instant", sort_at=NOW, learned_at=NOW, superseded_at=None, version=1, how="lookup", implied=False,
        said="Order placed", url="", confirmed_at=NOW, zone="UTC",
    )  # fmt: skip


def find(*refs: Ref, facts: list[FactView]) -> Customer | None:
    return customer_find_or_create(refs=refs, evidence=facts)


def test_nobody_is_made_up_before_a_source_has_said_something(db: None):
    assert find(MAYA, facts=[]) is None
    assert not Customer.objects.exists()


def test_a_fact_makes_a_customer_once(db: None):
    facts = [fact(1, MAYA, name="Maya Lindqvist")]
    first = find(MAYA, facts=facts)
    assert first and first.name == "Maya Lindqvist" and find(MAYA, facts=facts) == first
    assert (Customer.objects.count(), Identity.objects.count(), Link.objects.count()) == (1, 1, 1)


def test_a_fact_with_two_refs_ties_the_second(db: None):
    first = find(MAYA, facts=[fact(1, MAYA)])
    assert find(ONE, facts=[fact(2, MAYA, ONE)]) == first
    assert {str(r) for r in customers_by_refs([ONE], moment()[0])[0].refs} == {str(MAYA), str(ONE)}


def test_two_customers_who_share_an_e_mail_are_asked_about_and_never_merged(db: None):
    facts = [fact(1, ONE, MAYA, name="Maya"), fact(2, TWO, MAYA, name="Her brother")]
    assert find(MAYA, facts=facts) is None
    assert {c.name for c in customers_by_refs([MAYA], moment()[0])} == {"Maya", "Her brother"}
    assert customer_by_refs([MAYA], moment()[0]) is None
    assert find(ONE, facts=facts).name == "Maya"  # type: ignore[union-attr]


def test_a_fact_that_names_two_known_people_ties_nothing(db: None):
    find(MAYA, facts=[fact(1, MAYA)])
    find(ELI, facts=[fact(2, ELI)])
    assert find(MAYA, ELI, facts=[fact(3, MAYA, ELI)]) is None
    assert Identity.objects.count() == 2


def test_who_a_ref_pointed_to_is_known_of_the_past(db: None):
    before = moment()[0]
    found = find(MAYA, facts=[fact(1, MAYA)])
    assert customer_by_refs([MAYA], before) is None
    assert customer_by_refs([MAYA], moment()[0]).id == found.pk  # type: ignore[union-attr]
    Identity.objects.update(to_at=NOW + timedelta(seconds=0))
    assert customer_by_refs([MAYA], moment()[0]) is None


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 4]), min_size=1, max_size=3), min_size=1, max_size=5))
def test_telling_the_same_facts_again_changes_nothing(db: None, batches: list[list[int]]):
    said = [fact(1, ONE, MAYA), fact(2, TWO, MAYA), fact(3, ELI), fact(4, TWO, ELI), fact(5, ONE)]
    everyone = [MAYA, ELI, ONE, TWO]
    for batch in batches:
        find(*everyone, facts=[said[n] for n in batch])
    heard = [said[n] for n in sorted({n for b in batches for n in b})]
    find(*everyone, facts=heard)
    was = sorted(Identity.objects.values_list("ref_id", "customer_id"))
    find(*everyone, facts=heard)
    assert sorted(Identity.objects.values_list("ref_id", "customer_id")) == was


@pytest.mark.parametrize("words", ["maya", "LINDQ", "may lind", "Lindqvist, Maya"])
def test_people_are_found_by_the_beginnings_of_their_names(db: None, words: str):
    find(MAYA, facts=[fact(1, MAYA, name="Maya Lindqvist")])
    assert [c.name for c in customers_search(words)] == ["Maya Lindqvist"]


@pytest.mark.parametrize("words", ["", "'", ":*", "a | b", "\x00", "()", "\\"])
def test_no_words_break_the_search_for_people(db: None, words: str):
    assert customers_search(words) == ()
