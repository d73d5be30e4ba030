"""Whether what a customer was told still holds, and whether what is about to be said agrees with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.told.matching import disagree, family, gone, match
from cases.told.sentences import sentence_at
from cases.told.shapes import Contradiction, Known, Said


@dataclass(frozen=True)
class Told:
    """One earlier statement, as it is held against facts and drafts."""

    id: int
    at: datetime
    words: str
    said: tuple[Said, ...]
    reference: str = ""


def contradictions(
    told: Told, known: Sequence[Known], current: Collection[int], cut: bool = False
) -> tuple[Contradiction, ...]:
    """What speaks against a statement now and did not when it was made; the same whatever the order of facts.

    ``current`` are the ids of all facts known now; ``cut`` says that a cap may have left some out.
    """
    found: list[Contradiction] = []
    for said in told.said:
        now = match(said, known, told=told.at)
        if now.standing == "contradicted":
            found += [c for c in now.against if c.key not in said.against]
        elif gone(said, now, current, cut):
            found.append(Contradiction(said, "gone"))
    return tuple(_of(c, told) for c in _each(found))


def before_sending(told: Told, known: Sequence[Known]) -> tuple[Said, ...]:
    """Its claims with what speaks against them already: said knowingly, so that it is no news later."""
    return tuple(
        replace(s, against=tuple(sorted(c.key for c in match(s, known, told=told.at).against))) for s in told.said
    )


def against_told(
    said: Said, earlier: Iterable[Told], known: Sequence[Known], backed: bool
) -> tuple[Contradiction, ...]:
    """What the same customer was last told about the same thing, where that can't be meant too.

    What still holds by today's facts is no contradiction to something else that holds as well.
    """
    for told in sorted(earlier, key=lambda t: (t.at, t.id), reverse=True):
        about = [s for s in told.said if not s.hedged and _same_thing(said, s)]
        if any(not disagree(said, s) for s in about):
            return ()
        for other in about:
            if not (backed and match(other, known, told=told.at).standing == "backed"):
                text = sentence_at(told.words, other.span[0])
                return (
                    Contradiction(said, "told", other.value, other.text, "", other.facts, (), told.id, told.at, text,
                                  told.reference),
                )  # fmt: skip
    return ()


def _same_thing(one: Said, other: Said) -> bool:
    if one.type != other.type or not one.topic:
        return False
    return family(one.topic) == family(other.topic) if one.type == "amount" else one.topic == other.topic


def _of(one: Contradiction, told: Told) -> Contradiction:
    text = sentence_at(told.words, one.said.span[0])
    return replace(one, statement=told.id, told_at=told.at, told_text=text, reference=told.reference)


def _each(found: Iterable[Contradiction]) -> list[Contradiction]:
    """Each once; of an amount or a day whose own deed no longer holds, nothing more is said."""
    unique = {c.key: c for c in found}
    lost = {c.said.topic for c in unique.values() if c.said.type == "status"}
    return [
        c for k, c in sorted(unique.items())
        if not (c.by == "gone" and c.said.type != "status" and c.said.topic in lost)
    ]  # fmt: skip
