"""The talk column: who asks, their last words, the draft reply and what it rests on, and the order's own facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.views import CaseView, MailView
from connectors.host.views import FactView
from workspace.pages.present import titles, words
from workspace.pages.present.panel import Cell

MAIL_WORDS = {
    "queued": "waiting to leave", "sending": "leaving now", "sent": "sent", "failed": "could not be sent",
    "unknown": "may have been sent; not tried again",
    "withdrawn": "taken back",
}  # fmt: skip


CHANNEL_WORDS = {
    "chat": "in chat", "email": "by e-mail", "web": "on the web", "phone": "by phone", "letter": "by letter",
    "api": "through a program",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One row of the order's facts; ``when`` is printed after the text."""

    label: str
    text: str
    when: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Talk:
    name: str
    first: str
    initials: str
    about: str
    waited: str
    draft: str
    sent: bool
    """The draft has gone out as it stands: it is not offered again until the answer or the asker says more."""
    uses: tuple[Cell, ...]
    heading: str
    lines: tuple[Line, ...]
    recipients: tuple[str, ...]
    mail: MailView | None
    channel: str

    @property
    def mail_words(self) -> str:
        return MAIL_WORDS.get(self.mail.state, "") if self.mail else ""


def talk(view: CaseView, cells: tuple[Cell, ...], reading: bool = False) -> Talk:
    """While the sources are still being read for the first time there is no answer yet to make a draft from."""
    name = view.person.name or "The customer"
    emails = _emails(view)
    return Talk(
        name=name,
        first=view.person.first_name or "the customer",
        initials=view.person.initials or words.initials(name),
        about=next((e for e in emails if e != view.person.name), ""),
        waited=words.waited(view.waiting_since, view.at) if view.waiting_since else "",
        draft="" if reading or _sent(view) else view.draft,
        sent=_sent(view),
        uses=_uses(view, cells),
        heading=_heading(view),
        lines=tuple(_lines(view)),
        recipients=emails,
        channel=CHANNEL_WORDS.get(view.channel, view.channel),
        mail=max(view.mails, key=lambda m: m.statement_id, default=None),
    )


def signed_by(view: CaseView, name: str) -> str:
    """The draft, signed by who would send it: a colleague does not write in the owner's name."""
    words, signature = view.draft, f"\n{view.owner.name}"
    return words.removesuffix(signature) + f"\n{name}" if words.endswith(signature) else words


def _sent(view: CaseView) -> bool:
    last = max((e for e in view.events if e.kind in ("message.in", "message.out")), key=lambda e: e.seq, default=None)
    return last is not None and last.kind == "message.out" and last.body.split() == view.draft.split() != []


def _emails(view: CaseView) -> tuple[str, ...]:
    found = [r.value for r in (*view.refs, *view.person.refs, *view.evidence.refs) if r.scheme == "email"]
    return tuple(dict.fromkeys(found))


def _uses(view: CaseView, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    if view.verified is None:
        return ()
    rests_on = {f for c in view.answer.draft for f in c.facts}
    keys = {c.key for c in view.answer.draft}
    return tuple(
        cell for cell in cells if cell.number and any(
            c.claim.key in keys or rests_on & set(c.claim.facts) for c in cell.cited
        )
    )  # fmt: skip


def _heading(view: CaseView) -> str:
    if view.answer.state == "choose":
        return "What we know"
    for scheme, label in (("order", "Order"), ("return", "Return"), ("payment", "Payment")):
        found = next((r.value for r in view.evidence.refs if r.scheme == scheme), None)
        if found:
            return f"{label} {found}"
    return "What we know"


def _first(view: CaseView, *kinds: str) -> FactView | None:
    return next(iter(view.evidence.of(*kinds)), None)


def _lines(view: CaseView) -> list[Line]:
    order, paid = _first(view, "order.placed"), _first(view, "payment.captured")
    refund = _first(view, "refund.paid")
    found: list[Line] = []
    if view.answer.state == "choose":
        return found
    if order and titles.items(order.data):
        found.append(Line("Item", titles.items(order.data)))
    if paid:
        found.append(Line("Paid", words.money(paid.data.get("amount")), paid.occurred, paid.url))
        if titles.paid_with(paid.data):
            found.append(Line("With", titles.paid_with(paid.data)))
    elif order:
        found.append(Line("Total", words.money(order.data.get("total")), order.occurred, order.url))
    if refund:
        found.append(Line("Refunded", words.money(refund.data.get("amount")), refund.occurred, refund.url))
    returned = _first(view, "return.requested", "return.received", "return.inspected")
    if returned and returned.ref("return"):
        found.append(Line("Return", str(returned.ref("return")), None, returned.url))
    return found
