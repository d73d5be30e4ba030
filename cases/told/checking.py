"""A draft, checked against everything that is known, before it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.drafts import Reading
from cases.promises.shapes import PromiseFound
from cases.told.correcting import acknowledged, corrected
from cases.told.helping import helped
from cases.told.holding import Told, against_told
from cases.told.matching import match
from cases.told.reading import Read
from cases.told.shapes import Contradiction, DraftCheck, Finding, Known, Match, Said

UNHELPFUL = (
    "Kind words, and no help yet: add a fact, something that you do, a promise with its day, or a specific question."
)
NOUNS = {"amount": "amount", "date": "day", "status": "statement"}


@dataclass(frozen=True)
class Draft:
    """What a draft is checked with. ``plain`` are passages that the system wrote and that disclose nothing."""

    text: str
    at: datetime
    zone: str
    read: Read
    reading: Reading
    known: Sequence[Known]
    earlier: Sequence[Told] = ()
    promises: Sequence[PromiseFound] = ()
    plain: Sequence[tuple[int, int]] = ()
    verified: bool = False
    secrets: Sequence[str] = ()
    """References that this asker has not named themselves."""
    actions: bool = False
    digest: str = ""


def check(draft: Draft, more: Iterable[Finding] = ()) -> DraftCheck:
    """Every finding, in the order of the text; ``more`` are those of others."""
    matches = [_matched(s, draft) for s in draft.read.said]
    objections = [c for m in matches for c in _objections(m, draft)]
    findings = [*_disclosures(draft), *_promised(draft)]
    for one in matches:
        own = [c for c in objections if c.said is one.said]
        findings += [_contradicted(c, draft) for c in own] or _plain(one)
    backed: list[object] = [m for m in matches if m.standing == "backed"]
    backed += draft.reading.claims
    help_ = helped(draft.text, facts=backed, actions=draft.actions, promises=bool(draft.promises))
    if help_ == "sympathy":
        findings.append(Finding("unhelpful", "advice", UNHELPFUL))
    said = tuple(_stored(m, objections) for m in matches)
    ordered = sorted([*findings, *more], key=lambda f: (f.level != "stop", f.span, f.kind))
    better = corrected(draft.text, objections, draft.at, draft.zone) if objections else ""
    return DraftCheck(draft.text, tuple(ordered), said, help_, "" if better == draft.text else better, draft.digest)


def _matched(said: Said, draft: Draft) -> Match:
    """A claim in a sentence of the answer rests on what that sentence declares."""
    for claim, (start, end) in zip(draft.reading.claims, draft.reading.spans, strict=True):
        if start <= said.span[0] and said.span[1] <= end:
            mine = replace(said, claim=claim.key)
            return Match(mine, "backed", claim.facts, claim.checks, (), claim.domain)
    today = draft.at.date()
    found = match(said, draft.known, today=today)
    if found.standing == "unbacked" and (_is_in(said, draft.plain) or _is_promised(said, draft)):
        return replace(found, standing="open")
    return found


def _is_in(said: Said, passages: Sequence[tuple[int, int]]) -> bool:
    return any(s <= said.span[0] and said.span[1] <= e for s, e in passages)


def _is_promised(said: Said, draft: Draft) -> bool:
    """A day that we set ourselves is a promise, which somebody will answer for; no fact can back it."""
    if said.type != "date":
        return False
    return _is_in(said, [(p.start, p.end) for p in draft.promises]) or _is_in(said, draft.read.ours)


def _objections(found: Match, draft: Draft) -> list[Contradiction]:
    by_facts = list(found.against)
    told = against_told(found.said, draft.earlier, draft.known, found.standing == "backed")
    return [*by_facts, *(c for c in told if not acknowledged(c, draft.read))]


def _stored(found: Match, objections: Sequence[Contradiction]) -> Said:
    return replace(found.said, facts=found.facts)


def _plain(found: Match) -> list[Finding]:
    said = found.said
    data = {"type": said.type, "topic": said.topic, "value": said.value, "unit": said.unit, "facts": list(found.facts),
            "checks": list(found.checks)}  # fmt: skip
    if found.standing == "backed":
        by = found.by[:1].upper() + found.by[1:] or "Known"
        return [Finding("backed", "info", f"{_named(said)}: {by}", said.span, data)]
    if found.standing == "unbacked":
        words = f"{_short(said)}: not backed by any fact"
        return [
            Finding("unbacked", "advice", words, said.span, data, f"unbacked|{said.type}|{said.topic}|{said.value}")
        ]
    return []


def _short(said: Said) -> str:
    words = " ".join(said.text.split())
    return words if len(words) <= 60 else words[:57].rstrip() + "…"


def _named(said: Said) -> str:
    """A status by its kind, not by its whole clause: "Refund paid", or "Refund paid, expected"."""
    if said.type != "status":
        return _short(said)
    words = said.topic.replace(".", " ").replace("_", " ").capitalize()
    if said.mode == "will":
        return f"{words}, expected" if said.value == "yes" else f"{words}, not expected"
    return words if said.value == "yes" else f"{words}: not"


def _contradicted(one: Contradiction, draft: Draft) -> Finding:
    if one.by == "told":
        words = f"{_short(one.said)}: the customer was told {_value(one)} before"
    elif one.said.type == "status":
        words = f"{_short(one.said)}: the facts say otherwise ({one.text})"
    else:
        words = f"{_short(one.said)}: the facts say {one.text}"
    # The answer's own sentence says what is so: telling it is how what was told before is put right.
    own = one.by == "told" and one.said.claim
    words = f"{words}; say that it has changed" if own else words
    return Finding("contradiction", "advice", words, one.said.span, one.as_json(), "" if own else one.key)


def _value(one: Contradiction) -> str:
    return f"“{one.told_text}”" if one.said.type == "status" else one.text


# -- what an asker who is not verified may not be told ---------------------------------------------------
def _disclosures(draft: Draft) -> list[Finding]:
    if draft.verified:
        return []
    found = [
        Finding("disclosure", "stop", f"{_short(s)}: no {NOUNS[s.type]} before the asker is verified", s.span)
        for s in (*draft.read.said, *draft.read.told) if _discloses(s, draft)
    ]  # fmt: skip
    lower = draft.text.lower()
    for secret in draft.secrets:
        at = lower.find(secret.lower())
        if at >= 0:
            span = (at, at + len(secret))
            found.append(Finding("disclosure", "stop", f"{secret}: no reference before the asker is verified", span))
    return found


def _discloses(said: Said, draft: Draft) -> bool:
    if said.type == "amount":
        return True
    if said.type != "date" or _is_in(said, draft.read.ours):
        return False
    return bool(said.topic) or not said.unit


def _promised(draft: Draft) -> list[Finding]:
    found = []
    for p in draft.promises:
        data = {"words": p.text, "what": p.what, "due_at": p.due.at.isoformat() if p.due else None, "ask": p.ask,
                "kind": p.kind, "keeps_kind": p.keeps_kind, "rule": p.due.rule if p.due else ""}  # fmt: skip
        words = f"Promise: {p.what}" if p.due else p.ask or f"Promise without a day: {p.what}"
        found.append(Finding("promise", "info" if p.due else "advice", words, (p.start, p.end), data))
    return found
