"""Words of the sources pages: states, ages and the one sentence on top."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.host.selectors import SourceHealth
from connectors.sdk.transport import LaneState
from workspace.pages.present import words

NUMBERS = "no one two three four five six seven eight nine ten".split()


@dataclass(frozen=True)
class Look:
    """A state as it is shown: always a shape and a word, then a colour."""

    word: str
    icon: str
    look: str


STATES = {
    "on_time": Look("On time", "circle-check", "ok"),
    "idle": Look("On time", "circle-check", "ok"),
    "retrying": Look("Trying again", "refresh-cw", "warn"),
    "late": Look("Late", "triangle-alert", "warn"),
    "stale": Look("Stale", "triangle-alert", "bad"),
    "down": Look("Down", "cloud-off", "bad"),
    "refused": Look("Refused", "lock", "bad"),
    "paused": Look("Paused", "pause", ""),
    "never": Look("Not read yet", "circle-dashed", ""),
}
UNASKED = Look("Not asked yet", "circle-dashed", "")
TELLS = Look("Tells us by itself", "circle-dashed", "")
SILENT = Look("Nothing yet", "circle-dashed", "")
UNREADABLE = Look("Can’t be read", "triangle-alert", "bad")
MARKS = {
    "finance": ("finance", "landmark"), "warehouse": ("warehouse", "warehouse"), "policy": ("policy", "scale"),
    "messages": ("messages", "message-circle"), "delivery": ("delivery", "truck"), "order": ("shop", "shopping-bag"),
}  # fmt: skip
ERRORS = {
    "rate_limited": "asked to slow down", "in_trouble": "in trouble itself", "unreachable": "no answer",
    "refused": "refused", "malformed": "can’t be read",
}  # fmt: skip
WHY = {
    "rate_limited": "asks us to slow down", "in_trouble": "is in trouble", "unreachable": "does not answer",
    "refused": "refuses what we ask", "malformed": "sends what can’t be read",
}  # fmt: skip
DELIVERIES = {
    "waiting": Look("Waiting", "clock", ""), "done": Look("Done", "circle-check", "ok"),
    "failed": Look("Tried again", "triangle-alert", "warn"), "dead": Look("Needs you", "circle-alert", "bad"),
}  # fmt: skip
RUNS = {
    "waiting": Look("Waiting", "clock", ""), "running": Look("Running", "refresh-cw", ""),
    "paused": Look("Paused", "pause", ""), "done": Look("Done", "circle-check", "ok"),
    "failed": Look("Failed", "circle-alert", "bad"), "cancelled": Look("Cancelled", "x", ""),
}  # fmt: skip
LEVELS = {
    "info": Look("Info", "info", "n"), "warn": Look("Warn", "triangle-alert", "w"),
    "error": Look("Error", "circle-alert", "e"),
}  # fmt: skip


def look(health: SourceHealth) -> Look:
    """How its state is shown. A source that answers, but not readably, is not shown as down."""
    if health.state == "down" and health.error == "malformed":
        return UNREADABLE
    if only_tells(health):
        return SILENT if silent(health) else TELLS
    return UNASKED if health.state == "never" and health.poll_s is None else STATES[health.state]


def only_tells(health: SourceHealth) -> bool:
    """Whether nothing was asked because nothing can be: its facts come by themselves."""
    return health.tells and health.state == "never"


def silent(health: SourceHealth) -> bool:
    """Whether nothing has come yet from a source that is never asked."""
    return health.tells and health.last_event_at is None and health.delivered_at is None


def rests(lane: LaneState, *, polled: bool = False) -> str:
    """``Not asked until 14:03:10: 6 of the last 10 calls failed.``; empty where it is asked as usual. A source that is
    polled is still polled: then it is cases that do not ask it."""
    until = f" until {words.clock(lane.rests_until, seconds=True)}" if lane.rests_until else ""
    if lane.breaker == "closed" and not until:
        return ""
    subject = "No case asks it" if polled else "Not asked"
    if lane.breaker == "closed":
        return f"{subject}{until}: it asked us to wait."
    why = f"{lane.failed} of the last {lane.calls} calls failed"
    return f"{subject}{until}: {why}." if until else f"The next call is a trial: {why}."


def mark(domain: str) -> tuple[str, str]:
    """The look and the icon of a domain's mark."""
    return MARKS.get(domain, ("delivery", "inbox"))


def long_span(seconds: float) -> str:
    """``47 minutes``, ``1 hour``, ``9 seconds``."""
    number, unit = words.span(seconds).split()
    name = {"s": "second", "min": "minute", "h": "hour", "days": "day"}[unit]
    return f"{number} {name}{'' if number == '1' else 's'}"


def span(seconds: float) -> str:
    """A limit or a period: ``30 min``, ``1.5 s``, ``2 h``."""
    if seconds < 10 and seconds != int(seconds):
        return f"{seconds:g} s"
    if 60 <= seconds < 3600 and seconds % 60:
        return f"{int(seconds)} s" if seconds < 120 else f"{seconds / 60:.3g} min"
    return words.span(seconds)


def bytes_said(n: int) -> str:
    """``412 kB``, ``100 MB``."""
    for unit, size in (("MB", 1_048_576), ("kB", 1024)):
        if n >= size:
            return f"{n / size:.3g} {unit}" if n < 10 * size else f"{n // size} {unit}"
    return f"{n} byte{'' if n == 1 else 's'}"


def seconds_of(text: str) -> float:
    """``30 s``, ``5 min``, ``2 h``, ``1 day`` in seconds. Raises ValueError, with a sentence."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?)?\s*", text.lower())
    if found is None:
        raise ValueError("Write a time such as 30 s, 5 min or 2 h.")
    unit = {"s": 1, "m": 60, "h": 3600, "d": 86400}[(found[2] or "s")[0]]
    return float(found[1].replace(",", ".")) * unit


def ways(health: SourceHealth) -> str:
    """How its facts come: ``polled each 3 s, asked when needed``."""
    said = {"pushed": "tells us by itself"}
    if health.poll_s is not None:
        said["polled"] = f"polled each {span(health.poll_s)}"
    else:
        said["asked"] = "asked when needed"
    return ", ".join(said[way] for way in health.ways if way in said)


def headline(found: Sequence[SourceHealth]) -> str:
    """What needs somebody, why, and that nothing is lost, in one sentence; and that the others do not, in another."""
    if not found:
        return "No source is connected yet"
    troubled = [h for h in found if h.needs_you]
    resting = [h for h in found if h.level == "calm" and not h.needs_you]
    fine = len(found) - len(troubled) - len(resting)
    parts = []
    whole = all(h.not_lost.startswith("Nothing is lost") or _only_dead(h) for h in troubled)
    kept = "; nothing is lost." if whole else "."
    if len(troubled) > 3:
        parts.append(f"{count_words(len(troubled)).capitalize()} of {count_words(len(found))} sources need you{kept}")
    elif troubled:
        parts.append(_joined([_trouble(h) for h in troubled]) + kept)
    parts += [_resting(h) for h in resting]
    if fine and parts:
        parts.append(f"The other {count_words(fine)} are on time." if fine > 1 else "The other one is on time.")
    elif fine == 1:
        parts.append(f"{found[0].title} is on time." if found[0].state != "never" else found[0].cause)
    elif fine:
        parts.append("Both sources are on time." if fine == 2 else f"All {count_words(fine)} sources are on time.")
    return " ".join(parts)


def _only_dead(h: SourceHealth) -> bool:
    """It fares well, but deliveries of it wait for somebody."""
    return h.level in ("ok", "calm")


def _resting(h: SourceHealth) -> str:
    return {
        "paused": f"{h.title} is paused.", "retrying": f"{h.title} failed just now and is tried again.",
    }.get(h.state, f"{h.title} has not been read yet.")  # fmt: skip


def _trouble(h: SourceHealth) -> str:
    if _only_dead(h):
        dead = h.deliveries["dead"]
        return f"{h.title} has {_deliveries(dead)} that need{'s' if dead == 1 else ''} you"
    late = h.age_s is not None and h.age_s > h.limit_s and h.poll_s is not None
    said = [WHY[h.error]] if h.error in WHY else []
    said += [f"is {long_span(h.age_s or 0)} behind"] if late or not said else []
    return f"{h.title} {' and '.join(said)}"


def _deliveries(n: int) -> str:
    return f"{n} deliver{'y' if n == 1 else 'ies'}"


def count_words(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


def _joined(parts: list[str]) -> str:
    return ", and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def uses(count: int | None, title: str) -> str:
    """How many open cases rest on a source; None where nobody counted."""
    if count is None:
        return ""
    if count == 0:
        return f"No open case uses facts of {title}."
    if count == 1:
        return f"1 open case uses facts of {title}, and says how old they are."
    return f"{count} open cases use facts of {title}, and say how old they are."
