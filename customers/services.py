"""Who is who, from what sources say. Facts stay where they are: only identities and links are written."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from connectors.host import selectors as host
from connectors.host.selectors.refs import refs_by_ids
from connectors.host.services import clock_tick, refs_intern
from connectors.host.views import FactView
from connectors.sdk import Ref
from customers.errors import BadMerge, CustomerNotFound
from customers.models import Customer, Identity, Link, Merge
from customers.selectors import merges_of, same_person

LEARNED_AT_ONCE = 20
ERASED = "erased-"
_LOCK_CLASS = 7211
"""First key of the advisory locks by which two writers never make two customers of one ref."""


@dataclass
class _Known:
    """Who holds which ref now, kept up to date while facts are read."""

    holders: dict[Ref, set[int]]
    refs: dict[int, set[Ref]]
    identities: dict[tuple[Ref, int], int]
    linked: set[tuple[int, int]]
    links: list[Link] = field(default_factory=list)
    tick: datetime | None = None

    def at(self) -> datetime:
        """One tick for all that is new; none where nothing is, so that nobody waits for the clock in vain."""
        self.tick = self.tick or clock_tick()
        return self.tick


def customer_find_or_create(
    *, refs: Sequence[Ref], names: Sequence[str] = (), evidence: Iterable[FactView]
) -> Customer | None:
    """The customer whom these person refs point to, by what ``evidence`` says of them.

    A fact that carries two person refs ties them; a fact that ties a new ref to a known one adds an identity;
    refs that nobody holds make a customer, named by ``names``, as soon as one fact carries them. None where
    nothing is known yet, and where the refs point to several customers: then a person decides, and nothing merges.
    """
    wanted = {r for r in refs if r.is_person}
    facts = sorted(_about(wanted, evidence), key=lambda f: f.id)
    everyone = wanted | {r for f in facts for r in f.refs if r.is_person}
    if not everyone:
        return None
    with transaction.atomic():
        ids = refs_intern(everyone)
        _lock(ids.values())
        known = _known(ids)
        for fact in facts:
            _tie(known, ids, fact, names)
        Link.objects.bulk_create(known.links)
        own = {c for r in wanted if r.scheme.endswith(".customer") for c in known.holders[r]}
        found = own or {c for r in wanted for c in known.holders[r]}
    if len(found) > 1:
        found = _one_person(found)
    return Customer.objects.get(pk=found.pop()) if len(found) == 1 else None


def _one_person(customers: set[int]) -> set[int]:
    """Those who are one person by now go by one name; identities stay with whom facts gave them to."""
    merges = merges_of(customers, host.moment()[0])
    return {same_person(c, merges)[0] for c in customers}


def customers_learn(*, ref_ids: Iterable[int]) -> int:
    """Recognise the people whom news from a source names and nobody holds yet; returns how many were read.

    Cases see to their own people; this makes those findable who have no case.
    """
    people = {id_: ref for id_, ref in refs_by_ids(ref_ids).items() if ref.is_person}
    held = set(Identity.objects.filter(ref_id__in=people, to_at=None).values_list("ref_id", flat=True))
    new = [ref for id_, ref in sorted(people.items()) if id_ not in held]
    for start in range(0, len(new), LEARNED_AT_ONCE):
        some = new[start : start + LEARNED_AT_ONCE]
        known = host.evidence(seeds=some).facts
        for ref in some:
            customer_find_or_create(refs=[ref], evidence=[f for f in known if ref in f.refs])
    return len(new)


def customers_merge(*, keep: Customer | int, other: Customer | int, by: str, why: str) -> Merge:
    """``other`` (and whoever was said to be them) is the same person as ``keep``, by whose name they go now.

    Nothing but this is written: facts, identities and cases stay where they are. ``by`` is who says so, ``why`` how
    they know. Raises CustomerNotFound, BadMerge.
    """
    with transaction.atomic():
        _merging()
        at = clock_tick()
        first, second = (_person(c, at) for c in (keep, other))
        if first[0] == second[0]:
            raise BadMerge("These are one person already.")
        return Merge.objects.create(
            keep_id=first[0], other_id=second[0], by=by[:200], why=_reason(why), from_at=at
        )  # fmt: skip


def customers_unmerge(*, merge: Merge | int, by: str, why: str) -> Merge:
    """They are two people after all. What was merged into either before stays with it. Raises BadMerge."""
    with transaction.atomic():
        _merging()
        at = clock_tick()
        found = Merge.objects.filter(pk=getattr(merge, "pk", merge)).first()
        if found is None or found.to_at is not None:
            raise BadMerge("Nobody says any more that these are one person.")
        found.to_at, found.ended_by, found.ended_why = at, by[:200], _reason(why)
        found.save(update_fields=["to_at", "ended_by", "ended_why"])
    return found


def _merging() -> None:
    """One at a time: what two people say at once must not make a ring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, -1)", [_LOCK_CLASS])


def _person(customer: Customer | int, at: datetime) -> tuple[int, ...]:
    id_ = int(customer.pk if isinstance(customer, Customer) else customer)
    if not Customer.objects.filter(pk=id_).exists():
        raise CustomerNotFound(f"There is no customer {id_}.")
    return same_person(id_, merges_of([id_], at))


def _reason(why: str) -> str:
    why = " ".join(why.replace("\x00", " ").split())[:2000]
    if not why:
        raise BadMerge("Say how you know.")
    return why


def _about(wanted: set[Ref], evidence: Iterable[FactView]) -> list[FactView]:
    """Facts that say something of these people, directly or through another ref of theirs."""
    facts = [f for f in evidence if any(r.is_person for r in f.refs)]
    reached, grown = set(wanted), True
    while grown:
        grown = False
        for fact in facts:
            people = {r for r in fact.refs if r.is_person}
            if people & reached and not people <= reached:
                reached |= people
                grown = True
    return [f for f in facts if reached & set(f.refs)]


def _lock(ref_ids: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        for ref_id in sorted(ref_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_CLASS, ref_id % 2**31])


def _known(ids: dict[Ref, int]) -> _Known:
    by_id = {id_: ref for ref, id_ in ids.items()}
    known = _Known({r: set() for r in ids}, {}, {}, set())
    held = Identity.objects.filter(ref_id__in=by_id, to_at=None)
    mine = Identity.objects.filter(customer__in=held.values("customer"), to_at=None).select_related("ref")
    for identity in mine:
        ref = Ref(identity.ref.scheme, identity.ref.value)
        known.holders.setdefault(ref, set()).add(identity.customer_id)
        known.refs.setdefault(identity.customer_id, set()).add(ref)
        known.identities[ref, identity.customer_id] = identity.pk
    known.linked = set(
        Link.objects.filter(identity__in=known.identities.values()).values_list("identity_id", "fact_id")
    )
    return known


def _tie(known: _Known, ids: dict[Ref, int], fact: FactView, names: Sequence[str]) -> None:
    people = [r for r in fact.refs if r.is_person]
    customer = _whom(known, people)
    if customer == 0:
        return
    if customer is None:
        name = str(fact.data.get("customer_name") or (names[0] if names else ""))
        customer = Customer.objects.create(name=name[:2000], learned_at=known.at()).pk
    for ref in people:
        identity = known.identities.get((ref, customer))
        if identity is None:
            identity = Identity.objects.create(ref_id=ids[ref], customer_id=customer, from_at=known.at()).pk
            known.identities[ref, customer] = identity
            known.holders.setdefault(ref, set()).add(customer)
            known.refs.setdefault(customer, set()).add(ref)
        if (identity, fact.id) not in known.linked:
            known.links.append(Link(identity_id=identity, fact_id=fact.id, learned_at=known.at()))
            known.linked.add((identity, fact.id))


def _whom(known: _Known, people: Sequence[Ref]) -> int | None:
    """The customer that a fact with these person refs is about; None for a new one, 0 where it can't be said.

    A source's own customer id says more than an e-mail, which a household may share: two ids of one source
    are two people until somebody says otherwise.
    """
    own = [r for r in people if r.scheme.endswith(".customer")]
    by_id = {c for r in own for c in known.holders.get(r, ())}
    if by_id:
        return by_id.pop() if len(by_id) == 1 else 0
    by_mail = {c for r in people for c in known.holders.get(r, ())}
    free = {c for c in by_mail if not _has_another(known.refs.get(c, set()), own)}
    if len(free) == 1 and (own or len(by_mail) == 1):
        return free.pop()
    return None if not by_mail or (own and not free) else 0


def _has_another(refs: Iterable[Ref], own: Iterable[Ref]) -> bool:
    mine = {r.scheme: r for r in own}
    return any(r.scheme in mine and r != mine[r.scheme] for r in refs)


def customers_forget(*, members: Iterable[int]) -> int:
    """Leave nothing of these customers but their numbers: no name, and no ref that somebody else holds, too. What
    stood for them alone has lost its value already. Gives how many identities ended; in a transaction of the caller's.
    """
    ids = sorted(set(members))
    at = clock_tick()
    Customer.objects.filter(pk__in=ids).update(name="")
    mine = Identity.objects.filter(customer_id__in=ids)
    for identity in mine.exclude(ref__value__startswith=ERASED).select_related("ref"):
        identity.ref_id = refs_intern([marker := Ref(identity.ref.scheme, erased_value())])[marker]
        identity.save(update_fields=["ref"])
    return mine.filter(to_at=None).update(to_at=at)


def erased_value() -> str:
    """What stands where a ref's value was; nobody can guess it."""
    return f"{ERASED}{uuid.uuid4().hex}"
