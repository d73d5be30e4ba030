"""What a verification found, and what it is given to compare with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cases.ledger.anchors import Signed
from connectors.host.services.digests import Fault

More = Callable[[], bool]
"""Whether there is time for more."""
CHUNK = 500


@dataclass
class Verdict:
    """How much was looked at, and the first broken link, if any. ``place`` is empty once everything was."""

    counts: dict[str, int] = field(default_factory=dict)
    fault: Fault | None = None
    place: dict[str, Any] = field(default_factory=dict)

    @property
    def intact(self) -> bool:
        return self.fault is None

    def add(self, **found: int) -> None:
        for name, number in found.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def as_json(self) -> dict[str, Any]:
        fault = self.fault.as_json() if self.fault else None
        return {"intact": self.intact, "fault": fault, "counts": self.counts}


@dataclass(frozen=True)
class Exported:
    """Anchors as they were kept elsewhere, by day, and the public keys that came with them."""

    anchors: Mapping[str, Signed]
    keys: Mapping[str, str]


class Stopped(Exception):
    """Its time is up; where to go on."""
