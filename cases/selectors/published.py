"""An answer as programs read it: the same over HTTP and from the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.answers import Answer, Choice, Gap, Step, Text, Witness
from connectors.host.views import Evidence, SourceView


def answer_json(answer: Answer, evidence: Evidence) -> dict[str, Any]:
    """Plain JSON: times are ISO 8601 with a zone, ages whole seconds, every value with where it comes from."""
    return {
        "question": answer.question, "rules": answer.rules, "state": answer.state, "situation": answer.situation,
        "flags": list(answer.flags), "headline": str(answer.headline),
        "headline_values": [v.as_json() for v in answer.headline.values],
        "steps": [_step(s) for s in answer.steps], "claims": [c.as_json() for c in answer.claims],
        "gaps": [_gap(g) for g in answer.gaps],
        "next": {"what": str(answer.next.what), "who": answer.next.who, "by": str(answer.next.by) or None,
                 "values": [v.as_json() for v in (*answer.next.what.values, *answer.next.by.values)]}
        if answer.next else None,
        "choices": [_choice(c) for c in answer.choices], "witnesses": [_witness(w) for w in answer.witnesses],
        "details": {name: v.as_json() for name, v in answer.details.items()},
        "hint": str(answer.hint), "changes_at": _time(answer.changes_at),
        "sources": [_source(s) for s in evidence.sources if s.asked], "cut": list(evidence.cut),
        "as_of": _time(evidence.as_of), "at": _time(evidence.at), "digest": answer.digest,
    }  # fmt: skip


def _time(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def _said(text: Text) -> dict[str, Any]:
    return {"text": str(text), "values": [v.as_json() for v in text.values]}


def _step(step: Step) -> dict[str, Any]:
    values = [v.as_json() for v in (*step.label.values, *step.when.values)]
    return {
        "key": step.key, "label": str(step.label), "state": step.state, "when": str(step.when) or None,
        "values": values,
    }  # fmt: skip


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "source": gap.source, "title": gap.title, "domain": gap.domain, "reason": gap.reason,
        "since": _time(gap.since), "last_known": str(gap.last_known) or None, "can_change": gap.can_change,
        "note": gap.note, "values": [v.as_json() for v in gap.last_known.values],
    }  # fmt: skip


def _choice(choice: Choice) -> dict[str, Any]:
    return {"ref": choice.ref, **_said(choice.text)}


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "source": witness.source, "title": witness.title, "domain": witness.domain, **_said(witness.text),
        "facts": list(witness.facts), "checks": list(witness.checks),
    }  # fmt: skip


def _source(source: SourceView) -> dict[str, Any]:
    return {
        "name": source.name, "title": source.title, "domain": source.domain, "status": source.status,
        "checked_at": _time(source.checked_at), "age_s": source.age_s, "took_ms": source.took_ms,
        "limit_s": int(source.limit.total_seconds()), "since": _time(source.since), "reason": source.reason,
        "complete": source.complete,
    }  # fmt: skip
