"""Which case a letter belongs to, and whether its writer is the customer there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cases.mail import Letter
from cases.models import Case, InMail, OutboxMail
from cases.people import emails
from cases.selectors.case import case_view

_OURS = re.compile(r"^case-(\d{1,18})-statement-(\d{1,18})@")
"""How ids were made before they could not be guessed any more."""
_NUMBER = re.compile(r"\bcase\s{1,3}#?(\d{5,18})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """``known``: the writer is a participant of the case, so that their words are the customer's."""

    case: Case
    known: bool


def place_of(letter: Letter) -> Place | None:
    """By the ids of letters that it answers, nearest first; else by the number in its subject, which counts only where
    its writer is known in that case. None: it belongs to no case yet."""
    for id_ in letter.answers[:100]:
        case = case_of_id(id_)
        if case is not None:
            return Place(case, letter.sender in participants(case))
    if number := _NUMBER.search(letter.subject):
        case = Case.objects.filter(pk=int(number[1])).first()
        if case is not None and letter.sender in participants(case):
            return Place(case, True)
    return None


def case_of_id(message_id: str) -> Case | None:
    """The case of a letter of ours, or of one that came in, by its Message-ID."""
    ours = outgoing_of_id(message_id)
    if ours is not None:
        return ours.statement.case
    came = InMail.objects.filter(message_id=message_id, work__case__isnull=False).order_by("pk")
    mail = came.select_related("work__case").first()
    return mail.work.case if mail else None


def outgoing_of_id(message_id: str) -> OutboxMail | None:
    """Our own letter of this Message-ID."""
    rows = OutboxMail.objects.select_related("statement__case")
    found = rows.filter(message_id=message_id).first() if message_id else None
    old = _OURS.match(message_id)
    if found is None and old:
        found = rows.filter(message_id="", statement_id=int(old[2]), statement__case_id=int(old[1])).first()
    return found


def participants(case: Case) -> frozenset[str]:
    """The addresses from which the customer writes: the case's own and the person's. Who got a letter, or a copy of
    one, is none of them for that alone."""
    view = case_view(case=case)
    return frozenset(r.value for r in emails([*view.refs, *view.person.refs]))
