"""Questions of other packages are found by their entry point."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from cases.memory.proposing import propose
from cases.questions import base
from cases.selectors import case_view
from cases.services import Actor, asker_verify, case_open
from tests.cases.conftest import EUR, Say

EXAMPLE = Path(__file__).parents[2] / "examples" / "throughline-gift-cards"
BROKEN = """
broken = no_such_module_at_all
wrong = json
taken = cases.questions.refund_status:QUESTION
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example beside the product as an installer leaves it, together with three bad ones."""
    declared = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    points = declared["entry-points"][base.ENTRY_POINTS]
    info = tmp_path / "throughline_gift_cards-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {declared['name']}\nVersion: 1.0.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[{base.ENTRY_POINTS}]\n{lines}{BROKEN.lstrip()}")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(EXAMPLE / "src"), *sys.path])
    base._discovered.cache_clear()
    yield
    monkeypatch.undo()
    base._discovered.cache_clear()


def test_a_package_s_question_is_found_and_bad_ones_do_not_stop_it(installed: None):
    assert base.found()["gift-card"].title == "Was my gift card used?"
    assert set(base.problems()) == {"broken", "wrong", "taken"}
    assert "No module named" in base.problems()["broken"] and "not a Question" in base.problems()["wrong"]
    assert "already" in base.problems()["taken"] and "refund-status" in base.found()


def test_its_examples_propose_it(installed: None):
    question = base.found()["gift-card"]
    assert {propose(text, base.found().values()).question for text in question.examples} == {"gift-card"}


def test_it_answers_a_case_from_its_first_words_on(installed: None, say: Say, dana: User):
    say("payment.captured", {"amount": EUR, "method": "gift_card"}, "order:48-1193", "payment:pi_9", ago=3)
    case = case_open(refs=["order:48-1193"], message="Was my voucher used?", actor=Actor.person(dana))
    view = case_view(case=case)
    assert (view.question, view.answer.situation, view.chosen) == ("gift-card", "used", "words")
    assert "84.90" not in view.draft
    asker_verify(case=case, how="order_and_email", actor=Actor.person(dana))
    assert "84.90 EUR was paid by gift card." in case_view(case=case).draft


def test_without_the_package_there_is_no_such_question():
    assert "gift-card" not in base.found() and not base.problems()
