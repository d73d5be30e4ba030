"""A small cast for page tests: Maya's return as the record would show it, built by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cases.answers import Answer, Choice, Claim, Gap, Next, Step, Text, Value, Witness, text
from cases.views import CaseView, EventView, Owner, PersonView, QueueItem, TimelineEntry, Verified
from connectors.host.views import CheckView, Evidence, FactView, SourceView
from connectors.sdk import Ref

AT = datetime(2026, 11, 19, 14, 6, 20, tzinfo=UTC)
EUR = {"amount": "84.90", "currency": "EUR"}
CARD = {"brand": "visa", "last4": "4417"}
ORDER, RETURN, REFUND, MAYA = (
    Ref("order", "48-1193"),
    Ref("return", "RMA-77120"),
    Ref("refund", "re_3QTx8Lm"),
    Ref("email", "maya@example.com"),
)
BANK_REFERENCE = "74430011632209185571204"


def at(day: int, clock: str = "00:00:00") -> datetime:
    hour, minute, second = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def fact(number: int, kind: str, data: dict[str, Any], domain: str, when: datetime | None, **more: Any) -> FactView:
    source = {"finance": "Stripe", "warehouse": "Warehouse", "policy": "Policies", "order": "Shop"}.get(domain, "Posti")
    learned = more.pop("learned_at", (when or AT) + timedelta(seconds=2))
    made = FactView(
        id=number, kind=kind, data=data, refs=(ORDER, RETURN, REFUND), source=source.lower(), source_title=source,
        domain=domain, record_type=kind.split(".")[0], record_id=f"r{number}", occurred=when, day=None,
        precision="instant" if when else "unknown", sort_at=when or learned, learned_at=learned, superseded_at=None,
        version=1, how="poll", implied=False, said=kind, url="", confirmed_at=AT - timedelta(seconds=9), zone="UTC",
    )  # fmt: skip
    return replace(made, **more)


def source(name: str, domain: str, status: str = "live", age: int = 9, limit: int = 30, **more: Any) -> SourceView:
    made = SourceView(
        name=name.lower(), title=name, domain=domain, connector="demo", limit=timedelta(minutes=limit),
        status=status, checked_at=AT - timedelta(seconds=age), age_s=age, took_ms=40, since=None, reason="",  # type: ignore[arg-type]
        asked=True, complete=True,
    )  # fmt: skip
    return replace(made, **more)


POLICY = {
    "document": "RF-12", "title": "Returns and refunds", "version": "4", "in_force_from": "2026-10-01",
    "refund_days": 3, "bank_days": {"card": [5, 10]},
}  # fmt: skip
ITEMS = [{"name": "Merino base layer, M", "quantity": 1}]
PAID_BACK = {"amount": EUR, "card": CARD, "bank_reference": BANK_REFERENCE}
FACTS = (
    fact(1, "refund.paid", PAID_BACK, "finance", at(17, "09:12:44"),
         url="https://finance.example/refunds/re_3QTx8Lm", how="push"),
    fact(2, "refund.approved", {"amount": EUR}, "finance", at(16, "10:44:00")),
    fact(3, "return.inspected", {"result": "passed", "grade": "A"}, "warehouse", at(16, "10:41:00")),
    fact(4, "return.received", {"items": ITEMS}, "warehouse", None,
         day=date(2026, 11, 13), precision="day", sort_at=at(13, "23:59:59"), learned_at=at(13, "16:49:00")),
    fact(5, "return.requested", {"items": ITEMS}, "order", at(9, "18:20:00")),
    fact(6, "payment.captured", {"amount": EUR, "method": "card", "card": CARD}, "finance", at(2, "19:03:10")),
    fact(7, "order.placed", {"number": "48-1193", "total": EUR, "items": ITEMS},
         "order", at(2, "19:03:00")),
    fact(8, "policy.refunds", POLICY, "policy", at(1)),
)  # fmt: skip
SOURCES = (
    source("Stripe", "finance"), source("Warehouse", "warehouse", "late", 47 * 60),
    source("Policies", "policy", "fixed", 300), source("Shop", "order", "on_time", 360),
)  # fmt: skip


def entry(f: FactView) -> TimelineEntry:
    return TimelineEntry(
        type="fact", id=f"f{f.id}", kind=f.kind, title=f.said, body="", occurred=f.occurred or f.day,
        occurred_precision=f.precision, learned_at=f.learned_at, sort_at=f.sort_at, source=f.source,
        source_title=f.source_title, domain=f.domain, refs=tuple(map(str, f.refs)), data=f.data, version=f.version,
        stale=False, url=f.url, how=f.how, lag=f.learned_at - f.occurred if f.occurred else None,
    )  # fmt: skip


def event_entry(e: EventView) -> TimelineEntry:
    return TimelineEntry(
        type="event", id=f"e{e.id}", kind=e.kind, title=e.title, body=e.body, occurred=e.at,
        occurred_precision="instant", learned_at=e.at, sort_at=e.at, source="case", source_title="Chat",
        domain=e.domain, refs=(), data=e.data or {}, version=1, stale=False, actor_kind=e.actor_kind,
        actor_name=e.actor_name,
    )  # fmt: skip


ASKED = "Hi! I sent the base layer back last week. Where is my refund?"
EVENTS = (
    EventView(2, 2, "message.in", "Maya asked", ASKED, "customer", "", "Maya Lindqvist", at(19, "14:04:00"),
              "messages", {}),
    EventView(1, 1, "message.out", "Tom Brandt replied", "Yes, we have it. We will inspect it within two working days.",
              "person", "2", "Tom Brandt", at(16, "10:05:00"), "messages", {}),
)  # fmt: skip


def value(kind: str, raw: str, printed: str, number: int = 1, pointer: str = "/occurred") -> Value:
    return Value(kind, raw, printed, fact=number, pointer=pointer)  # type: ignore[arg-type]


AMOUNT = value("amount", "84.90", "€84.90", 1, "/amount/amount")
SENT = value("date", "2026-11-17", "Tue 17 Nov")
BANK = Value("date_range", "2026-11-24/2026-12-01", "24 Nov – 1 Dec", rule="business_days", inputs=({"fact": 1},))
WHERE = value("text", "visa 4417", "Visa ending 4417", 1, "/card/last4")


def _step(key: str, label: str, state: str, raw: str, printed: str) -> Step:
    return Step(key, text(label), state, text("{d}", d=value("date", raw, printed)))  # type: ignore[arg-type]


CLAIMS = (
    Claim("refund.paid", text("Stripe sent {a}; refund succeeded.", a=AMOUNT), "finance", (1,)),
    Claim("return.inspected", text("Received {d}, passed inspection {e}.", d=value("date", "2026-11-13", "13 Nov", 4),
          e=value("date", "2026-11-16", "16 Nov", 3)), "warehouse", (4, 3)),
    Claim("bank.days", text("Banks take {n} working days to post.", n=value("text", "5/10", "5 to 10", 8)), "policy",
          (8,)),
)  # fmt: skip
PAID = Answer(
    question="refund-status", rules="1", state="answered", situation="paid",
    headline=text("{a} went back to Maya’s Visa on {d}. The bank should show it between {f} and {t}.", a=AMOUNT, d=SENT,
                  f=value("date", "2026-11-24", "24 Nov"), t=value("date", "2026-12-01", "1 Dec")),
    steps=(_step("received", "Parcel received", "done", "2026-11-13", "13 Nov"),
           _step("inspected", "Inspected", "done", "2026-11-16", "16 Nov"),
           _step("approved", "Approved", "done", "2026-11-16", "16 Nov"),
           _step("sent", "Sent to bank", "now", "2026-11-17", "17 Nov"),
           Step("arrived", text("In Maya’s account"), "todo", text("{b}", b=BANK))),
    claims=CLAIMS, next=Next(text("Maya’s bank posts the refund"), "bank", text("Expected {b}", b=BANK)),
    details={"bank_reference": value("ref", BANK_REFERENCE, BANK_REFERENCE, 1, "/bank_reference"), "card": WHERE},
    draft=(CLAIMS[0], CLAIMS[2]), draft_unverified=(Text(("Your refund is on its way.",)),),
    hint=text("{p}: don’t promise a day before {d}.", p=value("ref", "RF-12 §3", "RF-12 §3", 8),
              d=value("date", "2026-11-24", "24 Nov")),
)  # fmt: skip
DRAFT = (
    "Hi Maya, we sent your refund of €84.90 to your Visa ending 4417 on Tuesday 17 November. Banks usually take 5 to "
    "10 working days, so it should show between 24 November and 1 December.\n\nIf it hasn’t, give your bank this "
    f"reference: {BANK_REFERENCE}."
)


def view(answer: Answer = PAID, **more: Any) -> CaseView:
    """Maya's case; keyword arguments replace parts of it."""
    sources = more.pop("sources", SOURCES)
    facts = more.pop("facts", FACTS)
    evidence = Evidence((ORDER, MAYA), (ORDER, RETURN, REFUND, MAYA), facts, (), sources, AT, AT)
    rows = sorted([*map(entry, facts), *map(event_entry, EVENTS)], key=lambda e: (e.sort_at, e.id), reverse=True)
    made = CaseView(
        id=20418, reference="20418", state="open", channel="chat", opened_at=at(19, "14:04:00"),
        owner=Owner(1, "Dana Okafor"), person=PersonView("Maya Lindqvist", "ML", (MAYA,)), question="refund-status",
        question_title="Where is my refund?", questions=("refund-status",), asked=ASKED, asked_at=at(19, "14:04:00"),
        waiting_since=at(19, "14:04:00"), refs=(ORDER, MAYA), verified=Verified("signed_in", "Dana Okafor", AT),
        events=EVENTS, evidence=evidence, answer=answer, draft=DRAFT, as_of=AT, at=AT, live=True, timeline=tuple(rows),
    )  # fmt: skip
    return replace(made, **more)


def _queued(reference: str, person: str, minutes: int, asked: str, label: str) -> QueueItem:
    since = AT - timedelta(minutes=minutes)
    return QueueItem(reference, person, person[:1], "refund-status", asked, "open", "paid", "answered", label, asked,
                     "Dana Okafor", 1, since, since, None, AT)  # fmt: skip


QUEUE = (
    _queued("20418", "Maya Lindqvist", 2, "Where is my refund?", "Answer ready"),
    _queued("20417", "Owen Baptiste", 11, "Parcel says delivered, not here", "Answer ready"),
    _queued("20416", "Kofi Mensah", 26, "Charged twice?", "Sources disagree"),
    _queued("20415", "Ines Carvalho", 34, "Change the delivery address", "Needs your decision"),
    _queued("20414", "Lars Holm", 61, "Please cancel my order", "Partly known"),
    _queued("20413", "Priya Nair", 130, "Torn zip after a month", "Waiting for customer"),
)


def paid() -> CaseView:
    return view()


def late_note() -> CaseView:
    note = "It can’t change this answer: inspection is finished and the money has left."
    gap = Gap("warehouse", "Warehouse", "warehouse", "Its feed is late.", can_change=False, note=note)
    return view(replace(PAID, gaps=(gap,)))


def unverified() -> CaseView:
    return view(verified=None, draft="Hello,\n\nYour refund is on its way.")


def reading() -> CaseView:
    sources = tuple(replace(s, status="waiting", checked_at=None, age_s=None) for s in SOURCES[:3])
    silent = Answer("refund-status", "1", "unknown", "nothing_found", text("Nothing is known yet."))
    return view(silent, facts=(), sources=sources, draft="", verified=None)


def source_down() -> CaseView:
    since = AT - timedelta(minutes=8)
    sources = (replace(SOURCES[0], status="down", since=since, reason="No answer"), *SOURCES[1:])
    answer = Answer(
        question="refund-status", rules="1", state="partial", situation="approved",
        headline=text("Policy says a refund is due by {d}. We can’t confirm that it was sent.",
                      d=value("date", "2026-11-19", "19 Nov", 8)),
        steps=PAID.steps[:3], claims=CLAIMS[1:], flags=("source_down",),
        gaps=(Gap("stripe", "Stripe", "finance", "No answer", since, text("no refund on this order")),),
    )  # fmt: skip
    return view(answer, facts=FACTS[2:], sources=sources, draft="", verified=None)


def disagree() -> CaseView:
    answer = Answer(
        question="refund-status", rules="1", state="conflict", situation="sources_disagree",
        headline=text("Don’t answer yet: two sources disagree on the refund."), claims=CLAIMS[2:],
        witnesses=(Witness("stripe", "Stripe", "finance", text("No refund on this order")),
                   Witness("warehouse", "Warehouse", "warehouse", text("“Refunded” on {d}",
                           d=value("date", "2026-11-16", "16 Nov", 3)), (3,))),
        next=Next(text("Ask finance which one is right"), "finance"),
    )  # fmt: skip
    return view(answer, draft="")


def nothing_found() -> CaseView:
    answer = Answer(
        "refund-status", "1", "answered", "nothing_found",
        text("No return on order {o}.", o=value("ref", "48-1193", "48-1193", 7, "/number")),
        claims=(Claim("return.none", text("The warehouse has no return."), "warehouse", (), (1,)),),
    )  # fmt: skip
    check = CheckView(1, "warehouse", "Warehouse", "warehouse", ORDER, AT, "nothing", True, ("return",), 40, False, "")
    made = view(answer, facts=FACTS[5:], sources=tuple(replace(s, status="live", age_s=9) for s in SOURCES))
    return replace(made, evidence=replace(made.evidence, checks=(check,)))


def which_one() -> CaseView:
    choices = tuple(
        Choice(f"return:RMA-7712{n}", text("{r}, requested {d}", r=value("ref", "r", f"RMA-7712{n}", 5),
               d=value("date", f"2026-11-0{n + 1}", f"{n + 1} Nov", 5))) for n in (0, 4, 7)
    )  # fmt: skip
    headline = text("Three returns are open. Ask which one is meant.")
    answer = Answer("refund-status", "1", "choose", "which_one", headline, choices=choices)
    return view(answer, draft="", verified=None)


ALL = (paid, late_note, unverified, reading, source_down, disagree, nothing_found, which_one)
STATES = {made.__name__: made for made in ALL}
