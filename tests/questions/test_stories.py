"""Every question, every situation: the story is in it, says so, and stands up to sources that are down, late or old."""

from __future__ import annotations

import pytest

from cases import questions
from cases.answers import Answer
from tests.questions.conftest import Cast
from tests.questions.stories import found, rules, told
from workspace.api.vocabulary import WHO_ACTS

STATES = {"which_one": "choose", "sources_disagree": "conflict", "version_unsure": "partial"}
LESS = {"cancelled_unpaid": "cancelled"}
"""What can still be said where a situation can't be proven."""
PAIRS = [(question, name) for question, stories in found().items() for name in stories]
FAULTS = ("down", "stale", "waiting", "never")
each_story = pytest.mark.parametrize(("question", "name"), PAIRS, ids=lambda x: x)


def plain(text: object) -> str:
    return str(text).replace("\N{NO-BREAK SPACE}", " ")


@each_story
def test_a_story_is_in_its_situation_and_says_so(question: str, name: str) -> None:
    answer = told(question, name).ask()
    assert (answer.situation, answer.state) == (name, STATES.get(name, "answered")), plain(answer.headline)
    assert found()[question][name][1] in plain(answer.headline)


@pytest.mark.parametrize("question", questions.names())
def test_every_situation_has_its_story(question: str) -> None:
    assert set(rules(question).situations) - {"unknown"} == set(found()[question])
    assert questions.base.get(question).situations == rules(question).situations


def faulty(question: str, name: str, source: str, status: str) -> tuple[Cast, Answer]:
    cast = told(question, name)
    cast.status = {**cast.status, source: status}
    return cast, cast.ask()


def heard(question: str, cast: Cast, name: str, source: str) -> bool:
    """Whether this source's word could change the situation."""
    domains = {s.name: s.domains for s in rules(question).table}
    return source not in cast.quiet and cast.sources[source] in domains.get(name, ())


@pytest.mark.parametrize(("question", "name"), [p for p in PAIRS if p[1] not in STATES], ids=lambda x: x)
@pytest.mark.parametrize("status", FAULTS)
def test_a_source_that_could_change_it_leaves_no_answer_certain(question: str, name: str, status: str) -> None:
    for source in told(question, name).sources:
        cast, answer = faulty(question, name, source, status)
        assert answer.situation in (name, LESS.get(name), "unknown")
        if heard(question, cast, name, source):
            assert answer.state in ("partial", "unknown"), source
            assert source in {g.source for g in answer.gaps if g.can_change}
        elif answer.state == "partial":
            pytest.fail(f"{source} can't change {name}, and the answer is only partial")


@each_story
def test_what_a_missing_source_would_know_is_never_said_to_be_absent(question: str, name: str) -> None:
    for source in told(question, name).sources:
        for status in FAULTS:
            cast, answer = faulty(question, name, source, status)
            domain = cast.sources[source]
            assert not [c for c in answer.claims if not c.facts and c.domain == domain], (source, status)


@each_story
def test_a_source_that_answered_late_but_in_time_changes_nothing(question: str, name: str) -> None:
    well = told(question, name).ask()
    for source in told(question, name).sources:
        _, answer = faulty(question, name, source, "late")
        assert (answer.state, answer.situation, answer.headline) == (well.state, well.situation, well.headline)


@each_story
def test_the_next_step_has_somebody_and_the_letters_go_together(question: str, name: str) -> None:
    answer = told(question, name).ask()
    assert answer.next and answer.next.who in WHO_ACTS
    assert name == "which_one" or bool(answer.draft) == bool(answer.draft_unverified)
    assert not [v for t in answer.draft_unverified for v in t.values]
    assert all(plain(c.text)[-1] in ".?" for c in answer.draft)
    assert plain(answer.headline)[-1] in ".?”"


@each_story
def test_an_answer_that_was_given_says_which_facts_and_checks_it_rests_on(question: str, name: str) -> None:
    cast = told(question, name)
    answer, evidence = cast.ask(), cast.evidence()
    facts, checks = {f.id for f in evidence.facts}, {c.id: c for c in evidence.checks}
    for claim in (*answer.claims, *answer.draft):
        assert claim.facts or claim.checks
        assert set(claim.facts) <= facts and all(checks[n].complete for n in claim.checks), claim
