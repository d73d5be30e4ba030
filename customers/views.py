"""What customer selectors hand out."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.sdk import Ref


@dataclass(frozen=True)
class CustomerView:
    """A customer and the refs that stood for them at the moment asked about."""

    id: int
    name: str
    refs: tuple[Ref, ...]
