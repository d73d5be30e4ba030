"""What the customer says, what the customer is told, and what colleagues note."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from cases.actors import Actor
from cases.chain import canonical
from cases.drafts import Reading, read_reply
from cases.errors import AnswerChanged, BadInput
from cases.models import Case, Event, OutboxMail, Statement
from cases.people import emails
from cases.promises.shapes import Promised
from cases.selectors.case import case_view
from cases.services.follow import case_follow
from cases.services.record import case_locked, event_add
from cases.views import CaseView
from cases.words import channel_clean, email_clean, words_clean
from connectors.host.services import clock_tick, refs_intern
from connectors.sdk import Ref


def message_receive(*, case: Case, text: str, actor: Actor | None = None, channel: str) -> Event:
    """The customer wrote. A case that is closed or waits for them is open again. Raises BadWords."""
    text = words_clean(text)
    channel_clean(channel)
    with case_locked(case) as locked:
        data = {"text": text, "channel": channel}
        if locked.state != "open":
            locked.state = data["state"] = "open"
            locked.save(update_fields=["state"])
        event = event_add(locked, "message.in", actor or Actor.customer(), data)
    case_follow(locked)
    return event


def note_add(*, case: Case, text: str, actor: Actor) -> Event:
    """Something for colleagues; the customer never sees it. Raises BadWords."""
    text = words_clean(text)
    with case_locked(case) as locked:
        return event_add(locked, "note", actor, {"text": text})


def message_send(
    *, case: Case, text: str, answer_digest: str, recipient: Ref | str = "", actor: Actor, channel: str = "email",
    kept: Sequence[Mapping[str, str]] = (), promises: Sequence[Promised] = (),
    copies: Sequence[Mapping[str, str]] = (), undo_s: int = 0,
) -> Statement:  # fmt: skip
    """Tell the customer something. ``answer_digest`` is of the answer that the writer saw.

    ``kept`` gives a reason for each finding that needs one, ``{key, why}``; ``promises`` are those that the writer
    confirmed; ``copies`` are further recipients, ``{ref, how}`` with how = cc or bcc; a letter leaves ``undo_s``
    seconds later.

    Where the answer has changed since, nothing is sent: AnswerChanged carries the new answer, its draft and the
    text. Claims are recorded where their sentence stands in the text unchanged; the rest are unchecked words.
    An empty ``recipient`` is the person's only known e-mail address. Raises BadWords, BadRef, BadInput, NotToBeTold,
    NeedsReason.
    """
    text = words_clean(text)
    channel_clean(channel)
    with case_locked(case) as locked:
        view = case_view(case=locked)
        if answer_digest != view.answer.digest:
            raise AnswerChanged(view.answer, view.draft, text)
        to = _recipient(view, recipient, channel)
        ref_id = refs_intern([to])[to] if to else None
        statement = _statement(locked, view, read_reply(text, view.answer.draft), text, to, ref_id, actor, channel)
    case_follow(locked)
    return statement


def _statement(
    case: Case, view: CaseView, read: Reading, text: str, to: Ref | None, ref_id: int | None, actor: Actor, channel: str
) -> Statement:
    claims = [c.as_json() for c in read.claims]
    known = to is None or to in view.person.refs or to in view.refs
    at = clock_tick()
    event = event_add(
        case, "message.out", actor,
        {"channel": channel, "recipient": str(to or ""), "recipient_known": known, "verified": bool(view.verified),
         "claims": [c["key"] for c in claims], "answer_digest": view.answer.digest, "as_of": view.as_of.isoformat(),
         "told_digest": told_digest(text, claims, read.unchecked)}, at,
    )  # fmt: skip
    statement = Statement.objects.create(
        case=case, event=event, words=text, channel=channel, recipient_id=ref_id, actor_kind=actor.kind,
        actor=actor.id, at=at, claims=claims, unchecked=list(read.unchecked), answer_digest=view.answer.digest,
        as_of=view.as_of,
    )  # fmt: skip
    if channel == "email":
        subject = f"Your question to us (case {case.reference})"
        OutboxMail.objects.create(statement=statement, subject=subject, due_at=at)
    return statement


def told_digest(words: str, claims: list[dict[str, object]], unchecked: object) -> str:
    """What ties a Statement to its event, and so to the chain: over its words, claims and unchecked words."""
    return hashlib.sha256(canonical([words, claims, unchecked]).encode()).hexdigest()


def _recipient(view: CaseView, recipient: Ref | str, channel: str) -> Ref | None:
    if recipient:
        return email_clean(recipient) if channel == "email" else _as_ref(recipient)
    if channel != "email":
        return None
    known = emails([*view.refs, *view.person.refs])
    if len(known) != 1:
        raise BadInput(
            "Say which e-mail address to write to: "
            + (f"{len(known)} are known." if known else "none is known for this case."),
            "recipient",
        )
    return known[0]


def _as_ref(recipient: Ref | str) -> Ref:
    try:
        return recipient if isinstance(recipient, Ref) else Ref.parse(recipient)
    except ValueError as error:
        raise BadInput(str(error), "recipient") from error
