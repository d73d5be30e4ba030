"""What the customer says, what the customer is told, and what colleagues note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from cases.actors import Actor
from cases.chain import told_digest
from cases.drafts import read_reply
from cases.errors import AnswerChanged, BadInput, NeedsReason, NotToBeTold
from cases.measuring.noting import sent_notes
from cases.models import Case, Event, OutboxMail, Statement
from cases.people import emails
from cases.promises.shapes import Promised
from cases.selectors.case import case_view
from cases.selectors.telling import said_knowingly, view_check
from cases.services.drafting import draft_clear, draft_warned, meanwhile_check
from cases.services.follow import case_follow
from cases.services.owning import owner_ensure
from cases.services.promising import commitments_from_statement
from cases.services.reading import words_read
from cases.services.record import case_locked, event_add
from cases.services.telling import statements_settle
from cases.told import DraftCheck
from cases.told.holding import Told
from cases.views import CaseView
from cases.words import channel_clean, email_clean, words_clean
from connectors.host.services import clock_tick, refs_intern
from connectors.sdk import Ref


def message_receive(
    *, case: Case, text: str, actor: Actor | None = None, channel: str, third_party: bool = False,
    details: Mapping[str, Any] | None = None, also: Callable[[Case, Event], None] | None = None,
) -> Event:  # fmt: skip
    """The customer wrote, or a ``third_party`` in their matter. A case that is closed or waits for them is open again.

    ``details`` go into the event's payload; ``also`` is done in the same transaction. Raises BadWords.
    """
    text = words_clean(text)
    channel_clean(channel)
    with case_locked(case) as locked:
        data = {**(details or {}), "text": text, "channel": channel}
        if not third_party:
            data["read"] = words_read(text)
        if locked.state != "open":
            owner_ensure(locked)
            locked.state = data["state"] = "open"
            locked.save(update_fields=["state"])
        kind = "message.third_party" if third_party else "message.in"
        event = event_add(locked, kind, actor or Actor.customer(), data)
        if also is not None:
            also(locked, event)
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
    copies: Sequence[Mapping[str, str]] = (), undo_s: int = 0, since_seq: int | None = None,
    settles: Sequence[int] = (),
) -> Statement:  # fmt: skip
    """Tell the customer something. ``answer_digest`` is of the answer that the writer saw.

    ``kept`` gives a reason for each finding that needs one, ``{key, why}``; ``promises`` are those that the writer
    confirmed; ``copies`` are further recipients, ``{ref, how}`` with how = cc or bcc; a letter leaves ``undo_s``
    seconds later; ``since_seq`` is the last event that the writer has seen: a reply that another sent after it is read
    first (RepliedMeanwhile); ``settles`` are ids of earlier statements that this message puts right.

    Where the answer has changed since, nothing is sent: AnswerChanged carries the new answer, its draft and the
    text. Claims are recorded where their sentence stands in the text unchanged; the rest are unchecked words.
    An empty ``recipient`` is the person's only known e-mail address. Raises BadWords, BadRef, BadInput, NotToBeTold,
    NeedsReason.
    """
    text = words_clean(text)
    channel_clean(channel)
    try:
        statement, locked = _sent(
            case, text, answer_digest, recipient, actor, channel, kept, promises, copies, undo_s, since_seq, settles
        )
    except (NeedsReason, NotToBeTold) as refused:
        draft_warned(case=case, check=refused.check, actor=actor)
        raise
    case_follow(locked)
    return statement


def _sent(
    case: Case, text: str, answer_digest: str, recipient: Ref | str, actor: Actor, channel: str,
    kept: Sequence[Mapping[str, str]], promises: Sequence[Promised], copies: Sequence[Mapping[str, str]], undo_s: int,
    since_seq: int | None, settles: Sequence[int],
) -> tuple[Statement, Case]:  # fmt: skip
    with case_locked(case) as locked:
        view = case_view(case=locked)
        meanwhile_check(view=view, since_seq=since_seq, actor=actor, text=text)
        if answer_digest != view.answer.digest:
            raise AnswerChanged(view.answer, view.draft, text)
        check = _allowed(view, text, kept, author=actor.id if actor.kind == "person" else None)
        to = _recipient(view, recipient, channel)
        copied = [{"ref": str(email_clean(c["ref"])), "how": "bcc" if c.get("how") == "bcc" else "cc"} for c in copies]
        recipients = [*([{"ref": str(to), "how": "to"}] if to else []), *copied]
        statement = _statement(locked, view, check, to, actor, channel, _reasons(check, kept), recipients, undo_s)
        commitments_from_statement(case=locked, view=view, statement=statement, promises=promises, actor=actor)
        statements_settle(locked, view, statement, actor, settles)
        if actor.kind == "person":
            draft_clear(case=locked, author=actor.id)
    return statement, locked


def _allowed(view: CaseView, text: str, kept: Sequence[Mapping[str, str]], author: str | None) -> DraftCheck:
    """The draft's check, where it may go out. Raises NotToBeTold, NeedsReason."""
    check = view_check(view, text, author)
    if check.stops:
        raise NotToBeTold(
            "Nothing was sent: the asker is not verified, and this says "
            + "; ".join(f.text.split(":")[0] for f in check.stops[:3]) + ". Verify who is asking, or leave it out.",
            check,
        )  # fmt: skip
    missing = check.missing(tuple(kept))
    if missing:
        raise NeedsReason(
            "Nothing was sent: " + "; ".join(f.text for f in missing[:3])
            + ". Correct it, or keep it and say why.", check,
        )  # fmt: skip
    return check


def _reasons(check: DraftCheck, kept: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """What the writer was warned of and sent all the same, each once."""
    why = {str(k.get("key")): words_clean(k.get("why", ""), field="why", limit=2000) for k in kept if k.get("why")}
    found = {f.key: {"key": f.key, "warning": f.text, "why": why[f.key]} for f in check.unanswered if f.key in why}
    return list(found.values())


def _statement(
    case: Case, view: CaseView, check: DraftCheck, to: Ref | None, actor: Actor, channel: str,
    kept: list[dict[str, str]], recipients: list[dict[str, str]], undo_s: int,
) -> Statement:  # fmt: skip
    read = read_reply(check.text, view.answer.draft)
    claims = [c.as_json() for c in read.claims]
    at = clock_tick()
    said = [s.as_json() for s in said_knowingly(view, Told(0, at, check.text, check.said))]
    more = {"said": said, "kept": kept, "helped": check.helped, "recipients": recipients}
    event = event_add(
        case, "message.out", actor,
        {"channel": channel, "recipient": str(to or ""), "recipient_known": to is None or to in view.person.refs or
         to in view.refs, "verified": bool(view.verified), "claims": [c["key"] for c in claims],
         "answer_digest": view.answer.digest, "as_of": view.as_of.isoformat(), "helped": check.helped,
         "told_digest": told_digest(check.text, claims, read.unchecked, more),
         **sent_notes(view, check, claims)}, at,
    )  # fmt: skip
    statement = Statement.objects.create(
        case=case, event=event, words=check.text, channel=channel, recipient_id=refs_intern([to])[to] if to else None,
        actor_kind=actor.kind, actor=actor.id, at=at, claims=claims, unchecked=list(read.unchecked),
        answer_digest=view.answer.digest, as_of=view.as_of, **more,
    )  # fmt: skip
    if channel == "email":
        subject = f"Your question to us (case {case.reference})"
        OutboxMail.objects.create(statement=statement, subject=subject, due_at=at + timedelta(seconds=undo_s))
    return statement


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
