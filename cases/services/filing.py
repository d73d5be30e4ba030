"""Bytes that are kept as files under ``VAR_DIR``, named by their digest: the same content is one file."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from django.conf import settings


def file_keep(content: bytes) -> str:
    """Keep some bytes; returns their SHA-256, by which they are found. They are on the disk when this returns."""
    digest = hashlib.sha256(content).hexdigest()
    path = file_path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return digest


def file_path(digest: str) -> Path:
    """Where the file of this digest lies, whether or not it is there. Raises ValueError for what is no digest."""
    if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
        raise ValueError("This is no digest of a file.")
    return Path(settings.VAR_DIR) / "letters" / digest[:2] / digest
