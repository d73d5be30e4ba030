"""What became of a claim or a promise after it was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cases.judging.wording import later, stamp
from cases.told.matching import gone, match
from cases.told.shapes import Known, Said
from cases.views import PromiseView, ToldView
from cases.views.judging import Since
from connectors.host.views import FactView

if TYPE_CHECKING:
    from cases.judging.judge import Now, Then

GRAVEST = ("false", "broken", "late", "due", "ended", "true", "kept")


def worse(found: Iterable[Since | None]) -> Since | None:
    """Of several things that became of one sentence, the one that matters most."""
    return min((s for s in found if s), key=lambda s: GRAVEST.index(s.turn), default=None)


def said_since(said: Said, told: ToldView, then: Then, now: Now | None) -> Since | None:
    """Whether later facts made it false, or true where it was open or not backed; None where nothing changed."""
    if now is None:
        return None
    held = match(said, now.known, told=told.at)
    before = match(said, then.known, told=told.at)
    against = [c for c in held.against if c.key not in said.against]
    if held.standing == "contradicted" and against and before.standing != "contradicted":
        one = against[0]
        return Since("false", f"no longer so, {held.by or 'the facts'} now say{_s(held.by)} {one.text}",
                     _learned(one.facts, now.facts))  # fmt: skip
    if gone(said, held, set(now.facts), bool(now.evidence.cut)):
        return Since("false", "the source has taken back what it rested on")
    return _came(said, told, before.standing, held.standing == "backed", held.facts, now)


def _s(by: str) -> str:
    return "s" if by else ""


def _came(
    said: Said, told: ToldView, before: str, backed: bool, facts: tuple[int, ...], now: Now
) -> Since | None:
    """What was expected, or backed by nothing, and has come."""
    if said.mode == "will" and said.type == "status" and said.value == "yes" and not said.hedged:
        done = [k for k in now.known if _is(k, said)]
        facts, backed = tuple(f for k in done for f in k.facts), bool(done)
    elif before == "backed" and said.mode == "was":
        return None
    at = _learned(facts, now.facts)
    if not backed or at is None or at <= told.at:
        return None
    first = min((now.facts[f] for f in facts if f in now.facts), key=lambda f: f.learned_at)
    when = first.occurred or first.learned_at
    happened = later(when - told.at) if when > told.at else f"learned {later(at - told.at)}"
    return Since("true", f"came true: {first.source_title}, {happened}", when)


def _is(k: Known, said: Said) -> bool:
    same = k.type == "status" and k.topic == said.topic and k.value == "yes" and k.mode == "was"
    return same and (not said.ref or said.ref in k.refs)


def _learned(facts: Iterable[int], known: Mapping[int, FactView]) -> datetime | None:
    """When the first of these facts was learned."""
    return min((known[f].learned_at for f in facts if f in known), default=None)


# -- promises -------------------------------------------------------------------------------------------
def promise_since(promise: PromiseView, facts: Mapping[int, FactView], at: datetime) -> Since:
    """What became of a promise by ``at``."""
    why = str(promise.evidence.get("why") or "")
    fact = facts.get(int(promise.evidence.get("fact") or 0))
    if promise.state == "kept":
        when = (fact.occurred if fact and fact.occurred else None) or promise.ended_at or at
        done = fact.said.split(",")[0] if fact else ""
        how = f"{done[:1].lower()}{done[1:]} {later(when - promise.made_at)}" if done else later(when - promise.made_at)
        in_time = when <= promise.due_at
        words = f"{'kept' if in_time else 'kept late'}, {how}{f': {why}' if why and not done else ''}"
        return Since("kept" if in_time else "late", words, when)
    if promise.state == "broken":
        return Since("broken", f"not kept{f': {why}' if why else ''}", promise.ended_at)
    if promise.state in ("withdrawn", "renegotiated"):
        word = "taken back" if promise.state == "withdrawn" else "another time was agreed"
        return Since("ended", f"{word}{f': {why}' if why else ''}", promise.ended_at)
    if promise.is_late(at):
        return Since("late", f"late, it was due {stamp(promise.due_at, promise.zone)}", promise.due_at)
    return Since("due", f"open, due {stamp(promise.due_at, promise.zone)}")
