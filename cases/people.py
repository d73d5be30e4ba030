"""Whose case it is, as the evidence says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectors.host.views import Evidence
from connectors.sdk import Ref


def person_refs(evidence: Evidence) -> tuple[Ref, ...]:
    """The person refs of a case: those it was opened with, else those of its orders, else any on its facts."""
    seeds = [r for r in evidence.seeds if r.is_person]
    orders = [r for f in evidence.of("order.placed") for r in f.refs if r.is_person]
    rest = [r for r in evidence.refs if r.is_person]
    return tuple(dict.fromkeys(seeds or orders or rest))


def person_names(evidence: Evidence, refs: Sequence[Ref]) -> tuple[str, ...]:
    """What orders call the person, newest first; those of these refs before the others."""
    placed = [f for f in evidence.of("order.placed") if str(f.data.get("customer_name") or "").strip()]
    mine = [f for f in placed if set(refs) & set(f.refs)]
    return tuple(dict.fromkeys(str(f.data["customer_name"]).strip() for f in mine or placed))


def initials(name: str) -> str:
    """At most two letters for a mark beside the name."""
    words = [w for w in name.split("@")[0].replace(".", " ").split() if w[0].isalnum()]
    return "".join(w[0].upper() for w in (words[:1] + words[-1:] if len(words) > 1 else words))


def emails(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(r for r in refs if r.scheme == "email"))
