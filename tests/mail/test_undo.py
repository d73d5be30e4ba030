"""A reply can be taken back until it leaves, and then never."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from cases.errors import WrongState
from cases.models import Case, Draft, OutboxMail
from cases.owning import packet_of
from cases.selectors import case_view
from cases.services import Actor, case_close, draft_save, message_withdraw, outbox_send
from tests.mail.conftest import kinds, outgoing, reply


def test_undo_puts_the_words_back_and_the_customer_is_never_told(case: Case, dana: User, inbox: Any):
    waited = case_view(case=case).waiting_since
    told = reply(case, dana, "We look into it.", undo_s=5)
    assert outbox_send() == 0
    message_withdraw(statement=told, actor=Actor.person(dana))
    OutboxMail.objects.update(due_at=timezone.now())
    assert (outbox_send(), outgoing()) == (0, [])
    assert Draft.objects.get(author=dana).text == "We look into it."
    view = case_view(case=case)
    assert packet_of(view).told == ()
    assert (kinds(case)[-1], view.waiting_since, view.mails[-1].state) == ("message.withdrawn", waited, "withdrawn")


def test_it_opens_the_case_again_that_was_closed_with_it(case: Case, dana: User, inbox: Any):
    told = reply(case, dana, undo_s=5)
    case_close(case=case, actor=Actor.person(dana))
    message_withdraw(statement=told, actor=Actor.person(dana))
    assert case_view(case=case).state == "open"


def test_once_it_leaves_it_can_not_be_taken_back(case: Case, dana: User, inbox: Any):
    told = reply(case, dana, undo_s=5)
    OutboxMail.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(WrongState, match="Too late"):
        message_withdraw(statement=told, actor=Actor.person(dana))
    outbox_send()
    with pytest.raises(WrongState, match="Too late"):
        message_withdraw(statement=told, actor=Actor.person(dana))
    assert len(outgoing()) == 1


def test_only_its_author_takes_it_back_and_once(case: Case, dana: User, tom: User, inbox: Any):
    told = reply(case, dana, undo_s=5)
    with pytest.raises(WrongState, match="Only who wrote"):
        message_withdraw(statement=told, actor=Actor.person(tom))
    message_withdraw(statement=told, actor=Actor.person(dana))
    with pytest.raises(WrongState):
        message_withdraw(statement=told, actor=Actor.person(dana))


def test_words_begun_since_are_not_overwritten(case: Case, dana: User, inbox: Any):
    told = reply(case, dana, undo_s=5)
    draft_save(case=case, author=dana, text="Something else")
    message_withdraw(statement=told, actor=Actor.person(dana))
    assert Draft.objects.get(author=dana).text == "Something else"
