"""The keys with which the workspace calls the demo systems: made once, kept in files that only we can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def keys_kept(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """The file of each name's key, made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / name for name in names}
    for path in paths.values():
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(24))
        except FileExistsError:
            pass
    return paths
