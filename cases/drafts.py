"""The reply that an answer suggests, and what of a reply still stands as claimed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.answers import Answer, Claim


def draft(answer: Answer, *, verified: bool, first_name: str = "", signed: str = "") -> str:
    """The letter to the customer. Without verification it names nobody and carries no amount, date or reference."""
    if verified:
        sentences = [str(c.text) for c in answer.draft]
    else:
        sentences = [str(t) for t in answer.draft_unverified]
    if not sentences:
        return ""
    hello = f"Hello {first_name}," if verified and first_name else "Hello,"
    return "\n\n".join(p for p in (hello, " ".join(sentences), f"Kind regards,\n{signed}" if signed else "") if p)


@dataclass(frozen=True)
class Reading:
    """A reply, read against an answer: claims whose sentence stands unchanged, and all other passages."""

    claims: tuple[Claim, ...]
    unchecked: tuple[str, ...]
    spans: tuple[tuple[int, int], ...] = ()
    """Where each of ``claims`` stands."""


def read_reply(text: str, claims: Sequence[Claim]) -> Reading:
    """Find each claim's sentence in the text: every word in its place, as a sentence of its own.

    Line breaks and spaces may differ. A sentence inside a longer one ("it is not true that …") is not the claim.
    """
    taken: list[tuple[int, int]] = []
    stood: list[Claim] = []
    for claim in claims:
        for start, end in _places(text, str(claim.text)):
            if all(end <= s or start >= e for s, e in taken):
                taken.append((start, end))
                stood.append(claim)
                break
    return Reading(tuple(stood), tuple(_rest(text, sorted(taken))), tuple(taken))


def _places(text: str, sentence: str) -> list[tuple[int, int]]:
    words = sentence.split()
    if not words:
        return []
    pattern = r"\s+".join(map(re.escape, words))
    return [m.span() for m in re.finditer(pattern, text) if _alone(text, *m.span())]


def _alone(text: str, start: int, end: int) -> bool:
    before, after = text[:start], text[end:]
    gap = before[len(before.rstrip()) :]
    begins = not before.strip() or "\n" in gap or (bool(gap) and before.rstrip()[-1] in ".!?…")
    following = after.lstrip()
    ends = not following or (after[0].isspace() and ("\n" in after[: len(after) - len(following)] or _new(text, end)))
    return begins and ends


def _new(text: str, end: int) -> bool:
    """A new sentence begins here: the last one is closed, and what follows is no lower-case run-on."""
    return text[:end].rstrip()[-1] in ".!?…" and not text[end:].lstrip()[0].islower()


def _rest(text: str, taken: Sequence[tuple[int, int]]) -> list[str]:
    at, passages = 0, []
    for start, end in [*taken, (len(text), len(text))]:
        passages.append(text[at:start].strip())
        at = end
    return [p for p in passages if p]
