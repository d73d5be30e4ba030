"""A case leaves the house: signed, and on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from cases.actors import Actor
from cases.ledger.bundle import bundle_signed
from cases.models import Case
from cases.selectors.ledger.bundle import case_bundle
from cases.services.accessing import access_record
from cases.services.ledger.keeping import key_record, ledger_key
from connectors.host.services import clock_tick
from connectors.host.services.digests import plain


def case_export(
    *, case: Case | int | str, actor: Actor, as_of: datetime | None = None, notes: bool = True, route: str = "",
    hide: Callable[[Any], Any] = lambda given: given, reviews: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """The signed bundle of a case (``cases.ledger.bundle``), up to ``as_of``; who took it is recorded as access.

    Without ``notes`` the words for colleagues are left out, without ``reviews`` those of reviewers, and ``hide`` masks
    what the reader may not see; digests stay. Raises CaseNotFound, the host's BadMoment, and BadInput where the
    ledger's key can't be read.
    """
    bundle = case_bundle(case=case, as_of=as_of, notes=notes, hide=hide, reviews=reviews)
    key = ledger_key()
    with transaction.atomic():
        at = clock_tick()
        if key is not None:
            key_record(key, at)
        why = f"A bundle of the case{'' if notes else ' without internal notes'}"
        access_record(actor=actor, what="export", route=route, case=bundle["case"], why=why, at=at)
    keys = bundle["keys"] if key is None else _with(bundle["keys"], {"id": key.id, "public": key.public})
    return bundle_signed({**bundle, "keys": keys, "made_at": plain(at), "made_by": actor.name or actor.id}, key)


def _with(keys: list[dict[str, str]], mine: dict[str, str]) -> list[dict[str, str]]:
    return keys if mine in keys else [*keys, mine]
