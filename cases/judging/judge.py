"""One message, claim by claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cases.judging.backing import backing_of
from cases.judging.since import promise_since, said_since, worse
from cases.judging.wording import matches, sentence_of, short, stamp, verdict_of
from cases.told.knowing import known
from cases.told.matching import match
from cases.told.reading import zone_of
from cases.told.shapes import Contradiction, Known, Match, Said
from cases.views import PromiseView, ToldView
from cases.views.judging import ClaimJudged, HeldAs, Judgement
from connectors.host.views import Evidence, FactView


@dataclass(frozen=True)
class Then:
    """What could be known when a message was sent."""

    evidence: Evidence
    known: Sequence[Known]
    zone: str


@dataclass(frozen=True)
class Now:
    """What is known later, to say what became of a message."""

    evidence: Evidence
    known: Sequence[Known]
    at: datetime

    @classmethod
    def of(cls, view: Any) -> Now:
        """Of a CaseView."""
        return cls(view.evidence, known(view.evidence, view.answer), view.at)

    @property
    def facts(self) -> Mapping[int, FactView]:
        return {f.id: f for f in self.evidence.facts}


def judge(
    told: ToldView, then: Then, promises: Iterable[PromiseView] = (), now: Now | None = None
) -> Judgement:
    """``promises`` are those made with these words, as they stand at ``now`` (or when they were made)."""
    rows = _sentences(told, then, now)
    free = [s for s in told.said if not any(_in(s.span, r.span) for r in rows)]
    rows += [_free(s, told, then, now) for s in free]
    for promise in promises:
        rows = _promised(rows, promise, told, now)
    claims = tuple(sorted(rows, key=lambda r: (r.span, r.type)))
    verdict = verdict_of(claims)
    return Judgement(
        statement=told.id, event=told.event, at=told.at, as_of=then.evidence.as_of, by=told.by, words=told.words,
        channel=told.channel, verdict=verdict, sentence=sentence_of(verdict, told.by, told.at, then.zone, claims),
        claims=claims, until=now.at if now else None,
    )  # fmt: skip


# -- sentences of the answer ----------------------------------------------------------------------------
def _sentences(told: ToldView, then: Then, now: Now | None) -> list[ClaimJudged]:
    """Each sentence of the answer that stood unchanged, with all that was read in it."""
    rows = []
    for claim in told.claims:
        start = _place(told.words, str(claim["text"]))
        span = (start, start + len(str(claim["text"])))
        found = backing_of(claim["facts"], claim["checks"], then.evidence)
        since = worse(said_since(s, told, then, now) for s in told.said if now and s.claim == claim["key"])
        held: HeldAs = "matches" if found else "unbacked"
        text = matches(found, str(claim.get("rule") or "")) if found else "rests on nothing that was known then"
        rows.append(ClaimJudged(short(str(claim["text"])), span, "sentence", held, text, backing=found, since=since))
    return rows


def _place(words: str, sentence: str) -> int:
    """Where it stands; its spaces and line breaks may differ."""
    found = re.search(r"\s+".join(map(re.escape, sentence.split())), words)
    return found.start() if found else len(words)


def _in(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]


# -- free words -----------------------------------------------------------------------------------------
def _free(said: Said, told: ToldView, then: Then, now: Now | None) -> ClaimJudged:
    found = match(said, then.known, today=told.at.astimezone(zone_of(then.zone)).date())
    backing = backing_of(found.facts, found.checks, then.evidence)
    since = said_since(said, told, then, now) if now else None
    row = ClaimJudged(short(said.text), said.span, said.type, "open", "", backing=backing, since=since)
    if found.standing == "backed":
        return replace(row, held="matches", text=matches(backing, found.by))
    if found.standing == "contradicted":
        return _differs(row, found, then, told)
    if found.standing == "unbacked":
        return replace(row, held="unbacked", text="not backed by anything known then",
                       why=_why(told, f"unbacked|{said.type}|{said.topic}|{said.value}"))  # fmt: skip
    return replace(row, text="expected, not claimed" if said.mode == "will" else "asked or guessed, not claimed")


def _differs(row: ClaimJudged, found: Match, then: Then, told: ToldView) -> ClaimJudged:
    one: Contradiction = found.against[0]
    backing = backing_of(one.facts, one.checks, then.evidence)
    instead = one.sentence or one.text
    by = backing[0].title if backing else found.by
    return replace(row, held="differs", text=f"differs: {by} said {one.text}", known=instead, backing=backing,
                   why=_why(told, one.key))  # fmt: skip


def _why(told: ToldView, key: str) -> str:
    return next((str(k.get("why", "")) for k in told.kept if k.get("key") == key), "")


# -- promises -------------------------------------------------------------------------------------------
def _promised(
    rows: Sequence[ClaimJudged], promise: PromiseView, told: ToldView, now: Now | None
) -> list[ClaimJudged]:
    """The row in which the promise stands tells what became of it; a promise in no row has one of its own."""
    since = promise_since(promise, now.facts, now.at) if now else None
    start = told.words.find(promise.phrase) if promise.phrase else -1
    span = (start, start + len(promise.phrase)) if start >= 0 else (len(told.words), len(told.words))
    due = f"a promise, due {stamp(promise.due_at, promise.zone)}"
    clause = next((r for r in rows if start >= 0 and r.held == "open" and promise.phrase in r.words), None)
    near = [r for r in rows if start >= 0 and r is not clause and (_in(span, r.span) or _in(r.span, span))]
    inside = near[0] if near else None
    if inside is not None and inside.held not in ("unbacked", "open"):
        return [replace(r, since=since) if r is inside else r for r in rows]
    words = clause.words if clause else short(promise.phrase or promise.what)
    mine = ClaimJudged(words, span, "promise", "promise", due, since=since)
    return [*(r for r in rows if r is not clause and r is not inside), mine]
