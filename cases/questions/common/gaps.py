"""What is missing, whether it can change the answer, and when the answer changes by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from cases.answers import Gap, Text, text
from cases.questions.common import values
from cases.questions.common.reading import Reading
from connectors.host.views import UNREAD, SourceView

UNSURE = "It can’t be told which version applies: the day it applies from is not known."
GOOD = ("live", "on_time", "late", "fixed")
TOLD = {"order": "order.", "delivery": "shipment."}
"""Domains for which another's source may speak: an ERP tells of orders, a shop of its parcels."""


def gaps(r: Reading, matters: Collection[str], closed: str, domains: Collection[str]) -> tuple[Gap, ...]:
    """One gap per source of these domains that is not complete and fresh; ``matters`` could change the answer."""
    found = []
    for source in r.evidence.sources:
        reason = _reason(r, source)
        if source.domain not in domains or not reason:
            continue
        open_ = source.domain in matters
        found.append(Gap(source.name, source.title, source.domain, reason, source.since, last_known(r, source),
                         open_, "" if open_ else f"It can’t change this answer: {closed}."))  # fmt: skip
    for domain in domains:
        if domain in matters and not _told(r, domain) and not r.evidence.in_domain(domain):
            found.append(Gap(domain, domain.capitalize(), domain, "No source is set up for this."))
    for terms in (r.returns_policy, r.refunds_policy, r.cancel_policy, r.delivery_policy):
        if terms and terms.also and "policy" in matters:
            found.append(Gap(terms.fact.source, terms.fact.source_title, "policy", UNSURE))
    for words in r.evidence.cut:
        found.append(Gap("", "Reading", "", words))
    return tuple(found)


def unconfirmed(found: Collection[Gap], words: Mapping[str, str]) -> str:
    """`` We can’t confirm whether money was sent or which terms apply.``, one sentence for all that is open."""
    domains = {g.domain for g in found if g.can_change}
    told = list(dict.fromkeys(said for domain, said in words.items() if domain in domains))
    return f" We can’t confirm {' or '.join(filter(None, (', '.join(told[:-1]), told[-1])))}." if told else ""


def _told(r: Reading, domain: str) -> bool:
    family = TOLD.get(domain)
    if family is None:
        return False
    asked = any(c.complete and any(k.startswith(family) for k in c.kinds) for c in r.evidence.checks)
    return asked or any(f.kind.startswith(family) for f in r.m.facts)


def _reason(r: Reading, source: SourceView) -> str:
    if not source.asked:
        # Where all who were asked know of no reference that leads further, nothing is missing.
        asked = [s for s in r.evidence.sources if s.asked and s.domain != "policy"]
        known = bool(asked) and all(s.complete for s in asked)
        return "" if known or source.domain == "order" else "Not asked yet: no reference for it is known."
    if source.status == "down":
        return source.reason or "Not reachable."
    if source.status == "waiting":
        return "Still waiting for its answer."
    if source.status == "never":
        return "It has not answered yet."
    if source.status == "stale":
        return "What it said is too old to rely on."
    return "" if source.complete else _partly(r, source)


def _partly(r: Reading, source: SourceView) -> str:
    checks = [c for c in r.evidence.checks if c.source == source.name]
    said = {c.outcome for c in checks}
    if "refused" in said:
        return "It refused to say."
    if "malformed" in said or any(c.reason == UNREAD for c in checks):
        return UNREAD
    return "It shows only a part of what it has."


def last_known(r: Reading, source: SourceView) -> Text:
    found = [f for f in r.m.facts if f.source == source.name]
    if not found:
        return Text()
    kind = Text((_words(found[-1].kind),))
    return text("{kind}, {day}", kind=kind, day=values.when(found[-1], r.zone, r.today, True))


def _words(kind: str) -> str:
    return kind.replace("_", " ").replace(".", " ").capitalize()


def ages_out(r: Reading, matters: Collection[str]) -> list[datetime]:
    """When sources that can change the answer become too old to carry it."""
    return [s.checked_at + 2 * s.limit for s in r.evidence.sources
            if s.domain in matters and s.asked and s.checked_at and s.status in GOOD]  # fmt: skip
