"""Values with where they come from: a fact and a pointer, or a named rule over facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from cases import formats
from cases.answers import Text, Value
from cases.questions.common.due import zone_of
from connectors.host.views import CheckView, Evidence, FactView

Days = tuple[date, date]


def day_of(fact: FactView | None, zone: str) -> date | None:
    """The day on which it happened, in this zone; None where that is not known."""
    if fact is None or fact.precision == "unknown":
        return None
    if fact.precision == "day" or fact.occurred is None:
        return fact.day
    return fact.occurred.astimezone(zone_of(zone)).date()


def pointed(data: Any, pointer: str) -> Any:
    """What stands at a JSON pointer, or None."""
    for part in pointer.strip("/").split("/"):
        data = data.get(part) if hasattr(data, "get") else None
    return data


def money(fact: FactView, pointer: str = "/amount") -> Value:
    found = pointed(fact.data, pointer)
    return Value("amount", found["amount"], formats.money(found["amount"], found["currency"]), found["currency"],
                 fact.id, pointer)  # fmt: skip


def said(fact: FactView, pointer: str, text: str = "", type_: Any = "text") -> Value:
    """A field of a fact; ``text`` where it is printed otherwise than it was sent."""
    raw = str(pointed(fact.data, pointer))
    return Value(type_, raw, text or raw, fact=fact.id, pointer=pointer)


def ref(fact: FactView, scheme: str) -> Value:
    value = fact.ref(scheme) or ""
    return Value("ref", value, value, fact=fact.id, pointer=f"/refs/{scheme}")


def when(fact: FactView, zone: str, at: date, short: bool = False, long: bool = False) -> Value | Text:
    """The day of a fact; ``unit`` names the zone in which it is meant."""
    found = day_of(fact, zone)
    if found is None:
        return Text(("a day that is not known",))
    printed = _printed(found, at, short, long)
    return Value("date", found.isoformat(), printed, zone if fact.precision == "instant" else "", fact.id, "/occurred")


def ruled_day(
    day: date, rule: str, inputs: tuple[FactView, ...], at: date, short: bool = False, long: bool = False
) -> Value:
    return Value("date", day.isoformat(), _printed(day, at, short, long), rule=rule, inputs=_inputs(inputs))


def _printed(day: date, at: date, short: bool, long: bool) -> str:
    """``17 Nov`` in steps, ``Tuesday 17 November`` in letters, else ``Tue 17 Nov``."""
    if long:
        return formats.long_day(day, at)
    return formats.short_day(day, at) if short else formats.day(day, at)


def business_days(policy: FactView, method: str) -> Value:
    """``5 to 10``: how long money sent by this method takes."""
    return span(policy, f"/bank_days/{method}", "bank days")


def span(policy: FactView, pointer: str, rule: str) -> Value:
    """``2 to 5``: the least and the most that a term gives."""
    low, high = sorted(pointed(policy.data, pointer))
    return Value("text", f"{low}/{high}", formats.span(low, high), rule=rule,
                 inputs=({"fact": policy.id, "pointer": pointer},))  # fmt: skip


def ruled_range(days: Days, rule: str, inputs: tuple[FactView, ...], at: date) -> Value:
    low, high = (formats.short_day(d, at) for d in days)
    printed = low if days[0] == days[1] else f"{low}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{high}"
    return Value("date_range", f"{days[0]}/{days[1]}", printed, rule=rule, inputs=_inputs(inputs))


def total(amount: Any, currency: str, rule: str, facts: tuple[FactView, ...]) -> Value:
    return Value("amount", str(amount), formats.money(str(amount), currency), currency, rule=rule,
                 inputs=tuple({"fact": f.id, "pointer": "/amount"} for f in facts))  # fmt: skip


def clause(fact: FactView, name: str) -> Value:
    """``RF-12 §3``."""
    raw = (fact.data.get("clauses") or {}).get(name, "")
    printed = f"{fact.data.get('document', '')} {raw}".strip().replace(" ", formats.NBSP)
    return Value("ref", printed, printed, rule="policy clause", inputs=(
        {"fact": fact.id, "pointer": "/document"}, {"fact": fact.id, "pointer": f"/clauses/{name}"}))  # fmt: skip


def name(person: str) -> Value | Text:
    return Value("name", person, person, rule="customer's first name") if person else Text(("the customer",))


def own(person: str) -> Text:
    return Text((name(person), "’s")) if person else Text(("the customer’s",))  # type: ignore[arg-type]


def clock(check: CheckView, zone: str) -> Value:
    local = check.at.astimezone(zone_of(zone))
    return Value("time", check.at.isoformat(), local.strftime("%H:%M"), zone, rule="time of the check",
                 inputs=({"check": check.id},))  # fmt: skip


def heard(evidence: Evidence, zone: str) -> Value | None:
    """Until when everybody who was asked had answered: by a lookup, or by a poll that confirmed it later."""
    times = [s.checked_at for s in evidence.sources if s.asked and s.domain != "policy" and s.checked_at]
    checks = tuple({"check": c.id} for c in evidence.checks if c.outcome == "nothing" and c.complete)
    if not times or not checks:
        return None
    until = min(times).astimezone(zone_of(zone))
    return Value("time", until.isoformat(), until.strftime("%H:%M"), zone, rule="last heard from all", inputs=checks)


def _inputs(facts: tuple[FactView, ...]) -> tuple[dict[str, Any], ...]:
    return tuple({"fact": f.id, "pointer": "" if f.kind.startswith("policy.") else "/occurred"} for f in facts)
