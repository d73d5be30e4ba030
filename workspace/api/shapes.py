"""From plain views to JSON. The shapes are declared in ``workspace.api.schemas``; a test holds the two together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from cases.answers import Answer, Gap, Next, Step, Text, Witness
from cases.views import CaseView, PersonView, QueueItem, SearchResult, TimelineEntry
from connectors.host.views import FactView, SourceView
from customers.views import MergeView


def instant(at: datetime | date | None) -> str | None:
    """ISO 8601 with the offset; a bare date where only the day is known."""
    return at.isoformat() if at else None


def words(text: Text) -> str | None:
    return str(text) or None


def values(*texts: Text) -> list[dict[str, Any]]:
    return [v.as_json() for text in texts for v in text.values]


def queue_item(item: QueueItem) -> dict[str, Any]:
    return {
        "reference": item.reference, "state": item.state, "question": item.question,
        "question_title": item.question_title, "situation": item.situation, "answer_state": item.answer_state,
        "label": item.label, "headline": item.headline, "person": item.person, "owner": item.owner,
        "opened_at": instant(item.opened_at), "waiting_since": instant(item.waiting_since),
        "changes_at": instant(item.changes_at), "refreshed_at": instant(item.refreshed_at),
        "next_promise_at": instant(item.next_promise_at),
    }  # fmt: skip


def case(view: CaseView) -> dict[str, Any]:
    verified = view.verified
    return {
        "reference": view.reference, "state": view.state, "channel": view.channel, "opened_at": instant(view.opened_at),
        "owner": {"id": view.owner.id, "name": view.owner.name}, "person": person(view.person),
        "question": view.question, "question_title": view.question_title, "questions": list(view.questions),
        "asked": view.asked, "asked_at": instant(view.asked_at), "waiting_since": instant(view.waiting_since),
        "refs": [str(r) for r in view.refs],
        "verified": {"how": verified.how, "by": verified.by, "at": instant(verified.at)} if verified else None,
        "answer": _brief(view.answer),
        "also": [{"question": a.question, **_brief(a)} for a in view.also],
        "others": [
            {"reference": o.reference, "question": o.question, "opened_at": instant(o.opened_at), "state": o.state,
             "headline": o.headline}
            for o in view.others
        ],
        "chosen": view.chosen, "chosen_by": list(view.evidence_words),
        "proposal": view.proposal.as_json() if view.proposal else None, "pinned": [p.as_json() for p in view.pinned],
        "offer": view.offer.as_json() if view.offer else None,
        "mails": [{"statement": m.statement_id, "state": m.state, "error": m.error} for m in view.mails],
        "as_of": instant(view.as_of), "at": instant(view.at), "live": view.live,
    }  # fmt: skip


def _brief(found: Answer) -> dict[str, Any]:
    return {
        "state": found.state, "situation": found.situation, "flags": list(found.flags),
        "headline": str(found.headline), "digest": found.digest,
    }  # fmt: skip


def person(who: PersonView) -> dict[str, Any]:
    return {
        "customer": who.customer_id, "name": who.name, "refs": [str(r) for r in who.refs],
        "ambiguous": list(who.ambiguous),
        "candidates": [{"customer": c.id, "name": c.name, "refs": [str(r) for r in c.refs]} for c in who.candidates],
        "merges": [merge(m) for m in who.merges],
    }  # fmt: skip


def merge(said: MergeView) -> dict[str, Any]:
    """Two customers who are one person, and who says so."""
    return {
        "merge": said.id, "keep": said.keep, "keep_name": said.keep_name, "other": said.other,
        "other_name": said.other_name, "by": said.by, "why": said.why, "at": instant(said.at),
    }  # fmt: skip


def answer(view: CaseView) -> dict[str, Any]:
    """The answer of a case with everything it rests on."""
    found = view.answer
    return {
        "reference": view.reference, "question": found.question, "rules": found.rules, "state": found.state,
        "situation": found.situation, "flags": list(found.flags), "headline": str(found.headline),
        "headline_values": values(found.headline), "steps": [_step(s) for s in found.steps],
        "claims": [c.as_json() for c in found.claims], "gaps": [_gap(g) for g in found.gaps],
        "next": _next(found.next), "changes_at": instant(found.changes_at),
        "sources": sources(view.evidence.sources), "digest": found.digest, "draft": view.draft,
        "hint": words(found.hint), "choices": [{"ref": c.ref, "text": str(c.text)} for c in found.choices],
        "witnesses": [_witness(w) for w in found.witnesses], "details": _details(found), "cut": list(view.evidence.cut),
        "as_of": instant(view.as_of), "at": instant(view.at), "live": view.live,
    }  # fmt: skip


def _details(found: Answer) -> dict[str, Any]:
    return {name: value.as_json() for name, value in found.details.items()}


def _step(step: Step) -> dict[str, Any]:
    return {
        "key": step.key, "label": str(step.label), "state": step.state, "when": words(step.when),
        "values": values(step.label, step.when),
    }  # fmt: skip


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "source": gap.source, "title": gap.title, "domain": gap.domain, "reason": gap.reason,
        "since": instant(gap.since), "last_known": words(gap.last_known), "can_change": gap.can_change,
        "note": gap.note, "values": values(gap.last_known),
    }  # fmt: skip


def _next(step: Next | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "what": str(step.what), "who": step.who, "by": words(step.by), "values": values(step.what, step.by)
    }  # fmt: skip


def _witness(side: Witness) -> dict[str, Any]:
    return {
        "source": side.source, "title": side.title, "domain": side.domain, "text": str(side.text),
        "facts": list(side.facts), "checks": list(side.checks), "values": values(side.text),
    }  # fmt: skip


def sources(views: Sequence[SourceView]) -> list[dict[str, Any]]:
    return [
        {"name": v.name, "title": v.title, "domain": v.domain, "connector": v.connector, "status": v.status,
         "checked_at": instant(v.checked_at), "age_s": v.age_s, "took_ms": v.took_ms, "since": instant(v.since),
         "reason": v.reason, "limit_s": v.limit.total_seconds(), "asked": v.asked, "complete": v.complete}
        for v in views
    ]  # fmt: skip


def entry(line: TimelineEntry) -> dict[str, Any]:
    """One line of a timeline."""
    actor = {"actor_kind": line.actor_kind or None, "changed_from": line.changed_from}
    return {**line.as_json(), "number": line.number, "source_title": line.source_title, "how": line.how, **actor}


def fact(view: FactView) -> dict[str, Any]:
    """One version of a fact."""
    return {
        "id": view.id, "kind": view.kind, "said": view.said, "data": dict(view.data),
        "refs": [str(r) for r in view.refs], "source": view.source, "source_title": view.source_title,
        "domain": view.domain, "record_type": view.record_type, "record_id": view.record_id,
        "occurred": instant(view.occurred or view.day), "occurred_precision": view.precision, "zone": view.zone,
        "learned_at": instant(view.learned_at), "superseded_at": instant(view.superseded_at), "version": view.version,
        "how": view.how, "implied": view.implied, "url": view.url,
    }  # fmt: skip


def search(found: SearchResult) -> dict[str, Any]:
    """Orders (and what belongs to them), people, cases, and what the words could mean."""
    named = {ref for p in found.people for ref in p.refs}
    unnamed = [r for r in found.refs if r.ref.is_person and str(r.ref) not in named]
    return {
        "query": found.query,
        "orders": [{"ref": str(r.ref), "cases": list(r.cases)} for r in found.refs if not r.ref.is_person],
        "people": [
            {"customer": p.customer_id, "name": p.name, "refs": list(p.refs), "cases": list(p.cases)}
            for p in found.people
        ] + [{"customer": None, "name": "", "refs": [str(r.ref)], "cases": list(r.cases)} for r in unnamed],
        "cases": [queue_item(c) for c in found.cases],
        "guess": [str(r) for r in found.guess],
    }  # fmt: skip
