"""The property that replay stands on: what was on a page at some moment is what a replay of that moment shows, field by
field and word by word, whatever has happened since, and also after the rules of its question have changed.

``EXAMPLES=300 pytest tests/replay/test_equality.py`` looks at as many histories.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import questions
from cases.answers import Answer, Text
from cases.errors import CaseError
from cases.models import Case, Commitment
from cases.promises.shapes import Promised
from cases.selectors import case_replay, case_view
from cases.services import (
    Actor,
    answer_shown,
    case_follow,
    case_reopen,
    case_viewed,
    commitment_keep,
    handover_offer,
    message_send,
    question_change,
)
from cases.views import CaseView
from connectors.host.models import Check, CheckRef, Source
from connectors.host.selectors.refs import ref_ids
from connectors.host.services import clock_tick, source_save
from tests.cases.conftest import Say, opened
from tests.cases.test_as_of import THINGS, happens
from tests.replay import asking
from workspace.pages.present.page import case_context, zone

EXAMPLES = int(os.environ.get("EXAMPLES", "3"))
MORE = ["promise", "keep", "offer", "reopen", "ask warehouse", "ask in vain", "shorter limit", "another question",
        "another source"]


@dataclass(frozen=True)
class Stored:
    """A page as somebody had it: its view, its words, and the answer on record."""

    view: CaseView
    html: str


def page(view: CaseView) -> str:
    """The answer, the timeline and what was told, as the templates of the case page say them."""
    past = replace(view, live=False, proposal=None)
    with timezone.override(zone(past)):
        context = {**case_context(past, ()), "reference": past.reference}
        parts = ("panel", "timeline", "told_list", "head")
        return "".join(render_to_string(f"pages/parts/{part}.html", context) for part in parts)


def look(case: Case, who: User) -> Stored:
    view, actor = case_view(case=case), Actor.person(who)
    answer_shown(case=case, answer=view.answer, as_of=view.as_of, at=view.at, actor=actor)
    case_viewed(case=case, actor=actor, as_of=view.as_of, at=view.at, digest=view.answer.digest)
    return Stored(view, page(view))


def past_of(view: CaseView) -> dict[str, Any]:
    """Every field, but for what is of the present by its nature: whether it is live, and where other cases stand."""
    others = tuple(replace(o, state="", headline="") for o in view.others)
    plain = replace(view, live=False, proposal=None, others=others)
    return {f.name: getattr(plain, f.name) for f in fields(plain)}


def does(thing: str, case: Case, dana: User, tom: User, say: Say) -> None:
    who, view = Actor.person(dana), case_view(case=case)
    try:
        match thing:
            case "promise":
                due = timezone.now() + timedelta(days=2)
                message_send(case=case, text="We will call you.", answer_digest=view.answer.digest, actor=who,
                             recipient="maya@example.com", promises=[Promised("Call Maya", due)])  # fmt: skip
            case "keep":
                for one in Commitment.objects.filter(case=case, state="open")[:1]:
                    commitment_keep(commitment=one, why="Called", actor=who)
            case "offer":
                handover_offer(case=case, to=tom, why="Your turn", actor=who)
            case "reopen":
                case_reopen(case=case, actor=who)
            case "ask warehouse":
                asked("warehouse", "nothing", case)
            case "ask in vain":
                asked("finance", "unreachable", case)
            case _ if thing in asking.THINGS:
                asking.happens(thing, case)
            case "shorter limit" | "another source":
                name, limit = ("finance", 60) if thing == "shorter limit" else ("bank", 3600)
                source_save(name=name, title=name.title(), connector="teller", domain="finance", freshness_s=limit,
                            settings={"base_url": "http://teller.example", "internal": True})  # fmt: skip
            case "another question":
                question_change(case=case, question="return-status", actor=who)
            case _:
                happens(thing, case, dana, tom, say)
    except CaseError:
        pass  # not allowed in this state: nothing has happened
    case_follow(case)


def asked(source: str, outcome: str, case: Case) -> None:
    """A source was asked about everything the case leads to."""
    row, at = Source.objects.get(name=source), clock_tick()
    check = Check.objects.create(source=row, how="lookup", started_at=at, took_ms=40, learned_at=at,
                                 outcome="ok" if outcome == "nothing" else outcome)  # fmt: skip
    for ref in ref_ids(case_view(case=case).evidence.refs):
        CheckRef.objects.create(check_row=check, source=row, ref_id=ref, outcome=outcome, learned_at=at,
                                complete=outcome == "nothing", reason="")  # fmt: skip


@contextmanager
def newer_rules() -> Iterator[None]:
    """The question's rules change: another version, other words, a claim less."""
    compose = questions.compose

    def other(*args: Any, **more: Any) -> Answer:
        made = compose(*args, **more)
        return replace(made, rules="later", headline=Text(("Now said otherwise.",)), claims=made.claims[:-1])

    with patch.object(questions, "compose", other):
        yield


def said(answer: Answer) -> dict[str, Any]:
    """What an answer says and rests on, its version aside."""
    return {k: v for k, v in answer.content().items() if k not in ("rules", "claims")} | {
        "claims": [(c.key, str(c.text), c.domain, c.facts, c.checks, c.rule) for c in answer.claims]
    }


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True,
          phases=[Phase.explicit, Phase.generate], database=None)
@given(things=st.lists(st.sampled_from([*THINGS, *MORE, *asking.THINGS]), min_size=2, max_size=7))
def test_a_replay_is_the_page_that_was(maya: Say, dana: User, tom: User, things: list[str]):
    case = opened(dana)
    stored = [look(case, dana)]
    for thing in things:
        does(thing, case, dana, tom, maya)
        stored.append(look(case, dana))
    for then in stored:
        again = case_view(case=case, as_of=then.view.as_of, at=then.view.at)
        assert past_of(again) == past_of(then.view)
        assert page(again) == then.html
    for then in stored[-2:]:
        replayed_alike(case, then)
        with newer_rules():
            replayed_alike(case, then, "Composed by rules")


def replayed_alike(case: Case, then: Stored, differs: str = "") -> None:
    """Sources, facts and the answer of the replay are those of the page, and where rules differ it says so."""
    found = case_replay(case=case, as_of=then.view.at)
    assert said(found.view.answer) == said(then.view.answer)
    assert [f.id for f in found.view.evidence.facts] == [f.id for f in then.view.evidence.facts]
    assert found.view.evidence.sources == then.view.evidence.sources
    assert bool(found.differs) == bool(differs)
    assert not differs or found.differs[0].startswith(differs)
