"""The key that signs anchors: a reference in the settings, or one made under VAR_DIR while developing."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from cases.errors import BadInput
from cases.ledger.anchors import endorsement
from cases.ledger.keys import BadKey, SigningKey, key_new, key_read
from cases.models import LedgerKey
from connectors.host.services import clock_tick
from connectors.sdk import BadSettings
from connectors.sdk.secrets import secret_resolve


def ledger_key() -> SigningKey | None:
    """The key that signs now; None where none is set. Raises BadInput where it can't be read."""
    reference = settings.LEDGER_KEY
    if not reference:
        return _own() if settings.DEBUG or settings.DEMO else None
    return _read(reference)


def _read(reference: str) -> SigningKey:
    try:
        return key_read(secret_resolve(reference))
    except (BadSettings, BadKey) as error:
        raise BadInput(f"LEDGER_KEY: {error}", "key") from error


def _own() -> SigningKey:
    """Of this installation alone, made when it is first wanted: by one process, and nobody reads half of it."""
    path = Path(settings.VAR_DIR) / "ledger_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"ledger_key.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key_new())
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return key_read(path.read_text())


def ledger_problem() -> str:
    """Why the key that is set can't be used, in a sentence; empty where it can, or where none is set."""
    try:
        return "" if not settings.LEDGER_KEY or _read(settings.LEDGER_KEY) else ""
    except BadInput as error:
        return str(error)


def key_record(key: SigningKey, at: datetime) -> None:
    """Its public half, the first time that it signs."""
    LedgerKey.objects.get_or_create(key_id=key.id, defaults={"public": key.public, "since": at})


def ledger_rotate(*, to: str) -> LedgerKey:
    """Have the key that signs now say that the one at the reference ``to`` comes after it. From when LEDGER_KEY names
    that one, it signs. Raises BadInput where either can't be read or both are the same."""
    old, new = ledger_key(), _read(to)
    if old is None:
        raise BadInput("LEDGER_KEY is not set: there is no key that could speak for another.", "key")
    if old.id == new.id:
        raise BadInput("That is the key that signs already.", "to")
    with transaction.atomic():
        at = clock_tick()
        key_record(old, at)
        row, made = LedgerKey.objects.get_or_create(
            key_id=new.id,
            defaults={"public": new.public, "since": at, "endorsed_by": old.id,
                      "endorsement": old.sign(endorsement(new.id, new.public))},
        )  # fmt: skip
    if not made:
        raise BadInput(f"The key {new.id} is known already.", "to")
    return row
