"""Promises: by whom, of which case, on whose day; and in whose calendar they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.errors import BadInput, PromiseNotFound
from cases.models import Alert, Case, Commitment
from cases.models.promises import PROMISE_STATES
from cases.promises import Promised, PromiseFound, promises_in
from cases.promises.calendar import DAY_ENDS, business_days, instant, zone_of
from cases.views import AlertView, CaseView, Day, DayPromise, PromiseView
from connectors.host.selectors import house_zone, moment
from connectors.host.views import Evidence, FactView
from connectors.sdk import Ref

MOST_OF_A_DAY = 500
DEFAULTS = {
    "refund.paid": ("policy.refunds", "refund_days"),
    "return.inspected": ("policy.returns", "inspection_days"),
    "shipment.delivered": ("policy.delivery", "days"),
    "order.cancelled": ("policy.cancellations", "refund_days"),
}
"""Which policy's term says how long something may take, where nothing was promised."""


@dataclass(frozen=True)
class Calendar:
    """In which zone and with which holidays a customer's days are counted."""

    zone: str
    holidays: str


def calendar_of(evidence: Evidence) -> Calendar:
    """That of the policies which hold for the case; the house's zone and weekends alone where there is none."""
    policies = [f for f in evidence.facts if f.kind.startswith("policy.") and _fits(f, evidence)]
    policies.sort(key=lambda f: (not f.data.get("when"), f.id))  # those of the order's own market come first
    zone = next((str(f.data["zone"]) for f in policies if f.data.get("zone")), "")
    holidays = next((str(f.data["calendar"]) for f in policies if f.data.get("calendar")), "")
    return Calendar(zone or str(house_zone()), holidays)


def default_due(evidence: Evidence, keeps_kind: str, at: datetime) -> tuple[datetime, str] | None:
    """When a policy wants it done, and by which rule; None where none says so or versions in force differ."""
    if keeps_kind not in DEFAULTS:
        return None
    kind, term = DEFAULTS[keeps_kind]
    where = calendar_of(evidence)
    today = at.astimezone(zone_of(where.zone)).date()
    counts = {_count(f.data.get(term)) for f in evidence.of(kind) if _in_force(f, today) and _fits(f, evidence)}
    if len(counts) != 1 or (count := counts.pop()) is None:
        return None
    last = business_days(today, count, where.holidays)
    return instant(last, DAY_ENDS, zone_of(where.zone)), f"{kind}.{term}"


def _fits(policy: FactView, evidence: Evidence) -> bool:
    """Where a policy is for one market or channel, an order carries the same label."""
    labels = {(r.scheme, r.value) for f in evidence.of("order.placed") for r in f.refs}
    return all((str(k), str(v)) in labels for k, v in (policy.data.get("when") or {}).items())


def _in_force(policy: FactView, day: date) -> bool:
    begins, ends = str(policy.data.get("in_force_from") or ""), str(policy.data.get("in_force_to") or "9999-12-31")
    return begins <= day.isoformat() <= ends


def _count(term: Any) -> int | None:
    """A number of days, or the last of a span."""
    if isinstance(term, dict):
        term = max((v for v in term.values() if isinstance(v, int)), default=None)
    if isinstance(term, list):
        term = max((v for v in term if isinstance(v, int)), default=None)
    return term if isinstance(term, int) and 0 < term <= 250 else None


def matter_of(view: CaseView) -> Ref | None:
    """What a case is about, where that is one matter."""
    own = [r for r in view.refs if r.is_matter]
    orders = {r for r in view.evidence.refs if r.scheme == "order"}
    if len(own) == 1 and len(orders) <= 1 or len(own) == 1 and own[0].scheme == "order":
        return own[0]
    return orders.pop() if len(orders) == 1 else None


def keeping_fact(promise: Commitment, evidence: Evidence) -> FactView | None:
    """The first fact of the promised kind about its matter that was learned after the promise, and is no news of
    something that was known before."""
    wanted = {Ref(promise.keeps_ref.scheme, promise.keeps_ref.value)} if promise.keeps_ref else set()
    about = _reached(wanted, evidence)
    after = [f for f in evidence.of(promise.keeps_kind) if f.learned_at > promise.made_at]
    found = [f for f in after if _is_new(f, promise.made_at, evidence) and (not wanted or about & set(f.refs))]
    return min(found, key=lambda f: (f.learned_at, f.id), default=None)


def _is_new(fact: FactView, since: datetime, evidence: Evidence) -> bool:
    if fact.version == 1:
        return True
    before = evidence.superseded.get(fact.id)
    return before is not None and (before.learned_at > since or before.kind != fact.kind)


def _reached(refs: set[Ref], evidence: Evidence) -> set[Ref]:
    """The refs of the same matter: what facts name together with these. People and labels tie nothing."""
    reached, size = set(refs), -1
    while len(reached) != size:
        size = len(reached)
        for fact in evidence.facts:
            matter = {r for r in fact.refs if r.is_matter}
            if matter & reached:
                reached |= matter
    return reached


def commitments_list(
    *, owner: Any = None, case: Case | None = None, state: str = "", due_by: datetime | None = None,
    before: int | None = None, limit: int = 50,
) -> tuple[tuple[str, PromiseView], ...]:  # fmt: skip
    """Promises as they stand now, each with its case's reference: open ones of a person or a case by when they are due,
    else the newest first. ``before`` is the id that the last page ended with. Raises BadInput."""
    rows = Commitment.objects.select_related("owner", "keeps_ref")
    if state:
        if state not in dict(PROMISE_STATES):
            raise BadInput(f"{state[:40]!r} is not a state. Use one of: {', '.join(dict(PROMISE_STATES))}.", "state")
        rows = rows.filter(state=state)
    if owner is not None:
        rows = rows.filter(owner=owner)
    if case is not None:
        rows = rows.filter(case=case)
    if due_by is not None:
        rows = rows.filter(due_at__lte=due_by)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return tuple((str(row.case_id), promise_shape(row)) for row in rows.order_by("-pk")[:limit])


def commitment_get(id: int) -> Commitment:
    """One promise with its case. Raises PromiseNotFound."""
    found = Commitment.objects.select_related("owner", "keeps_ref", "case").filter(pk=id).first()
    if found is None:
        raise PromiseNotFound(f"There is no promise {id}.")
    return found


def promise_shape(row: Commitment) -> PromiseView:
    """A row in the shape that views of the past have too."""
    ref = row.keeps_ref
    return PromiseView(
        id=row.pk, what=row.what, phrase=row.phrase, due_at=row.due_at, zone=row.zone, rule=row.rule,
        owner_id=row.owner_id, owner=row.owner.get_full_name() or row.owner.get_username(), made_at=row.made_at,
        state=row.state, keeps_kind=row.keeps_kind, keeps_ref=f"{ref.scheme}:{ref.value}" if ref else "",  # type: ignore[arg-type]
        follows=row.follows_id, ended_at=row.ended_at, evidence=row.evidence, escalated_at=row.escalated_at,
    )  # fmt: skip


def promises_said(view: CaseView, text: str) -> tuple[PromiseFound, ...]:
    """What a draft promises, read at the view's time in the customer's calendar."""
    where = calendar_of(view.evidence)
    return promises_in(text, view.at, where.zone, where.holidays)


def promised(view: CaseView, text: str, chosen: Mapping[str, int | None]) -> tuple[Promised, ...]:
    """Those promises of a draft that its writer confirmed. ``chosen`` maps their words (``PromiseFound.text``) to the
    open promise whose place each takes, or None; one without a time is none."""
    zone = calendar_of(view.evidence).zone
    return tuple(
        Promised(p.what, p.due.at, p.due.phrase, p.due.rule, zone, p.keeps_kind, follows=chosen[p.text])
        for p in promises_said(view, text)
        if p.due is not None and p.text in chosen
    )


def day_of(*, person: Any, at: datetime | None = None, zone: str = "") -> Day:
    """What somebody has promised and must hear at ``at`` (default: now), in ``zone`` (default: the house's)."""
    at = at or moment()[1]
    zone = zone or str(house_zone())
    tonight = instant(at.astimezone(zone_of(zone)).date(), DAY_ENDS, zone_of(zone))
    rows = Commitment.objects.filter(owner=person, state="open").select_related("owner", "keeps_ref", "case__summary")
    mine = [_of_day(row) for row in rows.order_by("due_at", "pk")[:MOST_OF_A_DAY]]
    return Day(
        at=at, zone=zone, late=tuple(p for p in mine if p.promise.due_at <= at),
        today=tuple(p for p in mine if at < p.promise.due_at <= tonight),
        later=tuple(p for p in mine if p.promise.due_at > tonight), alerts=alerts_of(person=person),
    )  # fmt: skip


def _of_day(row: Commitment) -> DayPromise:
    summary = getattr(row.case, "summary", None)
    return DayPromise(promise_shape(row), str(row.case_id), summary.person if summary else "")


def alerts_of(*, person: Any, limit: int = 50, unseen: bool = True) -> tuple[AlertView, ...]:
    """What a person was told, newest first; ``unseen`` leaves out what they have seen."""
    rows = Alert.objects.filter(person=getattr(person, "pk", person)).order_by("-at", "-pk")
    if unseen:
        rows = rows.filter(seen_at=None)
    return tuple(AlertView(a.pk, a.kind, a.text, str(a.case_id or ""), a.at, a.seen_at) for a in rows[:limit])


def alerts_count(*, person: Any) -> int:
    """How many alerts a person has not seen."""
    return Alert.objects.filter(person=getattr(person, "pk", person), seen_at=None).count()
