"""Where an embedded server's programs and data lie, and as whom it runs.

An ordinary user runs the programs where pip put them and keeps the data in the checkout's state folder. PostgreSQL
refuses to run as root, so for root both go to a folder of their own under the temporary directory, owned by an
account that already exists. Nothing outside that folder changes: no account, no permission of a parent folder.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from workspace import processes

# Accounts that systems have and nobody logs in to; the first that exists is used.
ACCOUNTS = ("nobody", "daemon", "postgres", "www-data")


class EmbeddedError(Exception):
    """An embedded server cannot be used; the sentence says why and what would do."""


@dataclass(frozen=True)
class Place:
    """`account` is None for an ordinary user, else the (uid, gid) that owns `path`."""

    path: Path
    account: tuple[int, int] | None = None

    def folder(self, name: str) -> Path:
        """A folder for data that only the server's account may enter."""
        path = self.path / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        """Hands a file or folder inside this place to the server's account."""
        if self.account:
            os.chown(path, *self.account, follow_symlinks=False)

    def programs(self, name: str, sources: Sequence[Path]) -> Path:
        """The folder under which `sources` can be run: their own, or for root a copy made once per `name`."""
        if not self.account:
            return sources[0].parent
        target = self.path / name
        if not target.exists():
            half = Path(tempfile.mkdtemp(prefix="half-", dir=self.path))
            for source in sources:
                if source.is_dir():
                    shutil.copytree(source, half / source.name, symlinks=True)
                elif source.exists():
                    shutil.copy(source, half / source.name)
            subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(half)], check=True)
            half.rename(target)
        return target

    def spawn(self, argv: Sequence[str | Path], *, log: Path, death_signal: signal.Signals) -> subprocess.Popen[bytes]:
        """Starts a server here, its output appended to `log`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as out:
            return processes.spawn(
                argv,
                env=plain_environment(),
                cwd=self.path,
                account=self.account,
                death_signal=death_signal,
                stdout=out,
            )

    def run(self, argv: Sequence[str | Path]) -> None:
        """Runs a command to its end as the server's account. Raises EmbeddedError with what it said."""
        extra: dict[str, Any] = {}
        if self.account:
            extra = {"user": self.account[0], "group": self.account[1], "extra_groups": []}
        command = [str(part) for part in argv]
        done = subprocess.run(
            command, env=plain_environment(), cwd=self.path, capture_output=True, text=True, check=False, **extra
        )
        if done.returncode:
            raise EmbeddedError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}")


def place_for(state: Path) -> Place:
    """The place whose state belongs to the folder `state`: the same one each time, as long as it exists."""
    state.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return Place(state)
    account = ordinary_account()
    note = state / "place.json"
    try:
        kept = Path(json.loads(note.read_text())["path"])
        found = kept.lstat()
        if kept.is_dir() and not kept.is_symlink() and (found.st_uid, found.st_gid) == account:
            return Place(kept, account)
    except (OSError, ValueError, KeyError):
        pass
    path = _new_folder(account)
    write_private(note, json.dumps({"path": str(path)}))
    return Place(path, account)


def remove(place: Place) -> None:
    """Removes a place with all that lies in it."""
    shutil.rmtree(place.path, ignore_errors=True)


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    with _private(half) as file:
        file.write(text)
    half.replace(path)


def plain_environment() -> Mapping[str, str]:
    """What servers get of our environment: nothing that could carry a secret or a setting of another PostgreSQL."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _private(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w")


def ordinary_account() -> tuple[int, int]:
    """(uid, gid) of an account that exists and may do little. Raises EmbeddedError where there is none."""
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return entry.pw_uid, entry.pw_gid
    raise EmbeddedError(
        "PostgreSQL refuses to run as root, and none of these accounts exists to run it as: "
        f"{', '.join(ACCOUNTS)}. Run as an ordinary user, or set DATABASE_URL and BROKER_URL"
    )


def _new_folder(account: tuple[int, int]) -> Path:
    """A new folder that the account can reach through its parents as they are."""
    tried: list[str] = []
    for parent in dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp"]):  # noqa: S108
        if not os.path.isdir(parent):
            continue
        path = Path(tempfile.mkdtemp(prefix="throughline-", dir=parent))
        path.chmod(0o711)
        os.chown(path, *account)
        reached = subprocess.run(
            ["test", "-w", str(path)], check=False, cwd="/", user=account[0], group=account[1], extra_groups=[]
        )
        if reached.returncode == 0:
            return path
        path.rmdir()
        tried.append(parent)
    raise EmbeddedError(
        f"No temporary folder can be reached by an unprivileged account (tried {', '.join(tried)}). "
        "Set TMPDIR to one that can, or set DATABASE_URL and BROKER_URL"
    )
