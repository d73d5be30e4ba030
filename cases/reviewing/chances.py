"""Chances that nobody can foresee and that come out the same each time: a keyed hash. Pure."""

from __future__ import annotations

import hashlib
import hmac

_RANGE = 2**64


def drawn(key: str, lot: str, name: str, share: float) -> bool:
    """Whether ``name`` is among the ``share`` (0 to 1) that is drawn in this lot. Whoever draws a larger share draws
    the same names and more; other lots draw independently of this one."""
    digest = hmac.new(key.encode(), f"{lot}\n{name}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") < share * _RANGE
