"""What somebody has begun to write in a case. It is theirs: no change of owner or state takes it."""

from __future__ import annotations

from typing import Any

from cases.models import Case
from cases.views.owning import DraftView


def draft_save(
    *, case: Case, author: Any, text: str, since_seq: int | None = None, answer_digest: str = ""
) -> DraftView | None:
    """Keep the author's words. Empty words keep nothing (None). ``since_seq`` is the last event the author has seen
    (default: the case's last one). No event, no news: it concerns nobody else. Raises BadWords."""
    return None


def draft_clear(*, case: Case, author: Any) -> None:
    """The author has sent it or thrown it away. ``author`` is a user or a user's id."""
