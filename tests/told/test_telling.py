"""What customers were told, through the doors: sent, held against facts, put right."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from cases.errors import BadInput, NeedsReason, NotToBeTold, WrongState
from cases.models import Alert, Case, Statement, StatementStanding
from cases.selectors import case_view, chain_verify, draft_check, queue, told_verify
from cases.services import Actor, asker_verify, case_close, case_follow, message_send, statement_settle
from tests.cases.conftest import EUR, NOW, Say, case, dana, maya, opened, paid, say, teller, tom  # noqa: F401

LESS = {"amount": "79.90", "currency": "EUR"}


@pytest.fixture
def approved(maya: Say, dana: User) -> Case:  # noqa: F811
    """Maya's refund is approved, and she has been told so."""
    maya("refund.approved", {"amount": EUR}, "refund:re_1", "payment:pi_1", ago=3)
    made = opened(dana)
    asker_verify(case=made, how="order_and_email", actor=Actor.person(dana))
    return made


def send(to: Case, words: str, by: User, **more: object) -> Statement:
    digest = case_view(case=to).answer.digest
    return message_send(case=to, text=words, answer_digest=digest, actor=Actor.person(by), **more)  # type: ignore[arg-type]


def pays(say: Say, what: dict[str, str] = LESS) -> None:  # noqa: F811
    say("refund.paid", {"amount": what, "method": "card"}, "refund:re_1", "payment:pi_1", ago=0.01)


def test_a_claim_that_no_fact_backs_needs_a_reason(approved: Case, dana: User):  # noqa: F811
    words = "Your invoice was sent, and your refund of €84.90 is approved."
    with pytest.raises(NeedsReason, match="not backed by any fact") as refused:
        send(approved, words, dana)
    assert not Statement.objects.exists()
    (one,) = refused.value.check.unanswered
    sent = send(approved, words, dana, kept=[{"key": one.key, "why": "Sent by hand on Monday"}])
    assert [(k["why"], k["warning"]) for k in sent.kept] == [("Sent by hand on Monday", one.text)]
    assert {s["type"]: s["value"] for s in sent.said} == {"status": "yes", "amount": "84.90"}


def test_no_amount_or_day_goes_to_an_asker_who_is_not_verified(paid: Say, dana: User):  # noqa: F811
    unknown = opened(dana)
    for words in ("We sent €84.90.", "We sent your refund on 3 November.", "It is about RMA-77120."):
        with pytest.raises(NotToBeTold, match="not verified"):
            send(unknown, words, dana, kept=[{"key": "x", "why": "She asked nicely"}])
    assert not Statement.objects.exists()
    assert send(unknown, "Your refund has been sent.", dana)


def test_who_was_sent_what_is_on_the_case(approved: Case, dana: User):  # noqa: F811
    """chatwoot#4047: nobody knows to whom a reply went. Here every statement names everybody that it was sent to."""
    copies = [{"ref": "partner@example.com", "how": "cc"}, {"ref": "audit@shop.example", "how": "bcc"}]
    sent = send(approved, "Your refund of €84.90 is approved.", dana, copies=copies)
    (told,) = case_view(case=approved).told
    assert [(r.ref, r.how) for r in told.recipients] == [
        ("email:maya@example.com", "to"), ("email:partner@example.com", "cc"), ("email:audit@shop.example", "bcc"),
    ]  # fmt: skip
    assert told_verify(sent) == "told" and chain_verify(approved).intact
    sent.recipients = sent.recipients[:1]
    assert told_verify(sent) == "changed"


def test_what_was_told_before_recipients_were_kept_still_verifies(approved: Case, dana: User):  # noqa: F811
    from cases.chain import told_digest

    sent = send(approved, "Your refund of €84.90 is approved.", dana)
    sent.event.payload.data = {"told_digest": told_digest(sent.words, sent.claims, sent.unchecked)}
    sent.said = sent.kept = sent.recipients = []
    sent.helped = ""
    assert told_verify(sent) == "told"


def test_a_statement_that_facts_overtake_comes_back_to_the_queue(approved: Case, maya: Say, dana: User):  # noqa: F811
    told = send(approved, "Your refund of €84.90 is approved.", dana)
    case_close(case=approved, actor=Actor.person(dana))
    before = case_view(case=approved)
    pays(maya)
    case_follow(approved)
    now = case_view(case=approved)
    assert (before.state, now.state, now.told[0].state) == ("closed", "open", "broken")
    (row,) = queue(owner=dana)
    assert (row.label, row.broken_words, row.waiting_since is not None) == ("What you told no longer holds", 1, True)
    (alert,) = Alert.objects.filter(person=dana, kind="told.broken")
    assert "€84.90" in alert.text and "€79.90" in alert.text
    then = case_view(case=approved, as_of=before.as_of)
    assert (then.state, then.told[0].id, then.told[0].state) == ("closed", told.pk, "holds")


def test_the_same_contradiction_is_told_once_however_often_it_is_looked_for(approved: Case, maya: Say, dana: User):  # noqa: F811
    send(approved, "Your refund of €84.90 is approved.", dana)
    pays(maya)
    for _ in range(3):
        case_follow(approved)
    pays(maya)
    case_follow(approved)
    assert approved.events.filter(kind="told.broken").count() == 1 == Alert.objects.filter(kind="told.broken").count()


def test_facts_that_touch_no_claim_are_no_news(approved: Case, maya: Say, dana: User):  # noqa: F811
    send(approved, "Your refund of €84.90 is approved.", dana)
    maya("invoice.issued", {"amount": LESS, "number": "1"}, "order:48-1193")
    pays(maya, EUR)
    case_follow(approved)
    assert not StatementStanding.objects.exists() and not Alert.objects.filter(kind="told.broken").exists()


def test_a_correction_that_acknowledges_the_change_puts_it_right(approved: Case, maya: Say, dana: User):  # noqa: F811
    from cases.selectors import correction

    send(approved, "Your refund of €84.90 is approved.", dana)
    pays(maya)
    case_follow(approved)
    view = case_view(case=approved)
    letter = correction(view, view.told)
    assert "we told you: “Your refund of €84.90 is approved.” That has changed." in letter and "€79.90" in letter
    send(approved, letter, dana)
    view = case_view(case=approved)
    assert [t.state for t in view.told] == ["holds", "settled"]
    assert view.events[-1].kind == "told.settled" or "told.settled" in {e.kind for e in view.events}
    assert queue(owner=dana)[0].broken_words == 0
    assert chain_verify(approved).intact


def test_when_the_facts_return_the_statement_holds_again(approved: Case, maya: Say, dana: User):  # noqa: F811
    send(approved, "Your refund of €84.90 is approved.", dana)
    row = maya("refund.paid", {"amount": LESS, "method": "card"}, "refund:re_1", "payment:pi_1", ago=0.01)
    case_follow(approved)
    maya("refund.paid", {"amount": EUR, "method": "card"}, "refund:re_1", "payment:pi_1", ago=0.01, row=row)
    case_follow(approved)
    assert [t.state for t in case_view(case=approved).told] == ["holds"]
    settled = approved.events.get(kind="told.settled")
    assert settled.payload.data["how"] == "facts"


def test_somebody_may_say_that_the_customer_knows_already(approved: Case, maya: Say, dana: User):  # noqa: F811
    told = send(approved, "Your refund of €84.90 is approved.", dana)
    with pytest.raises(WrongState):
        statement_settle(case=approved, statement=told.pk, why="x", actor=Actor.person(dana))
    with pytest.raises(BadInput, match="no statement"):
        statement_settle(case=approved, statement=0, why="x", actor=Actor.person(dana))
    pays(maya)
    case_follow(approved)
    statement_settle(case=approved, statement=told.pk, why="Called her", actor=Actor.person(dana))
    assert case_view(case=approved).told[0].state == "settled"


def test_another_case_of_the_same_customer_about_the_same_order_counts(approved: Case, maya: Say, dana: User):  # noqa: F811
    send(approved, "Your refund of €84.90 is approved.", dana)
    pays(maya)
    again = opened(dana)
    asker_verify(case=again, how="order_and_email", actor=Actor.person(dana))
    found = draft_check(case=again, text="We sent your refund of €79.90.").unanswered
    assert [(f.data["by"], f.data["reference"]) for f in found] == [("told", approved.reference)]


def test_kind_words_without_help_are_flagged_and_kept(approved: Case, dana: User):  # noqa: F811
    kind = "We are so sorry for the inconvenience and understand how frustrating this is."
    check = draft_check(case=approved, text=kind)
    assert [(f.kind, f.level) for f in check.findings] == [("unhelpful", "advice")] and not check.unanswered
    send(approved, kind, dana)
    send(approved, "We are sorry. Your refund of €84.90 is approved.", dana)
    send(approved, "Sorry for the trouble. Which e-mail address did you order with?", dana)
    assert list(Statement.objects.order_by("pk").values_list("helped", flat=True)) == ["sympathy", "fact", "question"]


def test_the_answers_own_draft_needs_no_reason_although_something_else_was_told_before(
    approved: Case, maya: Say, dana: User  # noqa: F811
):
    send(approved, "Your refund of €84.90 is approved.", dana)
    pays(maya)
    case_follow(approved)
    view = case_view(case=approved)
    found = draft_check(case=approved, text=view.draft)
    assert found.unanswered == () and "say that it has changed" in str([f.text for f in found.findings])
    send(approved, view.draft, dana)
    assert case_view(case=approved).told[-1].state == "settled"
