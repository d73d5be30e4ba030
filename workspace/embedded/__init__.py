"""PostgreSQL and Valkey out of the package index, for a machine that has neither.

`running(var_dir, environ)` starts what is not set, and nothing else. All that is particular to one server lies in
`postgres.py` and `valkey.py`; either can be swapped for another way to get the same URL. Both listen on 127.0.0.1
with a password, keep their state under `var_dir`, find it again, and end with the process that started them.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from workspace.embedded import postgres, valkey
from workspace.embedded.place import EmbeddedError, place_for, write_private

__all__ = ["EmbeddedError", "running"]


@contextmanager
def running(var_dir: Path, environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Starts the servers whose variables are missing in `environ`; yields the variables to add for every process.

    While they run `var_dir/servers.json` names them, so that other commands in the same checkout find them. Raises
    EmbeddedError when another run holds `var_dir`, or a server does not start.
    """
    var_dir = var_dir.absolute()
    want_database, want_broker = not environ.get("DATABASE_URL"), not environ.get("BROKER_URL")
    if not (want_database or want_broker):
        yield {}
        return
    var_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_held(var_dir / "servers.lock"))
        place = place_for(var_dir / "embedded")
        added: dict[str, str] = {}
        if want_database:
            database = stack.enter_context(postgres.started(place, log=var_dir / "log" / "postgres.log"))
            added |= {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url}
        if want_broker:
            added["BROKER_URL"] = stack.enter_context(valkey.started(place, log=var_dir / "log" / "valkey.log"))
        stack.enter_context(_told(var_dir / "servers.json", added))
        yield added


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """An exclusive lock that the kernel gives back however its holder ends."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise EmbeddedError(
                f"Another run (process {holder}) already uses {path.parent}: stop it, or set VAR_DIR to another folder"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _told(path: Path, added: dict[str, str]) -> Iterator[None]:
    write_private(path, json.dumps({"pid": os.getpid(), **{key.lower(): url for key, url in added.items()}}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
