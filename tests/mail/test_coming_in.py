"""A letter finds its case, once; whoever is not the customer never becomes them; programs are not answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from cases.models import Alert, Case, Event, InMail, InMailWork, MailFile, OutboxMail
from cases.selectors import case_view, chain_verify
from cases.services import Actor, case_close, mail_admit, mail_leave, mails_work
from cases.services import mail_working as working
from cases.services.filing import file_path
from tests.mail.conftest import Write, kinds, our_id, outgoing, reply
from tests.mail.letters import letter, report

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_an_answer_to_our_letter_comes_into_its_case(answered: Case, write: Write):
    work = write(letter("Thank you!\n\nOn 17 Nov 2026 Dana wrote:\n> We look into it.", answers=our_id(answered)))
    view = case_view(case=answered)
    assert (work.state, work.case, view.asked) == ("done", answered, "Thank you!")
    assert view.events[-1].kind == "message.in" and view.events[-1].data["sender"] == "maya@example.com"
    assert chain_verify(answered).intact


def test_a_closed_case_is_open_again(answered: Case, dana: User, write: Write):
    case_close(case=answered, actor=Actor.person(dana))
    write(letter(answers=our_id(answered)))
    assert case_view(case=answered).state == "open"


def test_a_later_letter_of_the_same_thread_is_known_by_their_own_first_one(answered: Case, write: Write):
    first = write(letter(answers=our_id(answered)))
    second = write(letter("And?", answers=first.mail.message_id))
    assert second.case == answered


def test_a_case_number_in_the_subject_counts_only_from_a_known_writer(answered: Case, write: Write):
    subject = f"Re: Your question to us (case {answered.reference})"
    assert write(letter(subject=subject)).case == answered
    assert write(letter(subject=subject, sender="mallory@evil.example")).case != answered


def test_a_new_sender_opens_a_case_with_their_words(write: Write, maya: object, dana: User):
    work = write(letter("Where is my money?", sender="New Person <new@example.com>"))
    view = case_view(case=work.case)
    assert (view.asked, view.channel, [str(r) for r in view.refs]) == (
        "Where is my money?", "email", ["email:new@example.com"],
    )  # fmt: skip
    assert view.verified is None


def test_references_that_lead_nowhere_lose_nothing(write: Write, dana: User):
    work = write(letter(answers="gone@nowhere.example"))
    assert (work.state, case_view(case=work.case).asked) == ("done", "Where is my refund?")


def test_one_who_got_a_copy_and_answers_never_becomes_the_customer(answered: Case, write: Write):
    """freescout#2382: the reply of somebody who was only copied in made them the conversation's customer."""
    before = case_view(case=answered)
    work = write(letter("I am their brother.", sender="Bo <bo@example.com>", answers=our_id(answered)))
    view = case_view(case=answered)
    assert (work.kind, view.events[-1].kind) == ("third_party", "message.third_party")
    assert view.events[-1].title == "Bo wrote, who is not the customer"
    assert (view.person, view.asked, view.refs) == (before.person, before.asked, before.refs)
    assert view.waiting_since is not None


def test_an_automatic_answer_changes_nothing(answered: Case, dana: User, write: Write):
    case_close(case=answered, actor=Actor.person(dana))
    work = write(letter("I am away", auto_submitted="auto-replied", answers=our_id(answered)))
    view = case_view(case=answered)
    assert (work.state, work.kind, view.state, view.waiting_since) == ("aside", "automatic", "closed", None)
    assert kinds(answered)[-1] == "message.automatic" and view.asked == "Where is my refund?"
    assert len(outgoing()) == 1


def test_an_automatic_letter_that_answers_nothing_opens_no_case_but_can_be_let_in(write: Write, dana: User):
    work = write(letter("Your weekly offers", precedence="bulk"))
    assert (work.state, Case.objects.count()) == ("aside", 0)
    mail_admit(mail=work.mail, actor=Actor.person(dana))
    mails_work()
    work.refresh_from_db()
    assert (work.state, case_view(case=work.case).asked) == ("done", "Your weekly offers")


def test_a_letter_that_came_back_is_shown_as_failed_and_calls_the_owner(answered: Case, dana: User, write: Write):
    case_close(case=answered, actor=Actor.person(dana))
    work = write(report(our_id(answered)))
    sent = OutboxMail.objects.get()
    view = case_view(case=answered)
    assert (work.kind, sent.state) == ("bounce", "failed") and "No such user here" in sent.last_error
    assert (view.mails[-1].state, view.state) == ("failed", "open") and "No such user" in view.mails[-1].error
    assert view.waiting_since is not None
    assert Alert.objects.get(person=dana).kind == "mail.failed"


def test_a_letter_that_is_late_has_not_failed(answered: Case, write: Write):
    write(report(our_id(answered), action="delayed"))
    assert (OutboxMail.objects.get().state, kinds(answered)[-1]) == ("sent", "message.automatic")


def test_a_report_about_somebody_elses_letter_is_put_aside(answered: Case, write: Write):
    assert write(report("other@elsewhere.example")).state == "aside"
    assert OutboxMail.objects.get().state == "sent"


def test_our_own_letter_that_comes_back_makes_no_loop(answered: Case, write: Write):
    before = kinds(answered)
    ours = letter("We look into it.", sender="support@throughline.example", message_id=f"<{our_id(answered)}>")
    assert write(ours).kind == "loop"
    assert write(letter("x", sender="support@throughline.example")).kind == "loop"
    assert (kinds(answered), Case.objects.count()) == (before, 1)


def test_too_many_letters_of_one_sender_wait_for_a_person(
    write: Write, dana: User, monkeypatch: pytest.MonkeyPatch
):  # fmt: skip
    monkeypatch.setattr(working, "MOST_AN_HOUR", 2)
    states = [write(letter(f"Letter {n}")).state for n in range(4)]
    assert states == ["done", "done", "held", "held"]
    last = InMailWork.objects.order_by("-pk")[0]
    assert mail_leave(mail=last.mail, actor=Actor.person(dana)).state == "aside"


def test_the_same_letter_twice_is_once(answered: Case, write: Write):
    same = letter(answers=our_id(answered))
    write(same)
    assert write(b"Received: by another way\r\n" + same.as_bytes().replace(b"\n", b"\r\n")) is None
    assert (InMail.objects.count(), kinds(answered).count("message.in")) == (1, 1)


def test_a_reused_id_with_other_words_is_another_letter(answered: Case, write: Write):
    for text in ("One", "Two"):
        write(letter(text, message_id="<same@post.example>", answers=our_id(answered)))
    assert kinds(answered).count("message.in") == 2


def test_attachments_are_kept_and_named_in_the_case(answered: Case, write: Write):
    made = letter(answers=our_id(answered))
    made.add_attachment(b"%PDF-1.7 receipt", maintype="application", subtype="pdf", filename="receipt.pdf")
    write(made)
    file = MailFile.objects.get()
    assert file_path(file.digest).read_bytes() == b"%PDF-1.7 receipt"
    event = Event.objects.get(kind="message.in")
    assert event.payload.data["files"] == [{"position": 1, "name": "receipt.pdf", "size": 16}]


def test_a_letter_without_a_sender_waits_for_a_person(write: Write, dana: User):
    assert write(b"Subject: hello\r\n\r\nWhere is it?").state == "held"


def test_what_can_not_be_worked_on_is_tried_again_and_then_shown(write: Write):
    work = write(letter())  # there is nobody who could own a case
    for _ in range(6):
        InMailWork.objects.update(due_at=LONG_AGO)
        mails_work()
    work.refresh_from_db()
    assert work.state == "failed" and "could not be put into a case" in work.reason


def test_our_answer_goes_to_the_writer_in_their_thread_under_their_subject(answered: Case, dana: User, write: Write):
    theirs = write(letter("And?", subject="My refund", answers=our_id(answered)))
    reply(answered, dana, "Soon.")
    from cases.services import outbox_send

    outbox_send()
    headers = outgoing()[-1].message()
    assert headers["In-Reply-To"] == f"<{theirs.mail.message_id}>"
    assert headers["References"].split()[-1] == f"<{theirs.mail.message_id}>"
    assert headers["Subject"] == f"Re: My refund (case {answered.reference})"


def test_a_changed_reply_to_is_shown_and_never_used(answered: Case, dana: User, write: Write):
    """freescout#5121: the reply goes to whom the page says, whatever a letter asks for."""
    write(letter("And?", answers=our_id(answered), reply_to="elsewhere@evil.example"))
    assert case_view(case=answered).events[-1].data["reply_to"] == ["elsewhere@evil.example"]
    reply(answered, dana, "Soon.", recipient="maya@example.com")
    from cases.services import outbox_send

    outbox_send()
    assert outgoing()[-1].recipients() == ["maya@example.com"]
