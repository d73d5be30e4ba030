"""What help a reply gives: a fact, an action, a commitment, a specific question, or nothing but kind words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from cases.told.sentences import sentences

Help = Literal["fact", "action", "commitment", "question", "sympathy", "nothing"]

_SYMPATHY = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologies|regret|understand (?:how|your|that this|why)|frustrat\w+|inconvenien\w+|"
    r"disappoint\w+|appreciate your patience|thank you for (?:your )?(?:patience|understanding|bearing)|bear with us|"
    r"hear you|feel for you|upset\w*|annoying|unacceptable|take this (?:very )?seriously|your (?:concern|"
    r"feedback))\b",
    re.I,
)
_ASKS = re.compile(r"\b(?:which|what|when|where|who|how (?:many|much|long)|do you|did you|have you|is it|"
                   r"was it|could you|"
                   r"can you|would you|will you|are you)\b", re.I)  # fmt: skip
_PLEASE = re.compile(r"\bplease\s+(?:send|tell|let|confirm|give|share|check|attach|reply with|write)\b", re.I)
_IDLE = re.compile(r"\b(?:anything else|can (?:we|i) help|how are you|make sense|any (?:other |further )?questions?|"
                   r"is that ok(?:ay)?|does that help|do you understand)\b", re.I)  # fmt: skip


def is_sympathy(text: str) -> bool:
    """Whether the words voice regret or understanding."""
    return bool(_SYMPATHY.search(text))


def asks_specifically(text: str) -> bool:
    """Whether the reply asks for something that would move the matter on."""
    for start, end in sentences(text):
        words = text[start:end]
        if _IDLE.search(words):
            continue
        if (words.rstrip().endswith("?") and _ASKS.search(words)) or _PLEASE.search(words):
            return True
    return False


def helped(text: str, *, facts: Iterable[object], actions: bool, promises: bool) -> Help:
    """The first kind of help that the reply gives. ``facts`` are claims that some fact or check backs."""
    if any(True for _ in facts):
        return "fact"
    if actions:
        return "action"
    if promises:
        return "commitment"
    if asks_specifically(text):
        return "question"
    return "sympathy" if is_sympathy(text) else "nothing"
