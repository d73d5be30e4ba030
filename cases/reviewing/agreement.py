"""How far two judges agree: the share with its counts, and Cohen's kappa where there are enough. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

ENOUGH = 20
"""Below so many pairs chance alone moves kappa too far for it to be shown."""
_Z = 1.959963984540054


@dataclass(frozen=True)
class Agreement:
    """``same`` of ``pairs`` verdicts were alike. ``low`` and ``high`` are the 95 % interval (Wilson) of that share;
    ``kappa`` is None below ENOUGH pairs, and where one verdict alone was ever given."""

    pairs: int
    same: int
    low: float
    high: float
    kappa: float | None

    @property
    def share(self) -> float | None:
        """0 to 1; None where there is nothing to compare."""
        return self.same / self.pairs if self.pairs else None


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Of pairs of verdicts on the same thing, the first judge's and the other's."""
    table = Counter(pairs)
    n = sum(table.values())
    same = sum(count for (one, other), count in table.items() if one == other)
    low, high = wilson(same, n)
    return Agreement(n, same, low, high, _kappa(table, n, same) if n >= ENOUGH else None)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) where nothing was counted."""
    if not n:
        return 0.0, 1.0
    share, z2 = hits / n, _Z * _Z
    middle, half = share + z2 / (2 * n), _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    return max(0.0, min(low, share)), min(1.0, max(high, share))  # at 0 and 1 rounding would step past the share


def _kappa(table: Counter[tuple[str, str]], n: int, same: int) -> float | None:
    """(observed - expected) / (1 - expected), where expected is the agreement of two who judge by chance with their
    own frequencies."""
    one: Counter[str] = Counter()
    other: Counter[str] = Counter()
    for (a, b), count in table.items():
        one[a] += count
        other[b] += count
    expected = sum(one[v] * other[v] for v in one) / (n * n)
    return None if expected >= 1 else (same / n - expected) / (1 - expected)
