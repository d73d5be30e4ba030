"""Counting: the same numbers however and however often it is done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.errors import CaseError, NeedsReason
from cases.models import Case, Commitment, Event, MeasureCursor, MeasureWeek, Observation
from cases.selectors import case_view
from cases.services import (
    Actor,
    answer_shown,
    asker_verify,
    case_close,
    case_follow,
    case_viewed,
    commitment_keep,
    commitment_make,
    measures_check,
    measures_digest,
    measures_follow,
    measures_rebuild,
    message_receive,
    message_send,
    message_withdraw,
    owner_change,
)
from connectors.host.selectors import moment
from tests.cases.conftest import EUR, Say, opened
from tests.cases.test_queue_and_search import heard_by_all
from tests.database import TestDatabase
from tests.measuring.conftest import counted, seen

LESS = {"amount": "79.90", "currency": "EUR"}


def send(to: Case, words: str, by: User, **more: object):
    digest = case_view(case=to).answer.digest
    return message_send(case=to, text=words, answer_digest=digest, actor=Actor.person(by), **more)  # type: ignore[arg-type]


def look(case: Case, by: User) -> None:
    view = case_view(case=case)
    answer_shown(case=case, answer=view.answer, as_of=view.as_of, at=view.at, actor=Actor.person(by))
    case_viewed(case=case, actor=Actor.person(by), as_of=view.as_of, at=view.at, digest=view.answer.digest)


@pytest.fixture
def approved(maya: Say, dana: User) -> Case:
    """Maya's refund is approved, and she is known."""
    maya("refund.approved", {"amount": EUR}, "refund:re_1", "payment:pi_1", ago=3)
    made = opened(dana)
    asker_verify(case=made, how="order_and_email", actor=Actor.person(dana))
    return made


def test_an_answer_held_up_until_a_fact_speaks_against_it(approved: Case, maya: Say, dana: User):
    send(approved, "Your refund of €84.90 is approved.", dana)
    measures_follow()
    assert seen("held_up") == [(1, 1)]
    maya("refund.paid", {"amount": LESS, "method": "card"}, "refund:re_1", "payment:pi_1", ago=0.01)
    case_follow(approved)
    measures_follow()
    assert seen("held_up") == [(0, 1)]
    assert Observation.objects.get(measure="held_up").source == "finance"
    assert seen("found_after") == [(1, 1)] and seen("caught_before") == [(0, 1)]


def test_a_contradiction_that_its_writer_took_out_was_caught(approved: Case, dana: User):
    with pytest.raises(NeedsReason):
        send(approved, "Your refund of €99.90 is approved.", dana)
    send(approved, "Your refund of €84.90 is approved.", dana)
    measures_follow()
    assert seen("caught_before") == [(1, 1)] and seen("found_after") == [(0, 1)]
    assert Event.objects.filter(case=approved, kind="draft.warned").count() == 1
    with pytest.raises(NeedsReason) as refused:
        send(approved, "Your refund of €99.90 is approved.", dana)
    kept = [{"key": f.key, "why": "A voucher comes on top"} for f in refused.value.check.unanswered]
    send(approved, "Your refund of €99.90 is approved.", dana, kept=kept)
    measures_follow()
    assert seen("caught_before") == [(1, 1)] + [(0, 1)] * len(kept)


def test_every_fact_that_a_message_rests_on_is_counted_once_with_its_source(approved: Case, dana: User):
    send(approved, "Your refund of €84.90 is approved.", dana)
    measures_follow()
    facts = Observation.objects.filter(measure="facts_fresh")
    assert {f.source for f in facts} == {"finance"} and seen("facts_fresh") == [(1, 1)] * len(facts)


def test_kind_words_alone_did_not_help_and_a_message_taken_back_was_never_sent(approved: Case, dana: User):
    send(approved, "We are so sorry to hear that.", dana)
    gone = send(approved, "We are so sorry to hear that again.", dana, undo_s=60)
    message_withdraw(statement=gone, actor=Actor.person(dana))
    measures_follow()
    assert seen("not_helped") == [(1, 1)] and seen("held_up") == []


def test_a_promise_counts_once_as_what_it_came_to(case: Case, dana: User):
    me, day = Actor.person(dana), datetime.now(UTC) + timedelta(days=1)
    commitment_make(case=case, what="Call Maya back", due_at=day, actor=me)
    measures_follow()
    assert seen("promises_kept") == [] and seen("promises_ownerless") == [(0, 1)]
    commitment_keep(commitment=Commitment.objects.get(), why="Called", actor=me)
    measures_follow()
    assert seen("promises_kept") == [(1, 1)] and seen("promises_late") == [(0, 1)]


def test_a_customer_who_comes_back_after_a_reply_does_so_in_another_case_too(approved: Case, dana: User):
    message_receive(case=approved, text="Hello? Anybody?", channel="email")
    send(approved, "Your refund of €84.90 is approved.", dana)
    opened(dana, message="It is still not there!")
    message_receive(case=approved, text="And when does it come?", channel="email")
    measures_follow()
    assert seen("repeat_contacts") == [(0, 1), (1, 1), (1, 1)]


def test_an_answer_to_our_question_is_no_repeat_contact(approved: Case, dana: User):
    send(approved, "Which bank do you use for the card?", dana)
    message_receive(case=approved, text="The one in Turku.", channel="email")
    measures_follow()
    assert seen("repeat_contacts") == [(0, 1)]


def test_who_has_the_case_and_what_they_saw_is_timed(approved: Case, dana: User, tom: User):
    look(approved, dana)
    owner_change(case=approved, owner=tom, actor=Actor.rule("test"), why="Dana is away")
    send(approved, "Your refund of €84.90 is approved.", tom)
    case_close(case=approved, actor=Actor.person(tom))
    measures_follow()
    assert seen("transfers") == [(1, 1)] and seen("transferred_twice") == [(0, 1)] and seen("volume") == [(1, 1)]
    (one,) = Observation.objects.filter(measure="resolution")
    assert one.seconds is not None and 0 <= one.seconds < 60
    assert seen("human") == seen("first_response") == []  # Dana opened it herself


def test_sources_that_disagree_are_seen_and_so_is_the_one_that_gave_way(maya: Say, dana: User):
    made = opened(dana)
    maya("order.changed", {"status": "refunded", "refunded": EUR}, "order:48-1193", row=50)
    assert heard_by_all(made).answer.state == "conflict"
    case_follow(made)
    measures_follow()
    assert seen("disagreements") == [(1, 1)] and seen("source_wrong") == []
    maya("order.changed", {"status": "open"}, "order:48-1193", row=50)
    case_follow(made)
    measures_follow()
    wrong = Observation.objects.filter(measure="source_wrong").order_by("source").values_list("source", "met")
    assert list(wrong) == [("finance", 0), ("order", 1)] and seen("disagreements") == [(1, 1)]


# -- any order, any number of times ---------------------------------------------------------------------
VERBS = st.lists(st.sampled_from(["open", "look", "send", "sorry", "write", "promise", "keep", "pay", "less", "close",
                                  "give", "count"]), max_size=14)  # fmt: skip


def _do(verb: str, say: Say, dana: User, tom: User) -> None:
    """One thing that happens, where the case allows it; refusals are part of life."""
    case, me = Case.objects.order_by("-pk").first(), Actor.person(dana)
    if case is None or verb == "open":
        made = opened(dana)
        asker_verify(case=made, how="order_and_email", actor=me)
    elif verb == "look":
        look(case, dana)
    elif verb in ("send", "sorry"):
        send(case, "Your refund of €84.90 is approved." if verb == "send" else "We are so sorry.", dana)
    elif verb == "write":
        message_receive(case=case, text="Where is it?", channel="email")
    elif verb == "promise":
        commitment_make(case=case, what="Call", due_at=moment()[1] + timedelta(hours=1), actor=me)
    elif verb == "keep" and (promise := Commitment.objects.filter(case=case, state="open").first()):
        commitment_keep(commitment=promise, why="Done", actor=me)
    elif verb in ("pay", "less"):
        say("refund.paid", {"amount": EUR if verb == "pay" else LESS, "method": "card"}, "refund:re_1", "payment:pi_1",
            row=77)  # fmt: skip
    elif verb == "close":
        case_close(case=case, actor=me)
    elif verb == "give":
        owner_change(case=case, owner=tom, actor=Actor.rule("test"), why="Away")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(verbs=VERBS, chunks=st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_counting_in_any_pieces_gives_what_counting_all_at_once_gives(maya, dana, tom, verbs, chunks):
    for n, verb in enumerate(verbs):
        try:
            _do(verb, maya, dana, tom)
        except CaseError:
            pass
        if verb == "count":
            measures_follow(limit=chunks[n % len(chunks)])
    while measures_follow(limit=chunks[0]):
        pass
    before, digest = counted(), measures_digest()
    measures_rebuild()
    assert counted() == before and measures_digest() == digest
    assert measures_check()


def test_of_a_case_of_which_something_was_erased_what_was_counted_stands(
    maya: Say, dana: User, committed_db: TestDatabase
):
    made = opened(dana)
    send(made, "Which bank do you use for the card?", dana)
    opened(dana, message="It is the one in Turku.")
    measures_follow()
    before = counted()
    assert seen("repeat_contacts") == [(0, 1), (0, 1)]  # the other case counts our question, too
    with committed_db.connect(as_owner=True) as owner:
        owner.execute("ALTER TABLE cases_eventpayload DISABLE TRIGGER USER")
        words = "DELETE FROM cases_eventpayload p USING cases_event e WHERE e.id = p.event_id AND e.case_id = %s"
        owner.execute(words, [made.pk])
        owner.execute("ALTER TABLE cases_eventpayload ENABLE TRIGGER USER")
    measures_rebuild()
    assert counted() == before


def test_many_who_count_at_once_count_everything_once(maya: Say, dana: User, committed_db: TestDatabase):
    for _ in range(4):
        send(opened(dana), "We are so sorry.", dana)

    def count(_: int) -> int:
        try:
            return sum(iter(lambda: measures_follow(limit=3), 0))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(count, range(3)))
    while measures_follow(limit=3):
        pass
    digest = measures_digest()
    assert measures_rebuild() == 4 and measures_digest() == digest and seen("volume") == [(1, 1)] * 4


def test_whoever_is_killed_while_counting_has_counted_nothing_twice(maya: Say, dana: User, committed_db: TestDatabase):
    for _ in range(3):
        opened(dana)
    code = (
        "import os, signal, django; django.setup(); from cases.services.measuring import counting as c;"
        "keep = c.cases_count; c.cases_count = lambda ids: (keep(ids), os.kill(os.getpid(), signal.SIGKILL));"
        "c.measures_follow(limit=2)"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "workspace.settings", "DEBUG": "1"}
    killed = subprocess.run([sys.executable, "-c", code], env=env, cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -signal.SIGKILL and not Observation.objects.exists()
    while measures_follow(limit=2):
        pass
    assert seen("volume") == [(1, 1)] * 3 and measures_check()


def test_definitions_that_changed_count_everything_anew(approved: Case):
    measures_follow()
    before = counted()
    MeasureCursor.objects.update(edition=0)
    MeasureWeek.objects.update(n=99)
    while measures_follow():
        pass
    assert counted() == before
