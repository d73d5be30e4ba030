"""Pieces of sentences: days, reasons, what was asked about. Fixed words hold no digit and no month name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cases.answers import Claim, Step, Text, Value, text
from cases.questions.common import values as v
from cases.questions.common.policy import Terms
from cases.questions.common.reading import Reading
from connectors.host.views import FactView

Sentences = Iterator[Claim]
Way = list[tuple[str, str, FactView | None, Text]]
"""Steps: key, label, the fact that says it is done, and what stands there until then."""
ASK = "To tell you more, we first need to check that it is you."
NOT_FOUND = (
    "find your order from what you sent us. Which order number is it, and which e-mail address did you order with?"
)
BUSINESS, CALENDAR = "business days", "days"


def plain(words: str) -> Text:
    return Text((words,))


def when(r: Reading, fact: FactView | None, long: bool = False) -> Text:
    """`` on Tue 17 Nov`` (``long``: as in letters), or nothing where the day is not known."""
    return text(" on {d}", d=v.when(fact, r.zone, r.today, long=long)) if fact is not None and r.day(fact) else Text()


def short(r: Reading, fact: FactView | None) -> Text:
    """``17 Nov``, for steps; nothing where the day is not known."""
    return text("{d}", d=v.when(fact, r.zone, r.today, True)) if fact is not None and r.day(fact) else Text()


def reason(fact: FactView) -> Text:
    """``: “The card account is closed”``, in the source's own words, or nothing."""
    return text(": “{w}”", w=v.said(fact, "/reason")) if fact.data.get("reason") else Text()


def ruled(
    r: Reading, words: str, day: date | None, fact: FactView | None, terms: Terms | None, field: str,
    rule: str = BUSINESS, long: bool = False,
) -> Text:  # fmt: skip
    """``words`` with ``{d}``, the day that a term gives counted from a fact; nothing where it is not known."""
    if day is None or fact is None or terms is None:
        return Text()
    named = f"{terms.clause(field)}: {rule}"
    return text(words, d=v.ruled_day(day, named, (fact, terms.fact), r.today, long=long))


def trimmed(said: Text) -> Text:
    """Without the space that it begins with."""
    return Text(tuple(p.lstrip() if n == 0 and isinstance(p, str) else p for n, p in enumerate(said.parts)))


def window(r: Reading, words: str, long: bool = False) -> Text:
    """``words`` with ``{d}``, the last day on which a return can be registered."""
    return ruled(r, words, r.window_end, r.window_from, r.returns_policy, "window_days", "return window", long)


def asked_about(r: Reading) -> Value | Text:
    """What the case names first, as it was written."""
    asked = [Value("ref", str(x), x.value, rule="asked about", inputs=()) for x in r.evidence.seeds[:1]]
    return asked[0] if asked else plain("this")


def nothing_found(r: Reading) -> Text:
    """``Nothing was found for 48-1193. We looked until 14:00.``"""
    heard = v.heard(r.evidence, r.zone)
    until = text(" We looked until {t}.", t=heard) if heard else Text()
    return text("Nothing was found for {x}.{u}", x=asked_about(r), u=until)


# -- letters and steps ------------------------------------------------------------------------------
def facts_of(said: Text) -> tuple[int, ...]:
    """Every fact that the values of a sentence come from."""
    found = {p.fact for p in said.values if p.fact is not None}
    found |= {i["fact"] for p in said.values for i in p.inputs if "fact" in i}
    return tuple(sorted(found))


def say(key: str, said: Text, *facts: FactView | None, domain: str = "finance", rule: str = "") -> Claim:
    """A sentence of a letter, resting on these facts and on those that its values come from."""
    ids = {f.id for f in facts if f is not None} | set(facts_of(said))
    return Claim(f"reply.{key}", said, domain, tuple(sorted(ids)), rule=rule)


def promise(
    key: str, words: str, r: Reading, day: date | None, fact: FactView | None, terms: Terms | None, field: str,
    rule: str = BUSINESS,
) -> Sentences:  # fmt: skip
    """A sentence with its day: only while that day is not over."""
    if not r.over(day) and (said := ruled(r, words, day, fact, terms, field, rule, long=True)):
        assert terms
        yield say(key, said, domain="policy", rule=f"{terms.clause(field)}: {rule}")


def cannot_find(r: Reading) -> Sentences:
    """Where nothing at all is known, the customer is asked; else a person puts it into words."""
    if not r.m.facts:
        yield Claim("reply.nothing", plain("I can’t " + NOT_FOUND), "order", (), r.absence("order.placed"))


def step(r: Reading, key: str, label: str, fact: FactView | None, at: tuple[int, int], expected: Text) -> Step:
    """``at`` is its place and the place reached last; ``expected`` stands where there is no day yet."""
    n, last = at
    state = "todo" if n > last else "now" if n == last else "done"
    return Step(key, plain(label), state, short(r, fact) if fact else expected)  # type: ignore[arg-type]


def walked(r: Reading, way: Way) -> tuple[Step, ...]:
    """Steps in their order: those before the last one that has a fact are done."""
    last = max((n for n, x in enumerate(way) if x[2]), default=-1)
    return tuple(step(r, key, label, fact, (n, last), due) for n, (key, label, fact, due) in enumerate(way))
