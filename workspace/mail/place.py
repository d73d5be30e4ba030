"""Where letters are read, as the environment says it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from connectors.sdk import BadSettings
from connectors.sdk.secrets import is_reference, secret_resolve

SCHEMES = {"imaps": 993, "imap": 143}


@dataclass(frozen=True)
class Place:
    """``scheme`` is imaps (TLS from the start), imap (STARTTLS, never without) or maildir, which has only a path."""

    scheme: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    """A reference: ``env:NAME`` or ``file:/path``."""
    folder: str = "INBOX"
    path: Path = Path()

    @property
    def name(self) -> str:
        """What the mailbox is called where its letters are shown."""
        shown = str(self.path) if self.scheme == "maildir" else f"{self.user}, {self.folder}"
        return shown[-60:]

    def secret(self) -> str:
        """The password. Raises BadSettings."""
        return secret_resolve(self.password)


def place_read(url: str, password: str) -> Place | None:
    """``imaps://user@host:993/INBOX`` with the password by reference, or ``maildir:/path``; None where nothing is set.

    Raises BadSettings, with a sentence that says what to set.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme == "maildir" and parts.path.startswith("/"):
        return Place("maildir", path=Path(unquote(parts.path)))
    if parts.scheme not in SCHEMES or not parts.hostname or not parts.username:
        raise BadSettings("INBOX_URL must be imaps://user@host/INBOX, imap://user@host/INBOX or maildir:/path.")
    if parts.password:
        raise BadSettings("INBOX_URL holds a password. Take it out, and set INBOX_PASSWORD=env:NAME or file:/path.")
    if not is_reference(password):
        raise BadSettings("INBOX_PASSWORD must be a reference, env:NAME or file:/path, not the password itself.")
    try:
        port = parts.port or SCHEMES[parts.scheme]
    except ValueError:
        raise BadSettings("INBOX_URL has a port that is no number.") from None
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isprintable() or not folder.isascii() or '"' in folder or "\\" in folder:
        raise BadSettings("INBOX_URL names a folder that can't be used: plain letters only, as the server lists it.")
    return Place(parts.scheme, parts.hostname, port, unquote(parts.username), password, folder)
