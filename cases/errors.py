"""What callers of cases can do wrong, each with a sentence that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.answers import Answer
    from cases.told.shapes import DraftCheck
    from cases.views import EventView


class CaseError(Exception):
    """Base: ``str(error)`` is a sentence for people."""


class BadInput(CaseError):
    """What was given can't be taken; ``field`` names it."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class UnknownQuestion(BadInput):
    """No such question; the sentence lists those there are."""


class BadRef(BadInput):
    """A reference that can't be read, or none where at least one is needed."""


class BadWords(BadInput):
    """Words that are missing, too long, or hold characters that no letter can carry."""


class BadDue(BadInput):
    """No time that a promise could be held to; the sentence asks for one."""


class BadCursor(BadInput):
    """A page cursor that this service did not make."""


class CaseNotFound(CaseError):
    """No case has this reference."""


class UnknownMeasure(CaseNotFound):
    """No measure has this name; the sentence lists those there are."""


class PromiseNotFound(CaseNotFound):
    """No promise has this number."""


class ReviewNotFound(CaseNotFound):
    """No review has this number, or none that this person may read."""


class WrongState(CaseError):
    """The case's state does not allow this."""


class NotYours(CaseError):
    """Somebody else's to do; the sentence says whose."""


class StillHeld(WrongState):
    """A person still answers for something that nobody else can take; the sentence lists what."""


class NoOwner(CaseError):
    """Nobody can own the case: there is no active representative."""


class AnswerChanged(CaseError):
    """The answer is no longer the one that the reply was written from. The writer's text is kept."""

    def __init__(self, new_answer: Answer, new_draft: str, text: str) -> None:
        super().__init__("The answer has changed since this reply was written. Read the new answer, then send again.")
        self.new_answer = new_answer
        self.new_draft = new_draft
        self.text = text


class NotToBeTold(CaseError):
    """The draft holds what this asker may not be told yet; nothing was sent. ``check`` names it."""

    def __init__(self, sentence: str, check: DraftCheck) -> None:
        super().__init__(sentence)
        self.check = check


class NeedsReason(CaseError):
    """The draft says what no fact backs, or what facts or earlier words contradict, and gives no reason for it; nothing
    was sent. ``check`` holds every finding; each whose ``needs_reason`` is true wants ``{key, why}`` in ``kept``."""

    def __init__(self, sentence: str, check: DraftCheck) -> None:
        super().__init__(sentence)
        self.check = check


class RepliedMeanwhile(CaseError):
    """Another has replied while this one was written. The writer's text is kept; ``replies`` are to be read first."""

    def __init__(self, replies: Sequence[EventView], text: str) -> None:
        who = replies[-1].actor_name or "Somebody"
        super().__init__(f"{who} replied while you were writing. Read that reply; send yours if it is still needed.")
        self.replies = tuple(replies)
        self.text = text

    @property
    def seen(self) -> int:
        """What the writer has seen once they have read these."""
        return max(reply.seq for reply in self.replies)
