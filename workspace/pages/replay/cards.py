"""The two cards: what could be seen, and did they see it; what was said, claim by claim, and what came since."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.views import Backing, ClaimJudged, Judgement, Look, Replay
from workspace.pages.present import words
from workspace.pages.present.freshness import Fresh
from workspace.pages.present.panel import Panel, panel
from workspace.pages.present.telling import CHANNELS
from workspace.pages.replay.present import label

HELD = {
    "matches": ("check", "ok"), "differs": ("triangle-alert", "bad"), "unbacked": ("circle-alert", "warn"),
    "promise": ("clock", ""), "open": ("circle-dashed", ""),
}  # fmt: skip
TURNS = {
    "kept": ("check", "ok"), "true": ("check", "ok"), "false": ("triangle-alert", "bad"), "late": ("clock", "warn"),
    "broken": ("x", "bad"), "ended": ("history", ""), "due": ("clock", ""),
}  # fmt: skip
_HELLO = re.compile(r"^(?:hello|hi|dear)\b[^\n]{0,80},\s*\n+", re.I)
_REGARDS = re.compile(r"\n+(?:kind regards|best regards|regards|yours sincerely|sincerely)\b[\s\S]{0,120}$", re.I)
LEAD = 300


@dataclass(frozen=True)
class See:
    """What the page showed at the moment. ``seen`` says whether its reader had it open."""

    who: str
    panel: Panel
    seen: str
    seen_well: bool
    others: tuple[Look, ...]
    recorded: str


@dataclass(frozen=True)
class Line:
    """One claim: an icon, the words, how they stand, and how old what they rested on was."""

    icon: str
    look: str
    words: str
    text: str
    fresh: Fresh | None = None
    known: str = ""
    why: str = ""


@dataclass(frozen=True)
class Said:
    who: str
    judgement: Judgement
    when: str
    channel: str
    lead: str
    cut: bool
    """Whether the card shows only the beginning of the words."""
    lines: tuple[Line, ...]
    since: tuple[Line, ...]
    here: bool
    """Whether the replayed moment is that of this message."""


def see(replay: Replay) -> See:
    id_, who = _reader(replay)
    mine = next((look for look in replay.looks if look.actor == id_), None)
    others = tuple(look for look in replay.looks if look is not mine)
    return See(words.first_name(who) or "The owner", _at_rest(replay, panel(replay.view)), _seen(who, mine, replay),
               bool(mine and mine.same), others, _recorded(replay))  # fmt: skip


def _closed_at(replay: Replay) -> datetime | None:
    """When a case was closed that is looked at as it stands now: from then on nobody asks its sources."""
    if not replay.is_now or replay.view.state != "closed":
        return None
    return max((e.at for e in replay.view.events if e.kind == "state.changed"), default=None)


def _at_rest(replay: Replay, shown: Panel) -> Panel:
    """Of a closed case, without alarm that its facts grow old."""
    closed = _closed_at(replay)
    if closed is None:
        return shown
    calm = Fresh("fixed", f"not asked since {words.short_day(closed, replay.view.at)}", closed)
    old = ("late", "stale")
    cells = (replace(c, fresh=calm) if c.fresh and c.fresh.status in old else c for c in shown.cells)
    return replace(shown, cells=tuple(cells))


def _reader(replay: Replay) -> tuple[str, str]:
    """Whose screen it was, id and name: the writer's, where the moment is that of a message, else the owner's."""
    judged = replay.judgement
    if judged and _is_here(replay, judged):
        return next(e.actor for e in replay.now.events if e.id == judged.event), judged.by
    return str(replay.view.owner.id), replay.view.owner.name


def _is_here(replay: Replay, judged: Judgement) -> bool:
    """The moment belongs to the last message until something else happens."""
    entry = replay.stops[replay.at_stop].entry if replay.stops else None
    return entry is not None and (entry.id == f"e{judged.event}" or entry.learned_at == judged.at)


def _seen(who: str, mine: Look | None, replay: Replay) -> str:
    name = words.first_name(who) or "The owner"
    if mine is None:
        return f"Nothing says that {name} had the case open by then."
    at = label(mine.at, replay.view.at)
    if mine.same:
        return f"{name} had this answer open, {at}."
    tail = f" The answer then: “{mine.headline}”" if mine.headline else " The answer then was another one."
    return f"{name} last looked {at}.{tail}"


def _recorded(replay: Replay) -> str:
    closed, found = _closed_at(replay), replay.recorded
    if closed is not None:
        return f"Closed {label(closed, replay.view.at)}: sources have not been asked about it since."
    if found is None:
        return "No answer had been shown to anybody by then: this is what the page would have said."
    if not found.current:
        return "The facts had moved on since anybody last looked: this is what the page would have said."
    return ""


def said(replay: Replay) -> Said | None:
    judged = replay.judgement
    if judged is None:
        return None
    lead = " ".join(_REGARDS.sub("", _HELLO.sub("", judged.words)).split())
    lead = lead[:1].upper() + lead[1:]
    return Said(
        words.first_name(judged.by) or "a colleague", judged, label(judged.at, replay.now.at),
        CHANNELS.get(judged.channel, judged.channel), lead if len(lead) <= LEAD else f"{lead[: LEAD - 1].rstrip()}…",
        len(lead) > LEAD or "\n" in judged.words, tuple(map(_line, judged.claims)),
        tuple(_since(c) for c in judged.claims if c.since), _is_here(replay, judged),
    )  # fmt: skip


def _line(claim: ClaimJudged) -> Line:
    icon, look = HELD[claim.held]
    return Line(icon, look, claim.words, claim.text, _fresh(claim.backing), claim.known, claim.why)


def _since(claim: ClaimJudged) -> Line:
    assert claim.since
    icon, look = TURNS[claim.since.turn]
    return Line(icon, look, claim.words, claim.since.text)


def _fresh(backing: Sequence[Backing]) -> Fresh | None:
    """The youngest of what it rested on, against its limit, as it was when the words were sent."""
    aged = [b for b in backing if b.age_s is not None]
    if not aged:
        return Fresh("fixed", backing[0].title) if backing else None
    one = min(aged, key=lambda b: b.age_s or 0)
    age = words.span(one.age_s or 0)
    if one.within:
        return Fresh("on_time", f"{age} old")
    return Fresh("late", f"{age} old, limit {words.span(one.limit_s or 0)}")


def headline(replay: Replay) -> str:
    """The page in a sentence."""
    if replay.view.erased:
        return f"What is kept of case {replay.view.reference}"
    if replay.judgement is not None:
        return replay.judgement.sentence
    name = replay.view.person.first_name or "the customer"
    return f"Nothing had been said to {name} by {words.short_day(replay.view.as_of, replay.now.at)}."


def question(replay: Replay) -> str:
    """The same while the system's own verdict is kept back."""
    judged = replay.judgement
    if judged is None or replay.view.erased:
        return headline(replay)
    name, day = words.first_name(judged.by), words.short_day(judged.at, replay.now.at)
    return f"Was {f'{name}’s' if name else 'the'} reply of {day} right for what was known?"


def shown_digest(replay: Replay) -> str:
    """Of the answer on the page."""
    found = replay.recorded
    return found.digest if found and found.current else replay.today.digest


def spaced(digest: str) -> str:
    """The beginning of a digest, fit to be read aloud: ``4f9c 1e2a 77b0``."""
    return " ".join(digest[i : i + 4] for i in range(0, 12, 4))
