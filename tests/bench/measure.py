"""What all benches share: contestants that take turns, medians, and lines that say whether a limit holds.

The machine is shared and noisy, so only ratios of one run are compared, and every contestant meets the same noise.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any


def timed(work: Callable[[], Any]) -> float:
    """Seconds that ``work`` takes, once."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(work: Callable[[], Any], times: int = 15) -> float:
    """The median of several runs in seconds, after one to warm up."""
    work()
    return statistics.median(timed(work) for _ in range(times))


def interleaved(contestants: Mapping[str, Callable[[], Any]], times: int = 9, warm: int = 1) -> dict[str, float]:
    """The median of each contestant in seconds; they take turns, so that a busy moment hits all of them."""
    took: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(times + warm):
        for name, work in contestants.items():
            seconds = timed(work)
            if turn >= warm:
                took[name].append(seconds)
    return {name: statistics.median(found) for name, found in took.items()}


def say(
    name: str, value: float, *, at_most: float | None = None, at_least: float | None = None, unit: str = "x"
) -> bool:
    """Prints one line of the table: the value, its limit and whether it holds. Gives whether it holds."""
    held = (at_most is None or value <= at_most) and (at_least is None or value >= at_least)
    limit = f"at most {at_most:g}" if at_most is not None else f"at least {at_least:g}" if at_least is not None else ""
    word = "" if not limit else "ok" if held else "MISSED"
    print(f"  {name:<74} {value:8.3f} {unit:<3} {limit:<14} {word}".rstrip(), flush=True)
    return held
