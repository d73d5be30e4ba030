"""What a customer has told already is pinned, and a draft that asks for it again is told so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from hypothesis import example, given
from hypothesis import strategies as st

from cases.memory import told_in
from cases.memory.asking import asked_again
from cases.memory.phrases import TABLE
from cases.memory.pins import pinned
from cases.models import Case
from cases.selectors import case_view, draft_check
from cases.services import Actor, asker_verify, note_add, refs_add
from cases.views import EventView
from tests.cases.conftest import opened
from tests.memory.conftest import wrote

TOLD = [
    ("Please don't call me.", "call", "Asked not to be called"),
    ("Please don't call me in the mornings.", "call", "Asked not to be called in the mornings"),
    ("No phone calls please, I work nights", "call", "Asked not to be called"),
    ("You can call me any time", "call", "May be called"),
    ("Only by e-mail please", "channel", "Write only by e-mail"),
    ("I already sent the photos last week.", "photos", "Photos were sent"),
    ("The receipt is attached.", "receipt", "The receipt was sent"),
    ("We have already submitted your form", "form", "The form was sent"),
    ("I've sent the boots back on Monday", "sent_back", "Says that it was sent back"),
    ("My new address is Pitkäkatu 3", "address", "Moved: the new address was given"),
    ("My address has changed.", "address_changed", "The address has changed"),
    ("Reach me on +358 40 123 4567", "phone", "Phone number +358 40 123 4567"),
    ("Call me after 5 pm", "time", "Reach them after 5 pm"),
    ("I am on holiday until Monday", "away", "Away"),
    ("I need it before Christmas", "needed", "Needs it before Christmas"),
    ("I don't want a voucher", "unwanted", "Does not want a voucher"),
    ("I'd like a replacement", "wanted", "Wants a replacement"),
    ("I paid with PayPal", "payment", "Paid by PayPal"),
    ("I ordered it on 3 November", "bought", "Bought on 3 November"),
]


@pytest.mark.parametrize(("text", "key", "what"), TOLD)
def test_what_customers_tell_is_read_from_their_words(text: str, key: str, what: str):
    assert (key, what) in [(t.key, t.what) for t in told_in(text)]


def test_a_time_to_be_left_alone_is_not_a_time_to_be_reached():
    assert {t.key for t in told_in("Please don't call me in the mornings.")} == {"call"}


def test_every_phrase_is_tried():
    assert {p.what.split("{")[0] for p in TABLE} - {"Prefers the phone"} == {
        p.what.split("{")[0] for p in TABLE for _, key, what in TOLD
        if p.key == key and what.startswith(p.what.split("{")[0])
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Have you sent me the invoice?", "The photos you sent me are nice", "I have not sent the photos",
     "> I already sent the photos", "I called you twice", "Thanks!", "You never called me back"],
)  # fmt: skip
def test_what_was_not_told_is_not_pinned(text: str):
    assert told_in(text) == ()


def test_pins_say_the_words_when_and_where(case: Case, dana: User):
    wrote(case, "It is about RMA-77120. Please don't call me, I already sent the photos.")
    pins = {p.key: p for p in case_view(case=case).pinned}
    assert set(pins) == {"order", "return", "call", "photos"}
    assert pins["return"].ref == "return:RMA-77120" and pins["return"].words == "It is about RMA-77120."
    assert pins["call"].reference == case.reference and pins["call"].here
    assert case_view(case=case).pinned[0].kind == "wish"


def test_a_later_word_replaces_an_earlier_one(case: Case):
    wrote(case, "Please do not call me.")
    before = case_view(case=case).as_of
    wrote(case, "I changed my mind: please call me.")
    assert [p.what for p in case_view(case=case).pinned if p.key == "call"] == ["May be called"]
    assert [p.what for p in case_view(case=case, as_of=before).pinned if p.key == "call"] == ["Asked not to be called"]


def test_the_past_shows_what_was_read_then_even_when_the_rules_have_changed(
    case: Case, monkeypatch: pytest.MonkeyPatch
):
    wrote(case, "Please do not call me. RMA-77120")
    before = case_view(case=case).pinned
    monkeypatch.setattr("cases.memory.pins.told_in", lambda *_: ())
    assert case_view(case=case).pinned == before


def test_an_earlier_case_of_the_customer_is_remembered(case: Case, dana: User):
    """chatwoot#14010: what was said in an earlier conversation was out of sight, so it was asked again."""
    wrote(case, "My new address is Pitkäkatu 3. I paid with PayPal.")
    asker_verify(case=case, how="order_and_email", actor=Actor.person(dana))
    again = opened(dana, "order:48-1193", message="Me again")
    pins = {p.key: p for p in case_view(case=again).pinned}
    assert {"address", "payment", "identity"} <= set(pins)
    assert (pins["address"].reference, pins["address"].here) == (case.reference, False)
    (finding,) = draft_check(case=again, text="Could you tell us your new address? Thanks.").findings
    assert finding.kind == "asked_again" and finding.data["reference"] == case.reference
    assert f"in case {case.reference}" in finding.text and "Pitkäkatu 3" in finding.text


def test_a_later_case_is_not_remembered_in_an_earlier_one(case: Case, dana: User):
    again = opened(dana, "order:48-1193", message="Please do not call me")
    assert "call" in {p.key for p in case_view(case=again).pinned}
    assert "call" not in {p.key for p in case_view(case=case).pinned}


ASKED = [
    ("Could you give me your order number?", "order"),
    ("Please send us the return number so that we can look.", "return"),
    ("Can you send us some photos of the damage?", "photos"),
    ("What is your phone number?", "phone"),
    ("Which e-mail address did you order with?", "email"),
    ("How did you pay?", "payment"),
    ("When did you order it?", "bought"),
    ("Have you returned the jacket?", "sent_back"),
]
SAID = "Order 48-1193, return RMA-77120. I already sent the photos. Reach me on +358 40 1234567. I paid by card. " \
       "I ordered it on 3 November. I have returned it. maya@example.com"  # fmt: skip


@pytest.mark.parametrize(("draft", "key"), ASKED)
def test_a_draft_that_asks_again_gets_the_earlier_words(case: Case, draft: str, key: str):
    wrote(case, SAID)
    found = [f for f in draft_check(case=case, text=draft).findings if f.kind == "asked_again"]
    assert [(f.data["key"], f.level) for f in found] == [(key, "advice")]
    assert found[0].data["words"] in found[0].text and draft[slice(*found[0].span)]


@pytest.mark.parametrize(
    "draft",
    ["Is your order number 48-1193?", "Please keep the photos.", "We have your order number.",
     "Thank you for the photos!", "We will write to you by e-mail.", "Your order number helps us."],
)  # fmt: skip
def test_a_draft_that_asks_for_nothing_known_is_left_alone(case: Case, draft: str):
    wrote(case, SAID)
    assert not [f for f in draft_check(case=case, text=draft).findings if f.kind == "asked_again"]


def test_what_nobody_has_told_may_be_asked(case: Case):
    assert not draft_check(case=case, text="Could you send us photos?").findings
    known = draft_check(case=case, text="Could you give us your order number?").findings
    assert [f.text for f in known] == ["No need to ask for the order number: Order 48-1193 is on the case."]


def test_a_call_is_not_announced_to_somebody_who_asked_for_none(case: Case):
    wrote(case, "Please do not call me.")
    found = draft_check(case=case, text="We will call you tomorrow at 10:00.").findings
    assert "against_wish" in {f.kind for f in found} and not [f for f in found if f.level == "stop"]
    wrote(case, "Fine, please call me then.")
    assert "against_wish" not in {f.kind for f in draft_check(case=case, text="We will call you.").findings}


def test_only_the_customer_s_own_words_are_pinned(case: Case, dana: User):
    note_add(case=case, text="She said: please do not call me", actor=Actor.person(dana))
    refs_add(case=case, refs=["return:R-1"], actor=Actor.person(dana))
    assert {p.key for p in case_view(case=case).pinned} == {"order", "return"}


NOW = datetime(2026, 11, 22, tzinfo=UTC)


def said(number: int, text: str) -> EventView:
    at = NOW + timedelta(minutes=number)
    return EventView(number, number, "message.in", "", text, "customer", "", "", at, "messages", {"text": text})


@given(st.lists(st.sampled_from([text for text, _, _ in TOLD]), max_size=8), st.integers(0, 8))
def test_pins_grow_only_with_time_and_an_earlier_view_never_changes(texts: list[str], cut: int):
    events = [said(n, text) for n, text in enumerate(texts, start=1)]
    then = pinned(events[:cut], (), "1")
    assert pinned([e for e in events if e.seq <= cut], [], "1") == then
    assert {p.key for p in then} <= {p.key for p in pinned(events, (), "1")}
    assert pinned(events[cut:], [("0", events[:cut])], "1") or not texts


@example("9\x7f")
@example("my order is 9\ud800")
@given(st.text(max_size=300))
def test_any_words_can_be_read_and_checked(text: str):
    pins = pinned([said(1, SAID)], (), "1")
    for found in (*told_in(text), *asked_again(text, pins)):
        assert 0 <= found.span[0] <= found.span[1] <= len(text)
