"""Anchors as they leave the house, to be kept elsewhere, and as they come back to be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.errors import BadInput
from cases.ledger.anchors import Signed
from cases.ledger.keys import key_id
from cases.models import LedgerKey
from cases.selectors.ledger.anchored import anchors_signed
from cases.selectors.ledger.verdicts import Exported

FORMAT = "throughline-anchors/1"


def anchors_export(since: date | None = None) -> dict[str, Any]:
    """``{format, keys, anchors}``: the public keys and the signed anchors, oldest first, as JSON."""
    keys = [
        {"id": k.key_id, "public": k.public, "since": k.since.isoformat(), "endorsed_by": k.endorsed_by,
         "endorsement": k.endorsement}
        for k in LedgerKey.objects.order_by("pk")
    ]  # fmt: skip
    return {"format": FORMAT, "keys": keys, "anchors": [anchor.as_json() for anchor in anchors_signed(since)]}


def anchors_read(text: str) -> Exported:
    """What ``anchors_export`` gave, or a bundle of a case, whose anchors are the same. Raises BadInput."""
    try:
        given = json.loads(text)
        anchors = [Signed.from_json(one) for one in given["anchors"]]
        keys = {key_id(one["public"]): str(one["public"]) for one in given["keys"]}
    except (ValueError, KeyError, TypeError) as error:
        what = "This is no file of anchors: give one that `manage.py ledger export` wrote."
        raise BadInput(what, "anchors") from error
    return Exported(_by_day(anchors), keys)


def _by_day(anchors: list[Signed]) -> Mapping[str, Signed]:
    return {anchor.day: anchor for anchor in anchors}
