"""What leaves as it came, or whole by its purpose, can't be masked: it is for who may see all that it may hold."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from workspace.access.fields import hidden


class NeedsAccess(PermissionDenied):
    """A file that can't be masked. ``case`` is its case's reference, empty for what belongs to none."""

    def __init__(self, case: Any = None) -> None:
        super().__init__("What is in this can’t be masked, so it is for who may see all of it.")
        self.case = str(getattr(case, "pk", case) or "")


def whole_only(user: Any, case: Any = None) -> None:
    """Raises NeedsAccess for who sees any class masked but whole cards, which nobody sees."""
    if hidden(user, case) - {"card"}:
        raise NeedsAccess(case)
