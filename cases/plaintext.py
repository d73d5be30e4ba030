"""An answer for a terminal: calm, in the page's order. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from cases.answers import Answer, Claim, Gap, Step
from connectors.host.views import CheckView, Evidence, FactView, SourceView

WIDTH = 88
MARKS = {"done": "✓", "now": "●", "todo": "○", "failed": "✗"}
STATES = {
    "answered": "answered", "partial": "answered in part: what is missing could change it", "choose": "which one?",
    "conflict": "sources disagree", "unknown": "not known yet",
}  # fmt: skip


def told(title: str, answer: Answer, evidence: Evidence) -> str:
    """The whole answer as lines of text without control characters, so that no source can move the cursor."""
    parts = [
        [f"{title}   {'  '.join(map(str, evidence.seeds))}"],
        [*textwrap.wrap(str(answer.headline), WIDTH), _state(answer)],
        _steps(answer.steps),
        _headed("Which one?", (f"{c.ref}  {c.text}" for c in answer.choices)),
        _headed("They say", (f"{w.title}: {w.text}" for w in answer.witnesses)),
        _headed("Because", _claims(answer.claims, evidence)),
        _headed("Missing", (_gap(g) for g in answer.gaps)),
        _headed("Next", [_next(answer)] if answer.next else []),
        _headed("Sources", (_source(s) for s in evidence.sources if s.asked)),
        [*evidence.cut, f"As known at {_clock(evidence.as_of)}; answer {answer.digest[:12]}."],
    ]
    text = "\n\n".join("\n".join(part) for part in parts if part)
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text)


def _state(answer: Answer) -> str:
    flags = f"  [{', '.join(answer.flags)}]" if answer.flags else ""
    return f"{STATES.get(answer.state, answer.state)} · {answer.situation}{flags}"


def _headed(title: str, lines: Iterable[str]) -> list[str]:
    found = [f"  {line}" for line in lines]
    return [title, *found] if found else []


def _steps(steps: Sequence[Step]) -> list[str]:
    wide = max((len(str(s.label)) for s in steps), default=0)
    return [f"  {MARKS[s.state]} {str(s.label):<{wide}}  {s.when}".rstrip() for s in steps]


def _claims(claims: Sequence[Claim], evidence: Evidence) -> Iterator[str]:
    facts = {f.id: f for f in evidence.facts}
    checks = {c.id: c for c in evidence.checks}
    for claim in claims:
        yield from textwrap.wrap(f"{claim.domain:<10} {claim.text}", WIDTH - 2, subsequent_indent=" " * 13)
        for id_ in claim.facts:
            if id_ in facts:
                yield f"{'':<10} └ {_fact(facts[id_], evidence)}"
        for id_ in claim.checks:
            if id_ in checks:
                yield f"{'':<10} └ {_check(checks[id_], evidence)}"


def _fact(fact: FactView, evidence: Evidence) -> str:
    age = int((evidence.at - fact.confirmed_at).total_seconds())
    return f"{fact.source_title}, {fact.record_type} {fact.record_id}, confirmed {_age(age)} ago"


def _check(check: CheckView, evidence: Evidence) -> str:
    age = int((evidence.at - check.at).total_seconds())
    return f"{check.source_title} was asked about {check.ref} {_age(age)} ago: {check.outcome}"


def _gap(gap: Gap) -> str:
    since = f" since {_clock(gap.since)}" if gap.since else ""
    last = f"; it last said: {gap.last_known}" if gap.last_known else ""
    return f"{gap.title}: {gap.reason}{since}{last} {gap.note}".rstrip()


def _next(answer: Answer) -> str:
    assert answer.next is not None
    by = f", {answer.next.by}" if answer.next.by else ""
    return f"{answer.next.who}: {answer.next.what}{by}"


def _source(source: SourceView) -> str:
    age = f"{_age(source.age_s)} old" if source.age_s is not None else "never asked"
    took = f", took {source.took_ms} ms" if source.took_ms is not None else ""
    why = f": {source.reason}" if source.reason else ""
    return f"{source.title:<24} {source.status.replace('_', ' '):<8} {age}{took}{why}"


def _age(seconds: int) -> str:
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{max(seconds, 0)} s"


def _clock(when: object) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S %Z}"
