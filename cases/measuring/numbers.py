"""The arithmetic of the measures: intervals on small numbers, medians from classes of durations. Integers decide."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

FEW = 20
"""Under so many, a share is too few to say anything about."""
FEW_TIMES = 5
"""The same for a median."""
Z = 1.959963984540054
"""Of the normal distribution, for 95 %."""
FINE = 4
"""A class of durations is at most 1/2**FINE of its shortest wide: 6 %."""


def wilson(met: int, of: int) -> tuple[float, float]:
    """The interval in which a share lies with 95 % (Wilson's score). ``(0, 1)`` where nothing was counted."""
    if of <= 0:
        return 0.0, 1.0
    share, z2 = min(1.0, met / of), Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    low = 0.0 if met <= 0 else max(0.0, middle - half)
    return low, 1.0 if met >= of else min(1.0, middle + half)


def bucket(seconds: int) -> int:
    """The class of a duration, by its shortest in seconds. Up to 31 seconds each second is its own."""
    shift = max(0, seconds.bit_length() - FINE - 1)
    return (seconds >> shift) << shift


def bucket_width(start: int) -> int:
    """How many seconds wide the class is."""
    return 1 << max(0, start.bit_length() - FINE - 1)


def median(classes: Iterable[tuple[int, int]]) -> int | None:
    """The median in seconds: the middle of the class in which it lies (at most 3 % off); None of nothing. Each class is
    its shortest and how many it counts; the same one may come several times."""
    counts: dict[int, int] = {}
    for start, count in classes:
        counts[start] = counts.get(start, 0) + count
    whole, before = sum(counts.values()), 0
    for start in sorted(counts):
        before += counts[start]
        if 2 * before >= whole > 0:
            return start + (bucket_width(start) - 1) // 2
    return None
