"""Which question a message asks: the words that each question declares, counted. The same words, the same proposal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cases.memory.shapes import Proposal
from cases.questions.base import Question
from cases.words import MAX_WORDS
from connectors.sdk import Ref

LEAST = 1.0
"""What the words must come to for a question to be proposed: one word that no other question shares."""
BY_REF = 0.75
ASKED = 1.5
"""How much more words say in a sentence that asks."""
_ASKS = re.compile(r"[^.!?\n]*\?")
_BETWEEN = r"\W+(?:[\w'’]+\W+){0,2}?"
"""Between two words of a phrase up to two others may stand, in one sentence."""
_NOT = re.compile(r"(?:\b(?:not|no|never|instead of|rather than|without)|n['’]t)(?:\s+\w+){0,2}\s*$", re.IGNORECASE)
_NEGATIONS = {"not", "no", "never", "don't", "doesn't"}
MAX_OTHERS = 3


@dataclass(frozen=True)
class Heard:
    """A phrase of a question, as it stands in the text."""

    phrase: str
    span: tuple[int, int]
    weight: float


def propose(text: str, questions: Iterable[Question], refs: Sequence[Ref] = ()) -> Proposal | None:
    """The question that the text asks most plainly; None where its words speak for none.

    A phrase counts more the more words it has and where its sentence asks, and less where several questions declare
    it; a denied one ("no refund") does not count. Of questions that come to the same, the one whose words come first.
    """
    text = text[:MAX_WORDS]
    asked = sorted(questions, key=lambda q: q.name)
    shared = Counter(phrase for q in asked for phrase in set(q.words))
    matter = [r for r in refs if r.is_matter]
    ranked = []
    for question in asked:
        heard = _heard(text, question.words, shared)
        named = [r for r in matter if r.scheme in question.schemes]
        score = sum(h.weight for h in heard) + (BY_REF if named else 0)
        if heard and score >= LEAST:
            ranked.append((-score, min(h.span[0] for h in heard), question, heard, named))
    if not ranked:
        return None
    ranked.sort(key=lambda r: r[:2])
    score, _, first, heard, named = ranked[0]
    evidence = [" ".join(text[slice(*h.span)].split()) for h in sorted(heard, key=lambda h: h.span)]
    said = tuple(dict.fromkeys([*(e.lower() for e in evidence), *(str(r) for r in named)]))
    others = tuple(q.name for _, _, q, _, _ in ranked[1 : 1 + MAX_OTHERS])
    return Proposal(first.name, first.title, said, round(-score, 2), others, tuple(matter))


def _heard(text: str, phrases: Collection[str], shared: Counter[str]) -> list[Heard]:
    """Phrases that stand in the text, each once; what lies within a longer one is not counted again."""
    found: list[Heard] = []
    for phrase in sorted(phrases, key=lambda p: (-len(p.split()), p)):
        parts = phrase.split()
        for match in pattern(phrase).finditer(text):
            span = match.span()
            if any(span[0] < f.span[1] and f.span[0] < span[1] for f in found):
                continue
            if parts[0] not in _NEGATIONS and _NOT.search(text[max(0, span[0] - 40) : span[0]]):
                continue
            weight = (1.5 * len(parts) - 0.5) / shared[phrase]
            found.append(Heard(phrase, span, weight * (ASKED if _ASKS.match(text, span[1]) else 1)))
            break
    return found


@lru_cache(maxsize=2048)
def pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as it is looked for: whole words in their order, within one sentence, whatever their capitals."""
    words = [re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else "") for w in phrase.split()]
    between = _BETWEEN.replace(r"\W", r"[^\w.!?\n]")
    return re.compile(r"\b" + between.join(words) + r"\b", re.IGNORECASE)
