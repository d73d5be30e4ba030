from pathlib import Path

import pytest

from cases.kinds import EVENT_KINDS, title
from cases.words import guesses

DOC = Path(__file__).parents[2] / "docs" / "history.md"


@pytest.mark.parametrize("kind", EVENT_KINDS.values(), ids=lambda kind: kind.name)
def test_every_kind_of_event_stands_in_the_documentation_with_what_it_publishes(kind):
    line = next(line for line in DOC.read_text().splitlines() if line.startswith(f"| `{kind.name}`"))
    assert line.rstrip(" |").endswith(", ".join(kind.public))


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_kind_has_a_sentence_even_without_its_content(kind: str):
    assert title(kind, {}, "Dana") and title(kind, None, "")


@pytest.mark.parametrize(
    ("words", "ref"),
    [
        ("48-1193", "order:48-1193"),
        (" #48-1193 ", "order:48-1193"),
        ("RMA-77120", "return:RMA-77120"),
        ("pi_3QTx8Lm", "payment:pi_3QTx8Lm"),
        ("return:77120", "return:77120"),
        ("Maya@Example.com", "email:maya@example.com"),
    ],
)
def test_a_pasted_number_is_taken_for_what_it_looks_like(words: str, ref: str):
    assert [str(r) for r in guesses(words)] == [ref]


@pytest.mark.parametrize("words", ["", "maya", "maya lindqvist", "order:", "x" * 400, "a\x00b1", "policy:returns"])
def test_other_words_are_not_guessed_at(words: str):
    assert guesses(words) == ()
