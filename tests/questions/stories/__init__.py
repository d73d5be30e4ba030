"""The stories of every question: one for each situation, told to a cast, and words of what is said about it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping

from cases.questions.common.answering import Rules
from connectors.sdk import Ref
from tests.questions.conftest import EUR, Cast

Story = tuple[Callable[[Cast], Cast], str]


def found() -> Mapping[str, Mapping[str, Story]]:
    """By question, then by situation: each module here has ``QUESTION`` and ``STORIES``."""
    modules = [importlib.import_module(m.name) for m in pkgutil.iter_modules(__path__, f"{__name__}.")]
    return {module.QUESTION: module.STORIES for module in modules}


def told(question: str, situation: str) -> Cast:
    """A cast that has lived this story."""
    return found()[question][situation][0](Cast(question))


def rules(question: str) -> Rules:
    module = importlib.import_module(f"cases.questions.{question.replace('-', '_')}.rules")
    assert isinstance(module.RULES, Rules)
    return module.RULES


def nothing(c: Cast) -> Cast:
    """Nobody knows the order."""
    c.facts, c.quiet = [f for f in c.facts if f.kind.startswith("policy.")], {"warehouse", "finance"}
    return c


def home(c: Cast) -> Cast:
    """Nothing has come back, so the warehouse has not been asked."""
    c.quiet = {"warehouse"}
    return c


def two_orders(c: Cast) -> Cast:
    """Maya writes from her address, and two of her orders are under way."""
    c.seeds = (Ref("email", "maya@example.com"),)
    home(c).bought(18).sent(19).tell(
        "order.placed", 19, {"number": "48-2000", "total": EUR}, (Ref("order", "48-2000"),)
    )
    return c
