"""How often more may be asked of a source than its connector asked for."""

from __future__ import annotations

import threading


class Budget:
    """Tokens that calls earn and extra calls spend: ``ratio`` for each call, ``start`` at first, ``most`` saved up."""

    def __init__(self, ratio: float, start: float, most: float) -> None:
        self._ratio, self._tokens, self._most = ratio, start, most
        self._lock = threading.Lock()

    def earn(self) -> None:
        """A request was made."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + self._ratio)

    def take(self) -> bool:
        """True where one more may be made; it is then spent."""
        with self._lock:
            if self._tokens < 1:
                return False
            self._tokens -= 1
            self.taken += 1
            return True

    taken = 0
    """How often it was spent."""


class RetryBudget(Budget):
    """Retries may be a tenth of the requests, over all callers of a source; two are free at the start."""

    def __init__(self, ratio: float = 0.1, start: float = 2.0, most: float = 10.0) -> None:
        super().__init__(ratio, start, most)
