"""What the verbs note for the measures while they know it: who spoke against a claim, how old a fact was when used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from cases.answers import Answer
from cases.told.shapes import DraftCheck
from cases.views import CaseView
from connectors.host.views import Evidence


def sources_of(evidence: Evidence, facts: Collection[int]) -> list[str]:
    """Names of the sources of these fact versions, as far as they are current."""
    return sorted({f.source for f in evidence.facts if f.id in facts})


def facts_used(view: CaseView, ids: Iterable[int]) -> list[dict[str, Any]]:
    """Each current fact with its source, and whether it was confirmed within its limit. What is fixed always is."""
    wanted, found = set(ids), []
    for fact in view.evidence.facts:
        source = view.evidence.source(fact.source) if fact.id in wanted else None
        if source is not None:
            within = source.status == "fixed" or view.at - fact.confirmed_at <= source.limit
            found.append({"fact": fact.id, "source": fact.source, "within": within})
    return sorted(found, key=lambda one: int(one["fact"]))


def warned_of(view: CaseView, check: DraftCheck) -> list[dict[str, Any]]:
    """The contradictions that a draft's writer is shown, each once: ``{key, by, sources}``."""
    found = {
        f.key: {"key": f.key, "by": f.data["by"], "sources": sources_of(view.evidence, f.data["facts"])}
        for f in check.findings if f.kind == "contradiction" and f.key
    }  # fmt: skip
    return [found[key] for key in sorted(found)]


def sent_notes(view: CaseView, check: DraftCheck, claims: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """For the event of a message: the facts that it rested on, the contradictions that it was sent with, and how many
    promises in it name no day."""
    facts = {f for c in claims for f in c["facts"]} | {f for s in check.said for f in s.facts}
    undated = sum(f.kind == "promise" and not f.data.get("due_at") for f in check.findings)
    against = [f["key"] for f in warned_of(view, check)]
    return {"used": facts_used(view, facts), "against": against, "undated": undated}


def witnesses(answer: Answer) -> list[dict[str, Any]]:
    """Who disagrees in an answer, and on which facts."""
    return [{"source": w.source, "facts": list(w.facts)} for w in answer.witnesses]


def gave_way(before: Sequence[Mapping[str, Any]], evidence: Evidence) -> list[str]:
    """Of sources that disagreed: those whose word has changed or gone since."""
    now = {f.id for f in evidence.facts}
    return sorted({str(w["source"]) for w in before if w["facts"] and not set(w["facts"]) <= now})
