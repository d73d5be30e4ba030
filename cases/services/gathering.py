"""Asking the sources about a case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cases import questions
from cases.errors import WrongState
from cases.models import Case
from cases.selectors.rows import case_questions, case_refs
from connectors.host import services as asking
from connectors.sdk import Ref


def case_gather(case: Case, force: bool = False) -> Any:
    """Ask what is past its limit about the case, or everything where forced. Returns at once with the Gathering."""
    asked = [q for q in case_questions(case, None) if q in questions.names()]
    labels = tuple(dict.fromkeys(ref for q in asked for ref in questions.labels(q)))
    return asking.gather(seeds=case_refs(case, None), labels=labels, force=force)


def question_gather(*, question: str, refs: Sequence[Ref], timeout: float) -> None:
    """Ask what is due about these refs and wait, at most ``timeout`` seconds: for the command line, never a page."""
    asking.gather_now(seeds=refs, labels=questions.labels(question), timeout=timeout)


def case_refresh(*, case: Case) -> Any:
    """Ask every source again, now. Returns at once; what comes is stored and signalled. Raises WrongState."""
    if not case_refs(case, None):
        raise WrongState("The case has no references, so no source can be asked. Add one.")
    return case_gather(case, force=True)
