"""A claim held against what is known: an amount against amounts, a day against days, a status against statuses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from cases.told.amounts import same
from cases.told.dayparts import ends, within
from cases.told.shapes import Contradiction, Known, Match, Said

KIN = {
    "refund": ("refund.shop", "return.requested", "payment.captured", "order.placed", "credit_note.issued"),
    "return": ("return.requested", "order.placed", "payment.captured"), "payment": ("order.placed", "invoice.issued"),
    "order": ("order.placed", "payment.captured"), "invoice": ("order.placed", "payment.captured"),
}  # fmt: skip
"""Where nothing is known about a thing's own amount, that of these backs it, and never contradicts it."""


def family(topic: str) -> str:
    return topic.split(".")[0].split("/")[0]


def match(said: Said, known: Sequence[Known], *, told: datetime | None = None, today: date | None = None) -> Match:
    """What backs a claim or speaks against it.

    ``told`` is when it was said, where that is past: then only what is so now counts, and what happened since does not
    make "not yet" untrue. ``today`` is the day of a claim that is being written.
    """
    if said.hedged:
        return Match(said, "open")
    about = [k for k in known if k.type == said.type and _same_matter(said, k, known)]
    return {"status": _status, "amount": _amount, "date": _date}[said.type](said, about, told, today)


def _same_matter(said: Said, k: Known, known: Sequence[Known]) -> bool:
    return not said.ref or said.ref in k.refs


def _match(said: Said, backing: Collection[Known], against: Sequence[Known]) -> Match:
    if backing:
        first = min(backing, key=_order)
        return Match(said, "backed", _ids(backing), _checks(backing), (), first.source or first.domain)
    if not against:
        return Match(said, "unbacked")
    chief = max(against, key=lambda k: (k.stage, k.day or date.min, k.value))
    same_value = [k for k in against if k.value == chief.value]
    shown = min(same_value, key=_order)
    one = Contradiction(said, "facts", chief.value, shown.text, _sentence(chief, same_value), _ids(same_value),
                        _checks(same_value))  # fmt: skip
    return Match(said, "contradicted", (), (), (one,), shown.source)


def _order(k: Known) -> tuple[object, ...]:
    return (not k.source, k.sentence, k.facts, k.value)


def _sentence(k: Known, known: Sequence[Known]) -> str:
    return min((x.sentence for x in known if x.value == k.value and x.sentence), key=lambda t: (len(t), t), default="")


def _ids(found: Collection[Known]) -> tuple[int, ...]:
    return tuple(sorted({f for k in found for f in k.facts}))


def _checks(found: Collection[Known]) -> tuple[int, ...]:
    return tuple(sorted({c for k in found for c in k.checks}))


# -- statuses -------------------------------------------------------------------------------------------
def _status(said: Said, about: Sequence[Known], told: datetime | None, today: date | None) -> Match:
    if said.mode == "will":
        return Match(said, "open")
    mine = [k for k in about if k.topic == said.topic]
    yes, no = [k for k in mine if k.value == "yes"], [k for k in mine if k.value == "no"]
    if said.value == "yes":
        return _match(said, yes, no)
    if told is not None:  # "not yet" is true of its own time
        yes = [k for k in yes if k.when is not None and k.when <= told]
    return _match(said, [] if yes else no, yes)


# -- amounts --------------------------------------------------------------------------------------------
def _amount(said: Said, about: Sequence[Known], told: datetime | None, today: date | None) -> Match:
    about = [k for k in about if not said.unit or not k.unit or k.unit == said.unit]
    equal = [k for k in about if same(k.value, said.value)]
    if not said.topic:
        return _match(said, equal, [])
    name = family(said.topic)
    own = [k for k in about if family(k.topic) == name and k.topic != "refund.shop"]
    parts = [k for k in own if "/" in k.topic]
    whole = _furthest([k for k in own if "/" not in k.topic], said)
    stage = [] if told else [k for k in own if k.topic == said.topic and k in equal]
    backing = [k for k in (*whole, *parts, *stage) if k in equal]
    if backing or whole:
        return _match(said, backing, [k for k in whole if k not in equal])
    return _match(said, [k for k in equal if k.topic in KIN.get(name, ())], [])


def _furthest(own: Sequence[Known], said: Said) -> list[Known]:
    """Of a refund that is approved for one sum and paid with another, what was paid counts."""
    if said.topic in ("refund.failed", "refund.cancelled", "payment.failed"):
        return [k for k in own if k.topic == said.topic]
    staged = [k for k in own if k.stage]
    if staged:
        top = max(k.stage for k in staged)
        return [k for k in staged if k.stage == top]
    return [k for k in own if k.topic not in ("refund.failed", "refund.cancelled", "payment.failed")]


# -- days -----------------------------------------------------------------------------------------------
def _date(said: Said, about: Sequence[Known], told: datetime | None, today: date | None) -> Match:
    if not said.topic or "." not in said.topic:
        named = [k for k in about if not said.topic or family(k.topic) == said.topic]
        fits = [k for k in named if within(k.value, said.value)]
        return Match(said, "open") if said.unit == "relative" and not fits else _match(said, fits, [])
    mine = [k for k in about if k.topic == said.topic]
    was, will = [k for k in mine if k.mode == "was"], [k for k in mine if k.mode == "will"]
    if said.mode == "will":
        since = told.date() if told else today
        came = [k for k in was if since is None or ends(k.value)[0] >= since]
        mine = came or will
    else:
        mine = was
    return _match(said, [k for k in mine if within(k.value, said.value)], mine)


# -- what was told before -------------------------------------------------------------------------------
def disagree(one: Said, other: Said) -> bool:
    """Whether two claims about the same thing can't both be meant."""
    if one.type != other.type or one.hedged or other.hedged or _elsewhere(one, other):
        return False
    if one.type == "status":
        return one.topic == other.topic and one.mode == other.mode == "was" and one.value != other.value
    if one.type == "amount":
        return bool(one.topic) and family(one.topic) == family(other.topic) and not same(one.value, other.value) and (
            not one.unit or not other.unit or one.unit == other.unit)  # fmt: skip
    return "." in one.topic and one.topic == other.topic and not within(one.value, other.value)


def _elsewhere(one: Said, other: Said) -> bool:
    return bool(one.ref and other.ref and one.ref != other.ref)


def gone(said: Said, found: Match, current: Collection[int], cut: bool) -> bool:
    """What backed the claim is known no longer, and nothing has come in its place."""
    return (
        found.standing == "unbacked" and bool(said.facts) and not cut and said.mode == "was" and said.value != "no"
        and not set(said.facts) & set(current)
    )  # fmt: skip


def with_match(said: Said, found: Match, keys: Collection[str] = ()) -> Said:
    """The claim as it is stored: what backed it when it was said, and which objections were answered."""
    return replace(said, facts=found.facts, against=tuple(sorted(keys)))
