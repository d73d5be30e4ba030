"""A file that somebody sent and looks at before it is imported: under ``VAR_DIR/uploads``, one for each person and
source, for a day. Once it is imported the database has all of it."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from connectors.host.errors import BadImport

KEPT_S = 24 * 3600.0
GONE = "The file is not here any more: it is kept for a day, where it was sent to. Choose it again."


@dataclass(frozen=True)
class Upload:
    """``name`` is the file's own, as its sender has it; ``size`` in bytes."""

    name: str
    size: int
    path: Path


def upload_keep(*, source: str, who: str, name: str, size: int, chunks: Iterable[bytes]) -> Upload:
    """Keep a file in the place of the one that this person sent for this source before. Raises BadImport."""
    if size > settings.MAX_IMPORT_BYTES:
        raise BadImport(
            f"{name} has {size:,} bytes; a file may have {settings.MAX_IMPORT_BYTES:,} here. "
            "Send it in parts, or import it with manage.py facts_import, which has no limit."
        )
    place = _place(source, who)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _forget_old(place.parent)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
        place.with_suffix(".json").write_text(json.dumps({"name": name}), encoding="utf-8")
    except OSError as error:
        upload_forget(source=source, who=who)
        raise BadImport(f"{name} could not be kept ({error.strerror}). Nothing of it was; send it again.") from error
    return Upload(name, size, place)


def upload_get(*, source: str, who: str) -> Upload:
    """The file that this person looks at. Raises BadImport where there is none any more."""
    place = _place(source, who)
    try:
        kept = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
        return Upload(str(kept["name"]), place.stat().st_size, place)
    except (OSError, ValueError, KeyError, TypeError):
        raise BadImport(GONE) from None


def upload_forget(*, source: str, who: str) -> None:
    for path in (_place(source, who), _place(source, who).with_suffix(".json")):
        path.unlink(missing_ok=True)


def _place(source: str, who: str) -> Path:
    """By a digest: neither a name nor an account chooses a path."""
    digest = hashlib.sha256(f"{source}\n{who}".encode()).hexdigest()[:32]
    return Path(settings.VAR_DIR) / "uploads" / f"{digest}.file"


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - KEPT_S:
            path.unlink(missing_ok=True)
