"""How judgements are said: who, which day, how much later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cases import formats
from cases.told.reading import zone_of
from cases.views.judging import Backing, ClaimJudged, Verdict

LIMIT = 140


def reply_of(by: str) -> str:
    """``Tom’s reply``."""
    first = by.split()[0] if by.split() else ""
    return f"{first}’s reply" if first else "The reply"


def verdict_of(claims: Sequence[ClaimJudged]) -> Verdict:
    """The gravest word that fits: what differed, then what nothing backed, then what was old."""
    held = {c.held for c in claims}
    if "differs" in held:
        return "differed"
    if "unbacked" in held:
        return "unbacked"
    if "matches" not in held:
        return "nothing"
    return "aged" if any(c.aged for c in claims if c.held == "matches") else "matched"


def sentence_of(verdict: Verdict, by: str, at: datetime, zone: str, claims: Sequence[ClaimJudged]) -> str:
    """A verdict as the headline says it."""
    reply, day = reply_of(by), formats.short_day(at.astimezone(zone_of(zone)).date())
    if verdict == "differed":
        return f"{reply} differed from what we knew on {day}."
    if verdict == "unbacked":
        return f"Part of {reply[:1].lower() + reply[1:] if reply.startswith('The ') else reply} had nothing behind " \
               f"it on {day}."  # fmt: skip
    if verdict == "aged":
        titles = {b.title for c in claims if c.aged for b in c.backing}
        return f"{reply} matched what we knew on {day}, but {joined(sorted(titles))} had not been asked in time."
    if verdict == "nothing":
        return f"{reply} of {day} claimed nothing that can be checked."
    return f"{reply} matched what we knew on {day}."


def matches(backing: Sequence[Backing], by: str) -> str:
    titles = list(dict.fromkeys(b.title for b in backing))
    return f"matches {joined(titles) or by or 'what was known'}"


def joined(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def later(gone: timedelta) -> str:
    """``36 minutes later``; the largest unit alone."""
    seconds = max(0, int(gone.total_seconds()))
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            n = seconds // size
            return f"{n} {word}{'' if n == 1 else 's'} later"
    return "a moment later"


def stamp(at: datetime, zone: str) -> str:
    """``Wed 18 Nov 17:00``."""
    there = at.astimezone(zone_of(zone))
    return f"{formats.day(there.date())} {there:%H:%M}"


def short(words: str) -> str:
    text = " ".join(words.split())
    return text if len(text) <= LIMIT else text[: LIMIT - 1].rstrip() + "…"
