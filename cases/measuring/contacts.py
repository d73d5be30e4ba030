"""How often customers had to come back about the same matter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cases.measuring.catalogue import REPEAT_DAYS
from cases.measuring.shapes import Happened, History, Seen

WITHIN = timedelta(days=REPEAT_DAYS)


def contacts(history: History) -> Iterator[Seen]:
    """One for each time the customer came, unless they only go on before we have replied or answer our question."""
    back = {e.data.get("statement") for e in history.events if e.kind == "message.withdrawn"}
    waiting, asked, replied = False, False, None
    for event in history.events:
        if event.kind == "message.out" and event.statement not in back:
            waiting, asked, replied = False, event.data.get("helped") == "question", event.at
        elif event.kind == "call.noted" and event.data.get("direction") == "out" and event.data.get("reached", True):
            waiting, asked, replied = False, False, event.at
        elif event.case_state == "waiting_customer":
            asked = True
        elif _came(event):
            if not waiting and not asked:
                yield Seen("repeat_contacts", f"e{event.id}", event, int(_repeats(event, replied, history)))
            waiting, asked = True, False


def _came(event: Happened) -> bool:
    if event.kind == "case.opened":
        return bool(event.data.get("message"))
    return event.kind == "message.in" or (event.kind == "call.noted" and event.data.get("direction") == "in")


def _repeats(event: Happened, replied: datetime | None, history: History) -> bool:
    if replied is not None and event.at - replied <= WITHIN:
        return True
    return any(
        one.at <= event.at <= one.at + WITHIN and one.known_from <= event.at and one.helped != "question"
        and not (one.withdrawn_at and one.withdrawn_at <= event.at)
        for one in history.elsewhere
    )  # fmt: skip
