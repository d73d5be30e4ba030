"""Anchors as they leave the house, to be kept elsewhere, and as they come back to be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from cases.errors import BadInput
from cases.ledger.anchors import Signed
from cases.ledger.keys import key_id
from cases.models import LedgerKey
from cases.selectors.ledger.anchored import anchors_signed
from cases.selectors.ledger.verdicts import Exported

FORMAT = "throughline-anchors/1"


def anchors_export(since: date | None = None) -> Iterator[str]:
    """``{format, keys, anchors}`` as JSON, piece by piece: the public keys and the signed anchors, oldest first."""
    keys = [
        {"id": k.key_id, "public": k.public, "since": k.since.isoformat(), "endorsed_by": k.endorsed_by,
         "endorsement": k.endorsement}
        for k in LedgerKey.objects.order_by("pk")
    ]  # fmt: skip
    yield f'{{"format": "{FORMAT}",\n"keys": {json.dumps(keys)},\n"anchors": ['
    for number, anchor in enumerate(anchors_signed(since)):
        yield f"{',' if number else ''}\n{json.dumps(anchor.as_json(), ensure_ascii=False)}"
    yield "\n]}\n"


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
