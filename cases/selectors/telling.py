"""What a draft says before it is sent, and what customers were told."""

from __future__ import annotations

from typing import Any

from cases.models import Case
from cases.told import DraftCheck


def draft_check(*, case: Case | int | str, text: str, author: Any = None) -> DraftCheck:
    """What is to be said about a draft: its claims, each with what backs it or speaks against it. Reads only.

    ``author`` is the user who writes. Raises CaseNotFound, BadWords.
    """
    return DraftCheck(text)
