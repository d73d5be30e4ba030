"""Starting a process that never outlives the one that started it, and ports to give it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    account: tuple[int, int] | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    stdout: int | IO[Any] | None = None,
) -> subprocess.Popen[bytes]:
    """Starts `argv` in a session of its own, so that Ctrl-C reaches only the one who stops things in order.

    `account` is (uid, gid) to run as; only root may give one. `death_signal` is what the kernel sends the child when
    the *thread* that called this ends, however it ends (Linux; elsewhere the caller's own tidying is all there is):
    so call it from a thread that lives as long as the child should. stderr goes where stdout goes.
    """
    parent = os.getpid()

    def in_child() -> None:
        # Runs after the change of account, which would clear the death signal if it were set before.
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

    as_account: dict[str, Any] = {}
    if account:
        as_account = {"user": account[0], "group": account[1], "extra_groups": []}
    return subprocess.Popen(
        [str(part) for part in argv],
        env=dict(env) if env is not None else None,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout is not None else None,
        start_new_session=True,
        preexec_fn=in_child,  # noqa: PLW1509  (one prctl call; nothing in it takes a lock)
        **as_account,
    )


def stop(process: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, within_s: float = 5) -> None:
    """Asks the process to stop, kills it after `within_s`, then kills whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(within_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def is_running(process: subprocess.Popen[bytes]) -> bool:
    """Whether it has not ended."""
    return process.poll() is None


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def wait_until(ready: Callable[[], bool], *, timeout_s: float, alive: Callable[[], bool] = lambda: True) -> bool:
    """Polls `ready` until it is true (True), or time is up or `alive` turns false (False)."""
    ends = time.monotonic() + timeout_s
    while time.monotonic() < ends:
        if ready():
            return True
        if not alive():
            return False
        time.sleep(0.05)
    return False
