"""Which cases rest on which source."""

from __future__ import annotations

from cases.models import CaseSummary
from connectors.host.selectors.uses import refs_with_facts

LOOKED_AT = 2000


def open_cases_using(source: str) -> int | None:
    """How many open cases have facts of this source; None where there are too many cases to look through."""
    open_ = CaseSummary.objects.exclude(case__state="closed").values_list("ref_ids", flat=True)
    by_case = list(open_[: LOOKED_AT + 1])
    if len(by_case) > LOOKED_AT:
        return None
    known = refs_with_facts(source, {ref for refs in by_case for ref in refs})
    return sum(not known.isdisjoint(refs) for refs in by_case)
