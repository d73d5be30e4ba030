"""The way from single rows to the root of their day, for those who have the root and not the rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from connectors.host.models import DigestDay, DigestPart
from connectors.host.services.digests.merkle import path, root_of, split
from connectors.host.services.digests.sealing import salt_of


def digest_proofs(kind: str, day: date, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """By id: ``{day, leaf, salt, path}``, where ``path`` leads from its last leaf to the day's root. Rows whose day
    goes on are left out."""
    wanted = set(ids)
    if not wanted or not DigestDay.objects.filter(kind=kind, day=day).exists():
        return {}
    roots: list[bytes] = []
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    for part in DigestPart.objects.filter(kind=kind, day=day).order_by("number").iterator(20):
        leaves = split(bytes(part.leaves))
        roots.append(root_of(leaves))
        for id_, index in {id_: index for index, id_ in enumerate(part.ids) if id_ in wanted}.items():
            one = {"day": day.isoformat(), "leaf": leaves[index].hex(), "salt": salt_of(part, index),
                   "path": path(leaves, index)}  # fmt: skip
            found[id_] = (len(roots) - 1, one)
    for number, one in found.values():
        one["path"] = [list(step) for step in [*one["path"], *path(roots, number)]]
    return {id_: one for id_, (_, one) in found.items()}
