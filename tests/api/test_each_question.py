"""Every question of the catalogue is answered through the API, from facts that sources told."""

import pytest

from cases import questions
from tests.api.client import Caller
from tests.api.conftest import MAIL, ORDER, Say


@pytest.mark.parametrize("question", questions.names())
def test_each_question_is_asked_and_answered_from_what_is_stored(rep: Caller, paid: Say, question: str) -> None:
    made = rep.post("cases/", {"question": question, "refs": [ORDER, MAIL], "message": questions.title(question)})
    answer = rep.get(f"cases/{made['reference']}/answer/")
    assert (made.status, answer.status) == (201, 200)
    assert answer["question"] == question and answer["headline"]
    assert answer["situation"] in questions.base.get(question).situations
    assert all(c["facts"] or c["checks"] for c in answer["claims"])
