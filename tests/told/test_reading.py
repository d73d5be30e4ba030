"""Amounts, days and statuses are read from free words, typed and with their place; or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.told.amounts import amounts_in
from cases.told.dayparts import ends, spelt, within
from cases.told.days import days_in
from cases.told.reading import read
from tests.told.conftest import AT, ZONE, said

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("€84.90", "84.90", "EUR"), ("84.90 €", "84.90", "EUR"), ("EUR 84.90", "84.90", "EUR"),
        ("84,90 euros", "84.90", "EUR"), ("$1,200.50", "1200.50", "USD"), ("US$50", "50.00", "USD"),
        ("1 200,50 €", "1200.50", "EUR"), ("1.200,50 EUR", "1200.50", "EUR"), ("€1,000", "1000.00", "EUR"),
        ("a thousand pounds", "1000.00", "GBP"), ("a hundred and fifty euros", "150.00", "EUR"),
        ("84 euros and 90 cents", "84.90", "EUR"), ("5k euros", "5000.00", "EUR"), ("a refund of 84.90", "84.90", ""),
        ("249 kr", "249.00", ""), ("fifty-five dollars", "55.00", "USD"), ("CHF 12.50", "12.50", "CHF"),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_the_writings_that_people_use(words: str, value: str, unit: str):
    assert [(a.value, a.unit) for a in amounts_in(f"We sent {words} to you.")] == [(value, unit)]


@pytest.mark.parametrize(
    "words",
    [
        "5 to 10 working days",
        "at 12.30",
        "clause 3.12",
        "order 48-1193",
        "on 17.11.2026",
        "20%",
        "RF-12 §3",
        "at 5.30pm",
    ],
)
def test_a_number_that_is_no_money_is_not_read_as_one(words: str):
    assert amounts_in(f"We look at {words} again.") == ()


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("on Tuesday 17 November", "2026-11-17/2026-11-17"), ("on the 17th of November", "2026-11-17/2026-11-17"),
        ("on Nov 17, 2026", "2026-11-17/2026-11-17"), ("on 17/11/2026", "2026-11-17/2026-11-17"),
        ("on 2026-11-17", "2026-11-17/2026-11-17"), ("by Friday", "../2026-11-27"),
        ("tomorrow", "2026-11-23/2026-11-23"),
        ("between 24 November and 1 December", "2026-11-24/2026-12-01"), ("24–28 November", "2026-11-24/2026-11-28"),
        ("by Friday 20 November", "../2026-11-20"), ("before 5 December", "../2026-12-04"),
        ("from 24 Nov on", "2026-11-24/.."),
        ("in 3 days", "2026-11-25/2026-11-25"), ("two weeks ago", "2026-11-08/2026-11-08"),
        ("Friday last week", "2026-11-13/2026-11-13"), ("next week", "2026-11-23/2026-11-29"),
        ("by the end of the month", "../2026-11-30"), ("after 20 November", "2026-11-21/.."),
        ("by 27 November at the latest", "../2026-11-27"), ("on Wednesday 20 November 2024", "2024-11-20/2024-11-20"),
    ],
)  # fmt: skip
def test_a_day_is_read_at_the_instant_of_writing(words: str, days: str):
    assert [spelt(d) for d in days_in(f"We do it {words}.", TODAY)] == [days]


@pytest.mark.parametrize(
    "words", ["we may refund", "we march on", "24/7", "the sun", "they sat down", "31 February", "1/2"]
)
def test_words_that_only_look_like_a_day_are_none(words: str):
    assert days_in(f"Yes, {words} there.", TODAY) == ()


@pytest.mark.parametrize(
    ("words", "topic", "value", "mode", "hedged"),
    [
        ("Your refund has been sent.", "refund.paid", "yes", "was", False),
        ("We’ve refunded you.", "refund.paid", "yes", "was", False),
        ("Your refund hasn’t been sent yet.", "refund.paid", "no", "was", False),
        ("No refund has been issued.", "refund.paid", "no", "was", False),
        ("We will send your refund.", "refund.paid", "yes", "will", False),
        ("Has your refund been sent?", "refund.paid", "yes", "was", True),
        ("Perhaps your refund has been sent.", "refund.paid", "yes", "was", True),
        ("Once we have received your parcel, you hear from us.", "return.received", "yes", "was", True),
        ("Your refund is approved.", "refund.approved", "yes", "was", False),
        ("Your refund could not be paid out.", "refund.failed", "yes", "was", False),
        ("We have not received your return.", "return.received", "no", "was", False),
        ("Your return did not pass our inspection.", "return.passed", "no", "was", False),
        ("Your order has been shipped.", "shipment.dispatched", "yes", "was", False),
        ("The parcel was delivered.", "shipment.delivered", "yes", "was", False),
        ("Your order was cancelled.", "order.cancelled", "yes", "was", False),
        ("The carrier lost your parcel.", "shipment.lost", "yes", "was", False),
    ],
)
def test_a_status_is_read_with_its_negation_and_its_hedge(words: str, topic: str, value: str, mode: str, hedged: bool):
    found = [(s.topic, s.value, s.mode, s.hedged) for s in said(words) if s.type == "status"]
    assert found == [(topic, value, mode, hedged)]


def test_amounts_and_days_are_about_what_their_clause_is_about():
    found = {s.text: s.topic for s in said("We received your parcel on 13 Nov and sent €84.90 back on 17 Nov.")}
    assert found["on 13 Nov"] == "return.received"
    assert found["€84.90"] == found["on 17 Nov"] == "refund.paid"


def test_a_sentence_that_names_an_order_speaks_of_that_order():
    assert [s.ref for s in said("Order 48-1193 has been shipped.")] == ["order:48-1193"]


def test_what_is_quoted_or_repeated_as_told_is_not_said_again():
    words = "On 14 November we told you: “We send it by 25 November.” That has changed: the refund goes by 20 November."
    found = read(words, AT, ZONE)
    assert [s.value for s in found.said if s.type == "date"] == ["../2026-11-20"]
    assert "../2026-11-25" in [s.value for s in found.told]


LETTER = st.lists(
    st.sampled_from(["We sent", " your refund", " of €84.90", " on 17 November", ".", " not", " by Friday", "\n", " “",
                     "”",
                     " 5 to 10", " hello", " 1.234,5", " may", " we told you", ";", " the 3rd", " — "]),
    max_size=14,
).map("".join)  # fmt: skip


@given(LETTER | st.text(max_size=80))
def test_every_claim_stands_where_it_says_and_reading_never_fails(text: str):
    found = read(text, AT, ZONE)
    for one in (*found.said, *found.told):
        assert 0 <= one.span[0] < one.span[1] <= len(text)
        if one.type != "status":
            assert text[slice(*one.span)] == one.text
        if one.type == "date":
            first, last = ends(one.value)
            assert first <= last and within(one.value, one.value)
