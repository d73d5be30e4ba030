"""A mailbox as a folder of files (Maildir): one letter a file, whole before it is seen."""

from __future__ import annotations

import mailbox
import os
import socket
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

MAX_LETTER = 30_000_000


def folder_read(path: Path, take: Callable[[bytes], object], enough: Callable[[], bool]) -> bool:
    """Hand each letter in ``new`` to ``take``, then move it to ``cur``: one whose taking was cut short comes again.

    True where none is left. Raises OSError where the folder can't be used.
    """
    folder_make(path)
    for file in sorted((path / "new").iterdir(), key=lambda p: p.name):
        if enough():
            return False
        try:
            with file.open("rb") as letter:
                take(letter.read(MAX_LETTER))
            file.rename(path / "cur" / f"{file.name}:2,S")
        except FileNotFoundError:  # another worker was quicker
            continue
    return True


def folder_make(path: Path) -> None:
    """The three folders of a Maildir."""
    for part in ("tmp", "new", "cur"):
        (path / part).mkdir(parents=True, exist_ok=True, mode=0o700)


def letter_put(path: Path, letter: bytes) -> str:
    """Put a letter into the folder; returns its file's name. It is on the disk when this returns."""
    folder_make(path)
    name = f"{time.time():.6f}.{uuid.uuid4().hex}.{socket.gethostname().replace('/', '_').replace(':', '_')}"
    fresh = path / "tmp" / name
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(letter)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path / "new" / name)
    return name


def letters_in(path: Path) -> list[tuple[str, bytes]]:
    """``(name, bytes)`` of every letter in the folder, read or not, oldest first."""
    if not (path / "new").is_dir():
        return []
    box = mailbox.Maildir(str(path), create=False)
    return sorted((name.partition(":")[0], box.get_bytes(name)) for name in box.keys())  # noqa: SIM118


class FolderBackend(BaseEmailBackend):
    """Letters leave into a folder. Django makes one for each connection, with the folder of ``EMAIL_FILE_PATH``."""

    def __init__(self, *args: object, file_path: str | None = None, **kwargs: object) -> None:
        from django.conf import settings

        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.path = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            letter_put(self.path, message.message().as_bytes(linesep="\r\n"))
        return len(email_messages)
