"""A case at any moment: its stops by two clocks, the recorded answer, who looked, and what came later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import questions
from cases.models import Case
from cases.selectors import case_moment, case_replay, case_view
from cases.services import Actor, answer_shown, case_viewed, note_add
from cases.views import Clock
from connectors.host.services import source_save
from tests.cases.conftest import Say
from tests.replay.conftest import LESS, pays, send


def look(case: Case, who: User) -> str:
    """What opening the page does."""
    view, actor = case_view(case=case), Actor.person(who)
    answer_shown(case=case, answer=view.answer, as_of=view.as_of, at=view.at, actor=actor)
    case_viewed(case=case, actor=actor, as_of=view.as_of, at=view.at, digest=view.answer.digest)
    return view.answer.digest


def test_one_stop_for_each_event_and_fact_version(approved: Case, tom: User, maya: Say):
    before = case_replay(case=approved)
    note_add(case=approved, text="She called", actor=Actor.person(tom))
    maya("order.placed", {"number": "48-1193", "total": LESS, "customer_name": "Maya L."},
         "order:48-1193", "email:maya@example.com", row=1)  # fmt: skip
    pays(maya)
    after = case_replay(case=approved)
    added = [s.entry.kind for s in after.stops[len(before.stops) :]]
    assert added == ["note", "order.placed", "refund.paid"] and after.is_now
    assert all(s.known and s.reached for s in after.stops) and after.at_stop == len(after.stops) - 1


def test_what_was_overwritten_since_is_a_stop_still(approved: Case, maya: Say):
    for total in ("10.00", "11.00", "12.00"):
        maya("order.placed", {"number": "48-1193", "total": {"amount": total, "currency": "EUR"}},
             "order:48-1193", "email:maya@example.com", row=1)  # fmt: skip
    placed = [s for s in case_replay(case=approved).stops if s.entry.kind == "order.placed"]
    assert [s.entry.version for s in placed] == [1, 2, 3, 4]
    assert [s.entry.changed_from for s in placed[1:]] == [s.entry.number for s in placed[:-1]]


def test_the_past_is_cut_at_the_moment_by_either_clock(approved: Case, tom: User, maya: Say):
    sent = send(approved, "Your refund of €84.90 is approved.", tom)
    maya("return.received", {}, "return:RMA-1", "order:48-1193", ago=9)
    known = case_replay(case=approved, as_of=sent.at)
    assert [s.entry.kind for s in known.stops if not s.reached] == ["return.received"]
    happened = case_replay(case=approved, as_of=sent.at, clock="happened")
    late = next(s for s in happened.stops if s.entry.kind == "return.received")
    assert late.reached and not late.known
    assert known.view == happened.view


def test_a_source_that_was_set_up_later_is_no_part_of_the_past(approved: Case):
    then = case_view(case=approved)
    source_save(name="bank", title="Bank", connector="teller", domain="finance", freshness_s=3600,
                settings={"base_url": "http://teller.example", "internal": True})  # fmt: skip
    past, now = case_replay(case=approved, as_of=then.as_of).view, case_view(case=approved)
    assert "bank" in {s.name for s in now.evidence.sources} - {s.name for s in past.evidence.sources}
    assert past.answer.content() == then.answer.content()


@pytest.mark.parametrize("clock", ["known", "happened"])
def test_the_slider_leads_to_the_stop_that_it_names_also_where_less_is_the_matter_today(
    approved: Case, tom: User, maya: Say, clock: Clock
):
    maya("return.requested", {}, "return:RMA-9", "order:48-1193", row=90)
    maya("return.received", {}, "return:RMA-9")
    moment = send(approved, "Your refund of €84.90 is approved.", tom).at
    maya("return.requested", {}, "return:RMA-8", "order:48-1193", row=90)
    found = case_replay(case=approved, as_of=moment, clock=clock)
    assert len(found.stops) > len(case_replay(case=approved).stops)
    led = [case_moment(case=approved, stop=n, clock=clock, as_of=moment) for n in range(len(found.stops))]
    assert led == [*(s.moment for s in found.stops[:-1]), None]


def test_no_moment_lies_before_the_opening_or_after_now(approved: Case):
    early = case_replay(case=approved, as_of=approved.opened_at - timedelta(days=30))
    assert early.view.as_of == approved.opened_at and not early.is_now
    assert min(s.moment for s in early.stops) == approved.opened_at
    assert case_replay(case=approved, as_of=approved.opened_at + timedelta(days=30)).is_now


def test_the_recorded_answer_is_shown_and_today_s_rules_beside_it(
    approved: Case, tom: User, monkeypatch: pytest.MonkeyPatch
):
    look(approved, tom)
    then, compose = case_view(case=approved), questions.compose
    assert case_replay(case=approved, as_of=then.as_of).recorded.differs == ()  # type: ignore[union-attr]

    def newer(*args: object, **more: object) -> object:
        made = compose(*args, **more)  # type: ignore[arg-type]
        return replace(made, rules="99", claims=made.claims[1:])

    monkeypatch.setattr(questions, "compose", newer)
    found = case_replay(case=approved, as_of=then.as_of)
    assert found.recorded is not None and found.recorded.current
    assert str(found.view.answer.headline) == str(then.answer.headline)
    assert [str(c.text) for c in found.view.answer.claims] == [str(c.text) for c in then.answer.claims]
    assert found.today.rules == "99" and "today it is rules 99" in found.differs[0]
    assert any(str(then.answer.claims[0].text) in words for words in found.differs)


def test_an_answer_that_nobody_has_looked_at_since_is_not_the_page_of_the_moment(approved: Case, tom: User, maya: Say):
    seen = look(approved, tom)
    pays(maya)
    found = case_replay(case=approved)
    assert found.recorded is not None and found.recorded.digest == seen and not found.recorded.current
    assert found.differs == () and found.view.answer.situation != ""
    assert "84.90" in str(found.view.answer.headline)


def test_did_see_is_told_apart_from_could_see(approved: Case, tom: User, dana: User, maya: Say):
    look(approved, tom)
    early = case_view(case=approved).as_of
    pays(maya)
    look(approved, dana)
    now = {one.who: one for one in case_replay(case=approved).looks}
    assert now["Dana Okafor"].same and not now["Tom Brandt"].same
    assert "approved" in now["Tom Brandt"].headline
    assert [(one.who, one.same) for one in case_replay(case=approved, as_of=early).looks] == [("Tom Brandt", True)]


def test_the_last_message_by_then_is_judged_with_what_came_since(approved: Case, tom: User, maya: Say):
    assert case_replay(case=approved).judgement is None
    first = send(approved, "Your refund of €84.90 is approved.", tom)
    send(approved, "Thank you for your patience.", tom)
    pays(maya, LESS)
    found = case_replay(case=approved, as_of=first.at).judgement
    assert found is not None and (found.statement, found.verdict) == (first.pk, "matched")
    assert any(c.since and c.since.turn == "false" for c in found.claims)


def test_the_head_of_the_chain_is_that_of_the_moment(approved: Case, tom: User):
    first = approved.events.order_by("seq")[0]
    note_add(case=approved, text="Later", actor=Actor.person(tom))
    assert case_replay(case=approved, as_of=first.at).digest == first.digest
    assert case_replay(case=approved).digest == approved.events.order_by("-seq")[0].digest


def test_a_long_history_takes_as_many_queries_as_a_short_one(approved: Case, tom: User, maya: Say):
    look(approved, tom)
    sent = send(approved, "Your refund of €84.90 is approved.", tom)
    grows(approved, tom, maya, range(5))
    few = queries(approved, sent)
    grows(approved, tom, maya, range(5, 100))
    assert queries(approved, sent) == few <= 80


def grows(case: Case, who: User, say: Say, numbers: range) -> None:
    for n in numbers:
        say("return.received", {}, f"return:S-{n}", "order:48-1193")
        note_add(case=case, text=f"Note {n}", actor=Actor.person(who))


def queries(case: Case, sent: object) -> int:
    with CaptureQueriesContext(connection) as found:
        case_replay(case=case, as_of=sent.at)  # type: ignore[attr-defined]
    return len(found)
