"""Every kind of event, declared once: its sentence, its body, what of its payload may leave the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.promises.saying import due_words

Data = Mapping[str, Any]


@dataclass(frozen=True)
class EventKind:
    """``title(payload, name)`` is the timeline sentence, where ``name`` is who did it."""

    name: str
    title: Callable[[Data, str], str]
    public: tuple[str, ...] = ()
    """Keys of the payload that programs may read."""
    body: str = ""
    """The payload key that holds the words to show under the title."""
    domain: str = "case"
    quiet: bool = False
    """Who saw what: kept for review, off the timeline, and no news to open pages."""


def _question(data: Data, name: str) -> str:
    title = str(data.get("title") or data.get("question") or "another question")
    return f"{name} added the question “{title}”" if data.get("added") else f"{name} changed the question to “{title}”"


def _state(data: Data, name: str) -> str:
    verb = {"closed": "closed the case", "waiting_customer": "is waiting for the customer"}
    return f"{name} {verb.get(str(data.get('state')), 'reopened the case')}"


def _opened(data: Data, name: str) -> str:
    return f"{name} opened the case"


def _came(data: Data, name: str) -> str:
    return f"{name or 'The customer'} wrote"


def _third(data: Data, name: str) -> str:
    return f"{data.get('sender_name') or data.get('sender') or 'Somebody else'} wrote, who is not the customer"


def _automatic(data: Data, name: str) -> str:
    return "A mail program answered by itself"


def _call(data: Data, name: str) -> str:
    if not data.get("reached", True):
        return f"{name} called the customer and did not reach them"
    said = f"{name} called the customer" if data.get("direction") == "out" else f"{name} took the customer's call"
    return f"{said} ({data['minutes']} min)" if data.get("minutes") else said


def _delivery(data: Data, name: str) -> str:
    return {
        "sent": "The e-mail left",
        "failed": "The e-mail could not be sent",
        "unknown": "The e-mail may or may not have left",
    }.get(str(data.get("delivery")), "The e-mail is queued again")


def _linked(data: Data, name: str) -> str:
    return f"Recognised as {data['name']}" if data.get("name") else "The customer was recognised"


def _one_or_two(data: Data, name: str) -> str:
    both = f"{data.get('name') or 'this customer'} and {data.get('other_name') or 'another customer'}"
    ended = data.get("ended")
    return f"{name} said that {both} are {'two people after all' if ended else 'one person'}"


def _settled(data: Data, name: str) -> str:
    return {
        "facts": "What the customer was told holds again",
        "correction": f"{name} put right what the customer had been told",
    }.get(str(data.get("how")), f"{name} settled what the customer had been told")


def _decided(data: Data, name: str) -> str:
    return f"{name} {'approved' if data.get('approved') else 'declined'} what was asked of " + str(
        data.get("source_title", "a source")
    )


def _ended(data: Data) -> str:
    where = str(data.get("source_title", "The source"))
    return {
        "done": f"{where} did it",
        "refused": f"{where} refused",
        "unknown": f"{where} may or may not have done it",
    }.get(str(data.get("outcome")), f"{where} could not be asked")


def _promise(data: Data) -> str:
    due = due_words(str(data.get("due_at", "")), str(data.get("zone", "UTC")))
    return ", ".join(part for part in (str(data.get("what", "")), due) if part)


def _many(ids: Any) -> str:
    return f"{len(ids)} promises" if isinstance(ids, list) and len(ids) > 1 else "a promise"


def _told(data: Data) -> str:
    names = [str(n) for n in data.get("to_names", ())]
    return f"{' and '.join(names)} {'were' if len(names) > 1 else 'was'}" if names else "Nobody could be"


_KINDS = [
    EventKind("case.opened", _opened, ("question", "refs", "channel", "state", "owner", "owner_name", "message",
              "mail", "sender", "sender_name", "reply_to", "files", "chosen", "evidence", "read"),
              "message"),
    EventKind("message.in", _came,
              ("text", "channel", "state", "author", "mail", "sender", "sender_name", "reply_to", "files", "read"),
              "text", "messages"),
    EventKind("message.third_party", _third,
              ("text", "channel", "state", "author", "mail", "sender", "sender_name", "reply_to", "files"),
              "text", "messages"),
    EventKind("message.automatic", _automatic, ("mail", "sender", "why"), "text", "messages"),
    EventKind("message.withdrawn", lambda d, n: f"{n} took the reply back before it left", ("statement", "state"),
              domain="messages"),
    EventKind("call.noted", _call, ("text", "direction", "reached", "minutes"), "text", "messages"),
    EventKind("message.out", lambda d, n: f"{n} replied",
              ("channel", "recipient", "answer_digest", "as_of", "claims", "helped"), domain="messages"),
    EventKind("told.broken", lambda d, n: "What the customer was told no longer holds",
              ("statement", "keys", "against", "state"), "text", "messages"),
    EventKind("told.settled", _settled, ("statement", "how", "by", "why"), "why", "messages"),
    EventKind("message.delivery", _delivery, ("statement", "delivery", "error", "state"), "error", "messages"),
    EventKind("note", lambda d, n: f"{n} noted", ("text",), "text"),
    EventKind("owner.changed", lambda d, n: f"{n} handed the case to {d.get('owner_name', 'a colleague')}",
              ("owner", "owner_name", "why"), "why"),
    EventKind("handover.offered", lambda d, n: f"{n} offered the case to {d.get('to_name', 'a colleague')}",
              ("offer", "from", "from_name", "to", "to_name", "team", "why", "expires_at"), "why"),
    EventKind("handover.accepted", lambda d, n: f"{n} took the case over from {d.get('from_name', 'a colleague')}",
              ("offer", "owner", "owner_name", "from_name", "team")),
    EventKind("handover.declined", lambda d, n: f"{n} did not take the case over", ("offer", "why"), "why"),
    EventKind("handover.expired", lambda d, n: f"Nobody took the case; it stays with {d.get('from_name', 'its owner')}",
              ("offer", "from_name")),
    EventKind("handover.withdrawn", lambda d, n: f"{n} took the offer back", ("offer", "why"), "why"),
    EventKind("state.changed", _state, ("state", "why"), "why"),
    EventKind("asker.verified", lambda d, n: f"{n} verified who is asking", ("how",), "how"),
    EventKind("ref.added", lambda d, n: f"{n} added {', '.join(d.get('refs', ()))}", ("refs",)),
    EventKind("question.changed", _question, ("question", "questions", "was", "added", "why"), "why"),
    EventKind("customer.linked", _linked, ("customer", "name")),
    EventKind("case.erased", lambda d, n: f"{n} had the content of this case erased", ("erasure",)),
    EventKind("customer.chosen", lambda d, n: f"{n} said that these are different people: this is "
              f"{d.get('name') or 'one customer'}’s case", ("customer", "name", "others", "why"), "why"),
    EventKind("customer.merged", _one_or_two, ("merge", "customer", "name", "other", "other_name", "why"), "why"),
    EventKind("customer.unmerged", lambda d, n: _one_or_two({**d, "ended": True}, n),
              ("merge", "customer", "name", "other", "other_name", "why"), "why"),
    EventKind("commitment.made", lambda d, n: f"{n} promised: {_promise(d)}",
              ("commitment", "what", "phrase", "due_at", "zone", "rule", "promise_owner", "promise_owner_name",
               "keeps_kind", "keeps_ref", "follows", "statement"), domain="promise"),
    EventKind("commitment.kept", lambda d, n: f"Promise kept: {d.get('what', '')}",
              ("commitment", "what", "why", "fact", "source"), "why", "promise"),
    EventKind("commitment.broken", lambda d, n: f"Promise not kept: {d.get('what', '')}",
              ("commitment", "what", "why"), "why", "promise"),
    EventKind("commitment.withdrawn", lambda d, n: f"{n} withdrew a promise: {d.get('what', '')}",
              ("commitment", "what", "why"), "why", "promise"),
    EventKind("commitment.renegotiated", lambda d, n: f"{n} agreed another time: {d.get('what', '')}",
              ("commitment", "what", "why", "told", "new_due_at", "statement"), "why", "promise"),
    EventKind("commitment.moved", lambda d, n: f"{d.get('promise_owner_name', 'A colleague')} answers for "
              f"{_many(d.get('commitments'))} now",
              ("commitments", "what", "promise_owner", "promise_owner_name", "why"), domain="promise"),
    EventKind("commitment.warned", lambda d, n: f"{_told(d)} reminded: {_promise(d)}",
              ("commitment", "what", "due_at", "zone", "to", "to_names"), domain="promise", quiet=True),
    EventKind("commitment.late", lambda d, n: f"Promise is late: {_promise(d)}",
              ("commitment", "what", "due_at", "zone", "to", "to_names"), domain="promise"),
    EventKind("commitment.escalated", lambda d, n: f"{_told(d)} told of the late promise: {d.get('what', '')}",
              ("commitment", "what", "due_at", "zone", "to", "to_names"), domain="promise"),
    EventKind("answer.changed", lambda d, n: "The answer changed",
              ("situation", "state", "headline", "digest", "was_situation", "was_state"), quiet=True),
    EventKind("action.asked", lambda d, n: f"{n} asked {d.get('source_title', 'a source')}: {d.get('confirm', '')}",
              ("action", "source", "source_title", "arguments", "confirm", "key"), domain="action"),
    EventKind("action.waiting", lambda d, n: f"{n} wants a second person’s yes: {d.get('confirm', '')}",
              ("action", "source", "source_title", "arguments", "confirm", "key", "amount", "limit"), "limit",
              "action"),
    EventKind("action.decided", _decided, ("action", "source", "source_title", "key", "approved", "why"), "why",
              "action"),
    EventKind("action.ended", lambda d, n: _ended(d),
              ("action", "source", "source_title", "outcome", "sentence", "key"), "sentence", "action"),
    EventKind("answer.shown", lambda d, n: f"{n} was shown an answer", ("digest", "situation", "as_of", "at"),
              quiet=True),
    EventKind("draft.warned", lambda d, n: f"{n} was warned of a contradiction before sending", (), quiet=True),
    EventKind("case.viewed", lambda d, n: f"{n} looked at the case", ("digest", "as_of", "at"), quiet=True),
    EventKind("review.sampled", lambda d, n: "A review was asked for", ("review",), quiet=True),
    EventKind("review.signed", lambda d, n: f"{n} signed off a review", ("review",), quiet=True),
    EventKind("review.answered", lambda d, n: f"{n} {'appealed against' if d.get('how') == 'appeal' else 'answered'} a "
              "review", ("review", "how"), quiet=True),
    EventKind("review.decided", lambda d, n: f"{n} decided an appeal against a review", ("review",), quiet=True),
]  # fmt: skip
EVENT_KINDS: Mapping[str, EventKind] = {k.name: k for k in _KINDS}
QUIET = frozenset(k.name for k in _KINDS if k.quiet)


def title(kind: str, data: Data | None, name: str) -> str:
    """The sentence of an event; one whose payload was erased says only what kind it was."""
    declared = EVENT_KINDS.get(kind)
    if declared is None or (data is None and not declared.quiet):
        return f"{kind.replace('.', ' ').capitalize()} (content erased)"
    return declared.title(data or {}, name or "Somebody")


def body(kind: str, data: Data | None) -> str:
    declared = EVENT_KINDS.get(kind)
    return str((data or {}).get(declared.body) or "") if declared and declared.body else ""


def public_payload(kind: str, data: Data | None) -> dict[str, Any]:
    """What of a payload programs may read."""
    declared = EVENT_KINDS.get(kind)
    return {k: data[k] for k in declared.public if k in data} if declared and data else {}
