"""What state a source is in, and that state in words: the cause, what to do, and what is not lost."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from connectors.host.selectors.askings import SourceRow

State = Literal["on_time", "idle", "retrying", "late", "stale", "down", "refused", "paused", "never"]
Level = Literal["ok", "calm", "warn", "bad"]

LEVELS: dict[State, Level] = {
    "on_time": "ok", "idle": "ok", "never": "calm", "paused": "calm", "retrying": "calm", "late": "warn",
    "stale": "bad", "down": "bad", "refused": "bad",
}  # fmt: skip
ERRORS = ("rate_limited", "in_trouble", "unreachable", "refused", "malformed")
"""Classes of failed checks: asked to slow down (429), 5xx, no answer, will not, can't be read."""


def error_class(outcome: str, reason: str) -> str:
    """The class of one failed check, from its outcome and sentence."""
    if "(429)" in reason or "asked us to wait" in reason:
        return "rate_limited"
    return "in_trouble" if "is in trouble (5" in reason else outcome


def state_of(row: SourceRow, age_s: float | None, error: str) -> State:
    """``error`` is the class of its latest failure, empty where the latest check was fine."""
    limit = row.limit.total_seconds()
    if row.paused_since:
        return "paused"
    if error == "refused":
        return "refused"
    if error and (age_s is None or (age_s > limit and error != "rate_limited")):
        return "down"
    if age_s is None:
        return "never"
    if age_s > limit and (error or row.poll_s):
        return "stale" if age_s > 2 * limit else "late"
    if error:
        return "retrying"
    return "on_time" if row.poll_s or age_s <= limit else "idle"


def cause_of(row: SourceRow, state: State, error: str, *, silent: bool | None = None) -> str:
    """One short sentence, without its times: those stand beside it. ``silent``, of a source that is never asked:
    whether nothing has come from it yet."""
    title = row.title
    if state == "paused":
        return row.paused_why or f"{title} is paused."
    if error:
        return {
            "rate_limited": f"{title} asks us to slow down.",
            "in_trouble": f"{title} is in trouble itself.",
            "unreachable": f"{title} does not answer.",
            "refused": f"{title} refuses what we ask.",
            "malformed": f"{title} sends what its connector can’t read.",
        }.get(error, f"{title} fails.")
    if silent is not None:
        return f"Nothing has arrived from {title} yet." if silent else f"{title} tells us by itself."
    return {
        "late": f"{title} has not been read in time.",
        "stale": f"{title} has not been read in time.",
        "never": f"{title} has not been {'read' if row.poll_s else 'asked'} yet.",
        "idle": f"{title} is asked when a case needs it, and answered the last time.",
    }.get(state, f"{title} is on time.")


def todo_of(state: State, error: str, polled: bool) -> str:
    """What happens next, or what a person should do; empty where nothing is to be done."""
    if state == "paused":
        return "It is not asked until somebody resumes it."
    if error == "refused":
        return "This does not mend by itself: look at its settings, its key and the rights of its account."
    if error == "malformed":
        return "Look at what it sent in the log. It may have changed; its connector then needs a change too."
    if error == "rate_limited":
        return "We wait as long as it asks for, then go on."
    if error:
        return "It is tried again by itself." if polled else "It is asked again with the next case that needs it."
    if state in ("late", "stale"):
        return "No poll has ended and none has failed: look whether a worker runs."
    return ""


def not_lost_of(row: SourceRow, state: State, cursor: str | None, receives: bool) -> str:
    """What stays whole although it fails; empty where nothing is wrong."""
    if LEVELS[state] == "ok":
        return ""
    if state == "never":
        return "Facts show as soon as it has been read." if row.poll_s else ""
    parts = []
    if row.poll_s is not None and cursor is not None:
        parts.append("Reading goes on from where it stopped.")
    elif row.poll_s is not None:
        parts.append("Reading begins as soon as it answers.")
    if receives:
        parts.append("Deliveries are kept" + (" and wait." if state == "paused" else "."))
    parts.append("The last facts are still shown, with their age.")
    return "Nothing is lost. " + " ".join(parts)


def since_of(row: SourceRow, state: State, polled_at: datetime | None) -> datetime | None:
    """Since when it is in this state, as far as that is a thing to say."""
    if state == "paused":
        return row.paused_since
    if row.bad_since:
        return row.bad_since
    return polled_at + row.limit if polled_at and state in ("late", "stale") else None
