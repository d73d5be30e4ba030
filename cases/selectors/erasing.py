"""What an erasure would take, what stands against it, and what was done: reads only."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from cases.errors import CaseNotFound
from cases.models import ActionRun, Case, Commitment, Erasure, ErasureRequest, LegalHold, OutboxMail
from cases.retention.needles import identifying, personal_values, telling
from cases.retention.policy import MONEY, BadPolicy, Policy, policy_read
from cases.views.retention import Against, ErasureView, HoldView, Plan, RequestView
from connectors.host.selectors import moment
from connectors.host.selectors.erasing import HeldFact, facts_held, imports_naming, refs_of_facts, rows_named
from connectors.sdk import Ref
from customers.selectors import customers_by_numbers, customers_by_refs, customers_search
from customers.views import CustomerView

WORDS = {
    "case": ("case", "cases"), "event": ("event’s words", "events’ words"), "statement": ("statement", "statements"),
    "letter": ("letter", "letters"), "fact": ("fact version", "fact versions"), "raw": ("raw row", "raw rows"),
    "delivery": ("delivery", "deliveries"), "check": ("asking’s details", "askings’ details"),
    "log": ("entry of a source’s log", "entries of sources’ logs"), "ref": ("reference", "references"),
}  # fmt: skip
SHOWN = 50
_MENTIONS = """
SELECT p.event_id, e.case_id FROM cases_eventpayload p JOIN cases_event e ON e.id = p.event_id
WHERE e.case_id <> ALL (%s) AND erasure_named(p.data::text, %s) ORDER BY 1
"""


def policy() -> Policy:
    """The rules of retention in force. Raises BadPolicy."""
    return policy_read(settings.RETENTION_FILE or None)


def policy_problem() -> str:
    """Why the rules of retention can't be read; empty where they can."""
    try:
        policy()
    except BadPolicy as error:
        return str(error)
    return ""


def erasure_plan(*, customer: int, decisions: Mapping[str, str] | None = None, at: datetime | None = None) -> Plan:
    """What erasing this customer would take now, and what stands against it: the dry run. Raises CaseNotFound.

    ``decisions`` are what was decided so far, by the key of what stands against it.
    """
    decided, now = dict(decisions or {}), at or moment()[1]
    members, name = _people(customer)
    rows = _reach(members)
    facts = facts_held(rows["fact"])
    kept, rules = [], policy()
    for fact in facts:
        until = rules.duty_of(fact.kind)
        if fact.current and until and fact.at + until > now and set(fact.data) & set(MONEY):
            kept.append(fact)
    carried = refs_of_facts([f.id for f in kept])
    stay = {id_ for refs in carried.values() for id_, scheme, value in refs if Ref(scheme, value).is_matter}
    needles = tuple(sorted(_identifying(rows["ref"], facts, members, name)))
    strong = tuple(n for n in needles if "@" in n or " " in n or n[:1] == "+" or "." in n)
    found = rows_named(needles=needles, facts=rows["fact"], refs=rows["ref"]) if needles else {}
    rows["ref"] -= stay
    for what, ids in found.items():
        rows.setdefault(what, set()).update(ids)
    mentions = _mentions(rows["case"], strong)
    if decided.get("mentions") == "erase":
        _take(rows, mentions)
    against = _against(rows["case"], members, mentions, needles, decided)
    whole = {what: tuple(sorted(ids)) for what, ids in rows.items()}
    return Plan(
        customer=customer, name=name, members=tuple(members), rows=whole,
        counts=tuple((words[len(some) > 1], len(some)) for what, words in WORDS.items() if (some := whole.get(what))),
        kept=_kept_words(kept, rules), kept_ids=tuple(f.id for f in kept), against=tuple(against),
        shared=_shared(members), cases=whole["case"], needles=needles, digest=_digest(whole, kept),
    )  # fmt: skip


def customer_named(text: str) -> int:
    """The customer of this number or reference. Raises CaseNotFound, also where several share the reference."""
    text = text.strip()
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    try:
        found = customers_by_refs([Ref.parse(text if ":" in text else f"email:{text}")], moment()[0])
    except ValueError as error:
        raise CaseNotFound(str(error)) from None
    if len(found) != 1:
        many = "Several customers share" if found else "No customer has"
        raise CaseNotFound(f"{many} {text[:80]}. Give the customer’s number.")
    return found[0].id


def customers_found(q: str) -> tuple[CustomerView, ...]:
    """Whom these words may mean: a customer's number, a reference, an e-mail, or words of a name."""
    q = q.strip()
    if q.isascii() and q.isdigit() and len(q) <= 18:
        found = customers_by_numbers([int(q)])
        if found:
            return found
    if "@" in q or ":" in q:
        try:
            return customers_by_refs([Ref.parse(q if ":" in q else f"email:{q}")], moment()[0])
        except ValueError:
            return ()
    return customers_search(q)


def requests_list(state: str = "") -> tuple[RequestView, ...]:
    """Requests for erasure, newest first."""
    rows = ErasureRequest.objects.select_related("asked_by", "decided_by", "customer").order_by("-pk")
    rows = rows.filter(state=state) if state else rows
    done = {e.request_id: e for e in Erasure.objects.filter(request__in=[r.pk for r in rows[:SHOWN]])}
    return tuple(_request(r, done.get(r.pk)) for r in rows[:SHOWN])


def request_get(id: int) -> RequestView:
    """One request. Raises CaseNotFound."""
    row = ErasureRequest.objects.select_related("asked_by", "decided_by", "customer").filter(pk=id).first()
    if row is None:
        raise CaseNotFound(f"There is no request {id} for erasure.")
    return _request(row, Erasure.objects.filter(request=row).first())


def customer_erased(customer: int) -> bool:
    """Whether this customer was erased, and nothing has been joined to them since."""
    sql = """SELECT EXISTS (SELECT FROM cases_erasurerequest q
            WHERE q.state = 'done' AND q.customer_id = ANY (erasure_members(%(c)s)))
        AND NOT EXISTS (SELECT FROM customers_identity i JOIN host_refvalue v ON v.id = i.ref_id
            WHERE i.customer_id = %(c)s AND v.value NOT LIKE 'erased-%%')"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"c": customer})
        return bool(cursor.fetchone()[0])


def erasures_list(limit: int = SHOWN) -> tuple[ErasureView, ...]:
    """What was erased, by request and by rule, newest first."""
    rows = Erasure.objects.order_by("-pk")[:limit]
    names = _names(x for row in rows for x in (row.asked_by, row.done_by))
    return tuple(
        ErasureView(
            e.pk, e.at, e.rule or "customer", names.get(e.asked_by, ""), names.get(e.done_by, ""), e.why, e.counts or {}
        )
        for e in rows
    )  # fmt: skip


def holds_list() -> tuple[HoldView, ...]:
    """Legal holds that stand, newest first."""
    rows = LegalHold.objects.filter(lifted_at=None).select_related("by", "customer").order_by("-pk")
    return tuple(HoldView(h.pk, h.customer_id, h.customer.name, h.why, _name(h.by), h.at) for h in rows[:SHOWN])


# -- what there is ---------------------------------------------------------------------------------------
def _people(customer: int) -> tuple[list[int], str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, erasure_members(id) FROM customers_customer WHERE id = %s", [customer])
        found = cursor.fetchone()
    if found is None:
        raise CaseNotFound(f"There is no customer {customer}.")
    return list(found[1]), found[0]


def _reach(members: Sequence[int]) -> dict[str, set[int]]:
    kinds = ("fact", "ref", "raw", "case", "event", "statement", "letter")
    found: dict[str, set[int]] = {what: set() for what in kinds}
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, id FROM erasure_reach(%s)", [list(members)])
        for what, id_ in cursor.fetchall():
            found[what].add(id_)
    return found


def _identifying(refs: Iterable[int], facts: Sequence[HeldFact], members: Sequence[int], name: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT scheme, value FROM host_refvalue WHERE id = ANY (%s)", [list(refs)])
        found = {value for scheme, value in cursor.fetchall() if identifying(scheme, value)}
        cursor.execute("SELECT name FROM customers_customer WHERE id = ANY (%s)", [list(members)])
        names = {row[0] for row in cursor.fetchall()} | {name}
    for fact in facts:
        found |= personal_values(fact.data)
    return found | {n for n in names if telling(n)}


def _mentions(cases: Iterable[int], needles: Sequence[str]) -> list[tuple[int, int]]:
    """Events of other people's cases that name them: ``(event, case)``."""
    if not needles:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_MENTIONS, [list(cases), list(needles)])
        return list(cursor.fetchall())


def _take(rows: dict[str, set[int]], mentions: Sequence[tuple[int, int]]) -> None:
    events = [event for event, _ in mentions]
    rows["event"].update(events)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_statement WHERE event_id = ANY (%s)", [events])
        rows["statement"].update(r[0] for r in cursor.fetchall())
        cursor.execute("SELECT mail_id FROM cases_inmailwork WHERE event_id = ANY (%s)", [events])
        rows["letter"].update(r[0] for r in cursor.fetchall())


# -- what stands against it ------------------------------------------------------------------------------
def _against(
    cases: Iterable[int], members: Sequence[int], mentions: Sequence[tuple[int, int]], needles: Sequence[str],
    decided: Mapping[str, str],
) -> Iterable[Against]:  # fmt: skip
    ids = list(cases)
    for hold in LegalHold.objects.filter(customer__in=members, lifted_at=None):
        yield Against("hold", f"A legal hold of {hold.at:%-d %B %Y} stands: it must be lifted first.")
    open_ = Case.objects.filter(pk__in=ids).exclude(state="closed").order_by("pk").values_list("pk", flat=True)
    if open_:
        yield _choice("cases", f"{_many(len(open_), 'case')} still open: {_listed(open_)}.",
                      [("close", "Close them now")], decided)  # fmt: skip
    owed = Commitment.objects.filter(case__in=ids, state="open").order_by("pk").values_list("case_id", flat=True)
    if owed:
        yield _choice("promises", f"{_many(len(owed), 'promise')} still open, in case {_listed(sorted(set(owed)))}.",
                      [("withdraw", "They are no longer owed")], decided)  # fmt: skip
    if leaving := OutboxMail.objects.filter(statement__case__in=ids, state__in=("queued", "sending")).count():
        yield Against("letters", f"{_many(leaving, 'letter')} on the way out. Wait until it has left.")
    if asked := ActionRun.objects.filter(case__in=ids, state__in=("waiting", "asked")).count():
        yield Against("actions", f"{_many(asked, 'thing')} asked of sources and not done yet. Wait for the end.")
    if files := imports_naming(needles) if needles else []:
        yield Against("imports", f"{_many(len(files), 'imported file')} still to be read and names them. End it.")
    if mentions:
        where = _listed(sorted({case for _, case in mentions}))
        times = "once" if len(mentions) == 1 else f"{len(mentions)} times"
        choices = [
            ("leave", "Leave them: that is somebody else’s history"),
            ("erase", "Erase the words of those events"),
        ]
        yield _choice("mentions", f"They are named in other people’s cases, {times}: {where}.", choices, decided)


def _choice(key: str, sentence: str, choices: Sequence[tuple[str, str]], decided: Mapping[str, str]) -> Against:
    value = decided.get(key, "")
    return Against(key, sentence, tuple(choices), value if value in dict(choices) else "")


def _many(count: int, noun: str) -> str:
    return f"1 {noun} is" if count == 1 else f"{count} {noun}s are"


def _listed(ids: Iterable[int]) -> str:
    some = list(ids)
    return ", ".join(map(str, some[:10])) + (f" and {len(some) - 10} more" if len(some) > 10 else "")


def _kept_words(kept: Sequence[HeldFact], rules: Policy) -> tuple[tuple[str, int, str], ...]:
    last: dict[str, datetime] = {}
    for fact in kept:
        until = fact.at + (rules.duty_of(fact.kind) or fact.at - fact.at)
        last[fact.kind] = max(until, last.get(fact.kind, until))
    many = Counter(f.kind for f in kept)
    return tuple((kind, many[kind], f"{last[kind]:%-d %B %Y}") for kind in sorted(many))


def _shared(members: Sequence[int]) -> tuple[str, ...]:
    sql = """SELECT DISTINCT v.scheme FROM customers_identity i JOIN host_refvalue v ON v.id = i.ref_id
        WHERE i.customer_id = ANY (%(m)s) AND EXISTS (SELECT FROM customers_identity o WHERE o.ref_id = i.ref_id
            AND o.customer_id <> ALL (%(m)s)) ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"m": list(members)})
        return tuple(row[0] for row in cursor.fetchall())


def _digest(rows: Mapping[str, Sequence[int]], kept: Sequence[HeldFact]) -> str:
    said = json.dumps([{k: v for k, v in sorted(rows.items()) if k not in ("check", "log")}, [f.id for f in kept]])
    return hashlib.sha256(said.encode()).hexdigest()


# -- shapes ----------------------------------------------------------------------------------------------
def _request(row: ErasureRequest, done: Erasure | None) -> RequestView:
    return RequestView(
        id=row.pk, customer=row.customer_id, name=row.customer.name, state=row.state, why=row.why,
        decisions=row.decisions, asked_by=_name(row.asked_by), asked_by_id=row.asked_by_id, asked_at=row.asked_at,
        decided_by=_name(row.decided_by) if row.decided_by else "", decided_at=row.decided_at, answer=row.answer,
        done_at=done.at if done else None, counts=(done.counts or {}) if done else {},
    )  # fmt: skip


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


def _names(ids: Iterable[str]) -> dict[str, str]:
    wanted = {int(i) for i in ids if i.isdigit()}
    return {str(u.pk): _name(u) for u in get_user_model().objects.filter(pk__in=wanted)}
