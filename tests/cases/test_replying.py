import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from cases.answers import Claim, Value, text
from cases.drafts import read_reply
from cases.errors import AnswerChanged, BadInput, BadRef, BadWords
from cases.models import Case, OutboxMail, Statement
from cases.selectors import case_view, draft_check
from cases.services import Actor, asker_verify, message_send
from connectors.host.models import Record, Source
from connectors.host.services import Asked, RefOutcome, facts_record
from connectors.sdk import Ref
from tests.cases.conftest import EUR, Say, opened


@pytest.fixture
def asked(paid: Say, dana: User) -> Case:
    """A case whose answer is that the money went back."""
    return opened(dana)


def send(case: Case, words: str, by: User, **more: object) -> Statement:
    digest = more.pop("digest", None) or case_view(case=case).answer.digest
    return message_send(case=case, text=words, answer_digest=str(digest), actor=Actor.person(by), **more)  # type: ignore[arg-type]


def test_until_the_asker_is_verified_a_draft_discloses_nothing(asked: Case):
    view = case_view(case=asked)
    assert view.draft and not re.search(r"\d", view.draft) and "Maya" not in view.draft


def test_a_verified_asker_is_told_the_amount(asked: Case, dana: User):
    asker_verify(case=asked, how="order_and_email", actor=Actor.person(dana))
    draft = case_view(case=asked).draft
    assert "84.90" in draft and draft.startswith("Hello Maya,") and draft.endswith("Dana Okafor")


def test_claims_are_recorded_where_their_sentences_stand(asked: Case, dana: User):
    asker_verify(case=asked, how="order_and_email", actor=Actor.person(dana))
    view = case_view(case=asked)
    statement = send(asked, view.draft, dana)
    assert [c["key"] for c in statement.claims] == [c.key for c in view.answer.draft]
    assert all(c["facts"] or c["checks"] for c in statement.claims)
    assert statement.unchecked == ["Hello Maya,", "Kind regards,\nDana Okafor"]


def test_a_claim_whose_sentence_was_changed_is_unchecked_words(asked: Case, dana: User):
    asker_verify(case=asked, how="order_and_email", actor=Actor.person(dana))
    draft = case_view(case=asked).draft.replace("84.90", "94.90")
    why = [{"key": f.key, "why": "Ten more for the trouble"} for f in draft_check(case=asked, text=draft).unanswered]
    statement = send(asked, draft, dana, kept=why)
    assert len(statement.claims) < len(case_view(case=asked).answer.draft)
    assert any("94.90" in words for words in statement.unchecked)


def test_when_the_answer_has_changed_nothing_is_sent_and_the_words_are_kept(asked: Case, dana: User, paid: Say):
    old = case_view(case=asked).answer.digest
    paid("refund.failed", {"amount": EUR, "reason": "Account closed"}, "refund:re_1", "payment:pi_1", ago=1)
    with pytest.raises(AnswerChanged) as changed:
        send(asked, "It is on its way.", dana, digest=old)
    now = case_view(case=asked)
    assert (changed.value.text, changed.value.new_draft) == ("It is on its way.", now.draft)
    assert changed.value.new_answer.digest == now.answer.digest != old
    assert not Statement.objects.exists() and not OutboxMail.objects.exists()


def test_a_letter_needs_an_address(asked: Case, dana: User):
    assert send(asked, "Hello", dana).recipient.value == "maya@example.com"
    with pytest.raises(BadRef, match="not an e-mail address"):
        send(asked, "Hello", dana, recipient="maya")
    with pytest.raises(BadRef, match="not an e-mail address"):
        send(asked, "Hello", dana, recipient="a@b.example\nBcc: c@d.example")
    lonely = opened(dana, "order:unknown-1")
    with pytest.raises(BadInput, match="none is known"):
        send(lonely, "Hello", dana)


@pytest.mark.parametrize(("words", "says"), [("", "empty"), ("x" * 10_001, "at most 10,000"), ("a\x00b", "NUL")])
def test_words_that_no_letter_can_carry_are_refused(asked: Case, dana: User, words: str, says: str):
    with pytest.raises(BadWords, match=says):
        send(asked, words, dana)


def test_what_is_said_on_the_phone_leaves_no_letter(asked: Case, dana: User):
    statement = send(asked, "Told her on the phone.", dana, channel="phone")
    assert not OutboxMail.objects.exists() and statement.channel == "phone"
    assert case_view(case=asked).waiting_since is None


AMOUNT = Value("amount", "84.90", "€84.90", fact=1, pointer="/amount/amount")
SENT = Claim("refund.paid", text("We sent {a} on Tue.", a=AMOUNT), "finance", (1,))


@pytest.mark.parametrize(
    ("reply", "stands"),
    [
        ("We sent €84.90 on Tue.", True),
        ("Hello,\n\nWe sent  €84.90\non Tue. Bye.", True),
        ("Good news! We sent €84.90 on Tue.\nBye", True),
        ("It is not true that We sent €84.90 on Tue.", False),
        ("We sent €84.90 on Tue. unless the bank refused it", False),
        ("We sent €84.90 on Tue, I think.", False),
        ("We sent €84.90.", False),
    ],
)
def test_a_sentence_stands_only_as_a_sentence_of_its_own(reply: str, stands: bool):
    read = read_reply(reply, [SENT])
    assert bool(read.claims) is stands
    if not stands:
        assert read.unchecked == (reply,)


PIECES = ["We sent €84.90 on Tue.", "We sent €84.90", " ", "\n", "Not", ".", "It waits.", "not true that"]
WAITS = Claim("refund.waits", text("It waits."), "policy", (2,))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_every_word_of_a_reply_is_a_claim_s_or_unchecked(reply: str):
    read = read_reply(reply, [SENT, WAITS])
    words = [w for p in (*[str(c.text) for c in read.claims], *read.unchecked) for w in p.split()]
    assert sorted("".join(words)) == sorted("".join(reply.split()))
    assert len(read.claims) == len({c.key for c in read.claims})


NOTHING_MORE = ("order.placed", "refund.paid", "return.received", "return.requested")


def asked_again(case: Case, *refs: str) -> str:
    """Every system says once more what it has said, and that there is nothing else; the answer's digest comes back."""
    rows = frozenset(Record.objects.values_list("record_type", "record_id"))
    outcome = "found" if rows else "nothing"
    found = tuple(RefOutcome(Ref.parse(r), outcome, True, NOTHING_MORE, rows=rows) for r in refs)
    for source in Source.objects.all():
        facts_record(source=source, rows=[], how="lookup", started_at=datetime.now(UTC),
                     asked=Asked(took_ms=5, refs=found))  # fmt: skip
    return case_view(case=case).answer.digest


def test_the_same_answer_confirmed_is_the_same_answer(maya: Say, dana: User):
    maya("return.requested", {}, "return:R-1", "order:48-1193")
    case = opened(dana)
    first = asked_again(case, "order:48-1193", "email:maya@example.com")
    assert any(c.checks for c in case_view(case=case).answer.claims)
    assert asked_again(case, "order:48-1193", "email:maya@example.com") == first


def test_nothing_found_again_is_the_same_answer(say: Say, dana: User):
    case = opened(dana, "order:48-9999")
    first = asked_again(case, "order:48-9999")
    assert case_view(case=case).answer.situation == "nothing_found"
    assert asked_again(case, "order:48-9999") == first
