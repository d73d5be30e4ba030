"""Promises found in letters, and what is none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cases.promises import promises_in

AT = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Helsinki"))


def found(text: str):
    return promises_in(text, AT, "Europe/Helsinki", "FI")


@pytest.mark.parametrize(
    ("text", "kind", "what", "phrase"),
    [
        ("We'll call you tomorrow before noon.", "call", "Call the customer", "tomorrow before noon"),
        ("I will send you the label by Friday.", "write", "Send the customer the label", "by Friday"),
        ("You will receive the refund by 30 November.", "money", "The customer will receive the refund",
         "by 30 November"),
        ("By Friday we’ll let you know what they found.", "write", "Let the customer know what they found",
         "By Friday"),
        ("A colleague will ring you this afternoon!", "call", "Ring the customer", "this afternoon"),
        ("Your refund of €84.90 will be paid within 5 to 7 business days.", "money",
         "The customer’s refund of €84.90 will be paid", "within 5 to 7 business days"),
        ("We're going to ship a replacement on Thursday.", "goods", "Ship a replacement", "on Thursday"),
        ("Tomorrow I'll look into it.", "look", "Look into it", "Tomorrow"),
        ("You'll hear from us by 4 p.m. on Wednesday. Kind regards", "write", "Customer hears from us",
         "by 4 p.m. on Wednesday"),
    ],
)  # fmt: skip
def test_a_promise_is_found_with_its_time(text: str, kind: str, what: str, phrase: str):
    (one,) = found(text)
    assert (one.kind, one.what, one.due and one.due.phrase) == (kind, what, phrase)


@pytest.mark.parametrize(
    "text",
    [
        "If we don't hear from you by Friday, we will close the case.", "We will not refund this.",
        "We'll be happy to help you tomorrow.", "You will find the invoice attached.", "Will you call us tomorrow?",
        "You said that we will call you tomorrow.", "We hope to call you tomorrow.", "I will do my best.",
        "> We will call you tomorrow.", "We sent your refund on 17 Nov. Banks usually take 5 to 10 working days.",
        "You can send it back until Friday.", "Kind regards,\nDana Okafor",
    ],
)  # fmt: skip
def test_hopes_conditions_courtesies_and_quotes_promise_nothing(text: str):
    assert found(text) == ()


def test_a_promise_without_a_time_is_found_and_asks_for_one():
    (one,) = found("We'll call you back about the refund as soon as possible.")
    assert one.due is None and "by when" in one.ask and one.what == "Call the customer back about the refund"


def test_what_waits_for_something_else_asks_for_a_day():
    (one,) = found("Once we receive the parcel, we will refund you within 5 days.")
    assert one.due is None and one.keeps_kind == "refund.paid"


def test_two_promises_of_one_sentence_have_a_time_each():
    text = "We will call you tomorrow and send the label by Friday."
    assert [(p.kind, p.due.phrase) for p in found(text) if p.due] == [("call", "tomorrow"), ("write", "by Friday")]


def test_two_times_for_one_promise_are_asked_about():
    (one,) = found("We will call you tomorrow, and by Friday.")
    assert one.due is None and "Two times" in one.ask


def test_a_line_that_is_wrapped_is_one_sentence_and_spans_are_those_of_the_letter():
    text = "Hello Maya,\n\nwe will call you\ntomorrow before noon.\n\nKind regards"
    (one,) = found(text)
    assert one.due and text[one.due.start : one.due.end] == "tomorrow before noon"
