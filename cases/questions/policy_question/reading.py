"""The terms on returns that are in force for an order, or today where no order is named."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property

from cases.questions.common import policy
from cases.questions.common.matter import Matter
from cases.questions.common.reading import Reading
from connectors.host.views import Evidence, FactView

KIND = "policy.returns"


class TermsReading(Reading):
    """The reading of “How long may I return this?”. ``returns_policy`` is what is in force for it."""

    def __init__(self, evidence: Evidence, matter: Matter, person: str) -> None:
        super().__init__(evidence, matter, person)
        if not self.order or self._begins_with_return():
            self.returns_policy = policy.in_force(evidence, matter, KIND, self.today)

    def _begins_with_return(self) -> bool:
        """Whether the terms apply from the registering of a return that nobody has told of: it would be today."""
        terms = self.returns_policy
        return bool(terms and terms.fact.data.get("applies_from") == "return.requested"
                    and not self.m.of("return.requested"))  # fmt: skip

    @cached_property
    def named(self) -> bool:
        """Whether the case names anything that an order could be found by."""
        return any(x.scheme != "policy" for x in self.evidence.seeds)

    @cached_property
    def versions(self) -> tuple[FactView, ...]:
        """The version in force; several where it can't be told which one is."""
        return (self.returns_policy.fact, *self.returns_policy.also) if self.returns_policy else ()

    @property
    def unsure(self) -> bool:
        """Whether versions could apply that differ in how long there is."""
        return len({(v.data.get("window_days"), v.data.get("window_from")) for v in self.versions}) > 1

    @property
    def counted(self) -> bool:
        """Whether the terms say how many days there are."""
        return any(isinstance(v.data.get("window_days"), int) for v in self.versions)

    @cached_property
    def searched(self) -> tuple[int, ...]:
        """Checks of the sources of policies, where all of them have answered completely."""
        sources = [s for s in self.evidence.sources if s.domain == "policy" and s.asked]
        if not sources or not all(s.complete for s in sources):
            return ()
        names = {s.name for s in sources}
        return tuple(sorted(c.id for c in self.evidence.checks if c.source in names and c.complete
                            and c.outcome in ("found", "nothing")))  # fmt: skip

    @cached_property
    def turns(self) -> list[date | None]:
        """Last days before another version comes into force, where the day of asking decides which one it is."""
        if self.order and not self._begins_with_return():
            return []
        found: list[date | None] = []
        for version in self.evidence.of(KIND):
            begins, ends = (day_written(version.data.get(f)) for f in ("in_force_from", "in_force_to"))
            found += [begins - timedelta(days=1) if begins else None, ends]
        return found


def day_written(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None
