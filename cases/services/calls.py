"""Phone calls, as somebody notes them."""

from __future__ import annotations

from cases.actors import Actor
from cases.errors import BadInput
from cases.models import Case, Event
from cases.selectors.case import case_view
from cases.services.record import case_locked, event_add
from cases.words import words_clean
from connectors.sdk import Ref

MAX_MINUTES = 600


def call_note(
    *, case: Case, text: str, actor: Actor, direction: str = "in", reached: bool = True, minutes: int | None = None
) -> Event:
    """A phone call with the customer, or (not ``reached``) a try at one: what was said, as the caller notes it.

    It changes nothing else: what the customer asked for is handed in as their message, what they were told as a reply.
    Raises BadWords, BadInput.
    """
    text = words_clean(text)
    if direction not in ("in", "out"):
        raise BadInput("Say who called: 'in' (the customer) or 'out' (we).", "direction")
    if minutes is not None and not 0 <= minutes <= MAX_MINUTES:
        raise BadInput(f"A call takes 0 to {MAX_MINUTES} minutes.", "minutes")
    with case_locked(case) as locked:
        data = {"text": text, "direction": direction, "reached": reached, "minutes": minutes}
        return event_add(locked, "call.noted", actor, data)


def writer_known(*, case: Case, writer: Ref | str) -> bool:
    """True where this reference (an address, a source's customer id) is the customer's in this case. Raises
    BadInput."""
    try:
        ref = writer if isinstance(writer, Ref) else Ref.parse(writer)
    except ValueError as error:
        raise BadInput(str(error), "author_ref") from error
    view = case_view(case=case)
    return ref in (*view.refs, *view.person.refs)
