"""Which version of a policy is in force for a matter, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.questions.common.due import zone_of
from cases.questions.common.matter import Matter
from connectors.host.views import Evidence, FactView


@dataclass(frozen=True)
class Terms:
    """The version in force; ``also`` holds the others where it can't be told which one is."""

    fact: FactView
    also: tuple[FactView, ...] = ()

    def get(self, name: str) -> Any:
        """A term; None where it can't be told which version applies and they differ."""
        found = self.fact.data.get(name)
        return found if all(other.data.get(name) == found for other in self.also) else None

    def clause(self, name: str) -> str:
        said = (self.fact.data.get("clauses") or {}).get(name, "")
        return f"{self.fact.data.get('document', '')} {said}".strip()

    @property
    def calendar(self) -> str:
        return str(self.fact.data.get("calendar", ""))


def chosen(evidence: Evidence, matter: Matter, kind: str) -> Terms | None:
    """The version in force when the fact happened from which the policy applies, in the policy's zone."""
    versions = sorted(evidence.of(kind), key=lambda f: (str(f.data.get("in_force_from")), f.id))
    versions = [v for v in versions if _applies(v, matter)]
    fitting = [v for v in versions if _in_force(v, matter)]
    unsure = [v for v in versions if _start(v, matter) is None]
    if fitting:
        return Terms(fitting[-1], tuple(fitting[:-1]))
    return Terms(unsure[-1], tuple(unsure[:-1])) if unsure else None


def _applies(version: FactView, matter: Matter) -> bool:
    """Where a policy is for one market or channel, the order must carry the same label."""
    wanted = version.data.get("when") or {}
    labels = {(r.scheme, r.value) for f in matter.of("order.placed") for r in f.refs}
    return all((str(k), str(v)) in labels for k, v in wanted.items())


def _start(version: FactView, matter: Matter) -> date | None:
    fact = next(iter(matter.of(str(version.data.get("applies_from", "order.placed")))), None)
    if fact is None or fact.precision == "unknown":
        return None
    if fact.precision == "day" or fact.occurred is None:
        return fact.day
    return fact.occurred.astimezone(zone_of(version.data.get("zone", version.zone))).date()


def _in_force(version: FactView, matter: Matter) -> bool:
    start = _start(version, matter)
    return start is not None and _covers(version, start)


def _covers(version: FactView, day: date) -> bool:
    until = str(version.data.get("in_force_to") or "9999-12-31")
    return str(version.data.get("in_force_from", "")) <= day.isoformat() <= until


def in_force(evidence: Evidence, matter: Matter, kind: str, day: date) -> Terms | None:
    """The version in force on a day, whatever the matter began with."""
    versions = sorted(evidence.of(kind), key=lambda f: (str(f.data.get("in_force_from")), f.id))
    found = [v for v in versions if _applies(v, matter) and _covers(v, day)]
    return Terms(found[-1]) if found else None
