"""How often a source may be asked again."""

from __future__ import annotations

import threading


class RetryBudget:
    """Retries may be a tenth of the requests, over all callers of a source; two are free at the start."""

    def __init__(self, ratio: float = 0.1, start: float = 2.0, most: float = 10.0) -> None:
        self._ratio, self._tokens, self._most = ratio, start, most
        self._lock = threading.Lock()

    def earn(self) -> None:
        """A request was made."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + self._ratio)

    def take(self) -> bool:
        """True where a retry may be made; it is then spent."""
        with self._lock:
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
