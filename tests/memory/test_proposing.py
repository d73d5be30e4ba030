"""A first message proposes the question that it asks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.memory.proposing import propose
from cases.questions import base
from connectors.sdk import Ref

EXAMPLES = [(q.name, text) for q in base.found().values() for text in q.examples]


def proposed(text: str, *refs: str) -> str | None:
    found = propose(text, base.found().values(), [Ref.parse(r) for r in refs])
    return found.question if found else None


@pytest.mark.parametrize("question", base.found().values(), ids=lambda q: q.name)
def test_every_question_says_by_which_words_it_is_asked(question: base.Question):
    assert question.words and len(question.examples) >= 3, f"Give {question.name} words and examples."


@pytest.mark.parametrize(("question", "text"), EXAMPLES)
def test_the_examples_of_a_question_propose_it(question: str, text: str):
    found = propose(text, base.found().values())
    assert found and found.question == question, found
    assert found.evidence and all(word in " ".join(text.lower().split()) for word in found.evidence)


@pytest.mark.parametrize("text", ["", "Hello", "Thanks a lot!", "Is your shop open on Sunday?", "48-1193", "🙂" * 50])
def test_words_that_ask_nothing_known_propose_nothing(text: str):
    assert proposed(text) is None


def test_a_denied_word_does_not_count_and_what_is_asked_counts_more():
    assert proposed("I do not want a refund. Please cancel my order.") == "cancellation"
    assert proposed("Where is my refund? I sent the jacket back.") == "refund-status"


def test_a_reference_speaks_for_its_question_only_beside_words():
    assert proposed("my return", "return:RMA-77120") == "return-status"
    assert proposed("RMA-77120", "return:RMA-77120") is None


@given(st.permutations(list(base.found().values())), st.sampled_from([text for _, text in EXAMPLES]))
def test_the_order_in_which_questions_are_found_changes_nothing(questions: list[base.Question], text: str):
    assert propose(text, questions) == propose(text, base.found().values())


@given(st.text(max_size=200), st.text(max_size=20))
def test_any_text_can_be_read(text: str, more: str):
    proposed(f"{text} refund {more}")
