"""Everything shown is a function of the case and the moment; the past stays what it was."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.errors import CaseNotFound
from cases.models import Case
from cases.selectors import case_view, timeline_page
from cases.services import (
    Actor,
    asker_verify,
    case_close,
    message_receive,
    message_send,
    note_add,
    owner_change,
    refs_add,
)
from cases.views import CaseView
from connectors.host.errors import BadMoment
from tests.cases.conftest import EUR, Say, opened
from tests.examples import examples


def shown(view: CaseView) -> object:
    """What a person saw, ages and the present aside."""
    return (view.state, view.owner, view.person, view.asked, view.waiting_since, view.refs, view.verified,
            [(e.id, e.title, e.body) for e in view.events], view.mails,
            [(t.id, t.title, t.sort_at, t.version, t.changed_from) for t in view.timeline],
            view.answer.situation, str(view.answer.headline))  # fmt: skip


def test_a_case_can_t_be_seen_before_it_was_open(case: Case):
    with pytest.raises(CaseNotFound, match="not open yet"):
        case_view(case=case, as_of=case.opened_at - timedelta(seconds=1))


def test_nor_in_the_future(case: Case):
    with pytest.raises(BadMoment):
        case_view(case=case, as_of=case.opened_at + timedelta(days=1))


THINGS = ["note", "message", "reply", "close", "verify", "hand over", "add ref", "paid", "received", "retold"]


def happens(thing: str, case: Case, dana: User, tom: User, say: Say) -> None:
    who = Actor.person(dana)
    match thing:
        case "note":
            note_add(case=case, text="A note", actor=who)
        case "message":
            message_receive(case=case, text="Any news?", channel="email")
        case "reply":
            message_send(case=case, text="Hello", answer_digest=case_view(case=case).answer.digest, actor=who,
                         recipient="maya@example.com")  # fmt: skip
        case "close" if case_view(case=case).state != "closed":
            case_close(case=case, actor=who)
        case "verify":
            asker_verify(case=case, how="signed_in", actor=who)
        case "hand over":
            to = dana if case_view(case=case).owner.id == tom.pk else tom
            owner_change(case=case, owner=to, actor=Actor.rule("test"), why="Their turn")
        case "add ref":
            refs_add(case=case, refs=["return:RMA-9"], actor=who)
        case "paid":
            say("refund.paid", {"amount": EUR}, "refund:re_1", "payment:pi_1")
        case "received":
            say("return.received", {}, "return:RMA-1", "order:48-1193")
        case "retold":
            total = {"amount": f"{Case.objects.count()}{case.events.count()}.00", "currency": "EUR"}
            say("order.placed", {"number": "48-1193", "total": total, "customer_name": "Maya L."},
                "order:48-1193", "email:maya@example.com", row=1)  # fmt: skip


@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(things=st.lists(st.sampled_from(THINGS), min_size=1, max_size=6))
def test_every_view_of_the_past_stays_what_it_was(maya: Say, dana: User, tom: User, things: list[str]):
    case = opened(dana)
    before = [case_view(case=case)]
    for thing in things:
        happens(thing, case, dana, tom, maya)
        before.append(case_view(case=case))
    for view in before:
        assert shown(case_view(case=case, as_of=view.as_of)) == shown(view)


def test_the_number_of_queries_is_fixed(maya: Say, dana: User):
    case = opened(dana)
    for n in range(5):
        maya("return.received", {}, f"return:R-{n}", "order:48-1193")
    few = queries(case)
    for n in range(60):
        maya("return.received", {}, f"return:S-{n}", "order:48-1193")
        note_add(case=case, text=f"Note {n}", actor=Actor.person(dana))
    assert queries(case) == few <= 24


def queries(case: Case) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        case_view(case=case)
    return len(found)


def test_a_page_of_the_timeline_is_never_shifted_by_what_comes_later(case: Case, dana: User):
    for n in range(6):
        note_add(case=case, text=f"Note {n}", actor=Actor.person(dana))
    whole = timeline_page(case=case, limit=200)
    page = timeline_page(case=case, limit=3)
    found = list(page.entries)
    while page.next_cursor:
        note_add(case=case, text="Meanwhile", actor=Actor.person(dana))
        page = timeline_page(case=case, cursor=page.next_cursor, limit=3)
        found += page.entries
    assert [e.id for e in found] == [e.id for e in whole.entries]
    assert page.as_of == whole.as_of
