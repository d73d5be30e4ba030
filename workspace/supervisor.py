"""Runs several commands as one: prefixed output, ready before the next starts, stopped together and in order.

    with Supervisor() as supervisor:
        supervisor.start("web", [sys.executable, "-m", "uvicorn", …], env={"PORT": "8000"}, ready=answers(url))
        supervisor.start("worker", […], ready=None)
        print("Ready: …")
        code = supervisor.wait()        # until one of them ends

- Use it from the main thread: the first SIGINT, SIGTERM or SIGHUP raises SystemExit(128 + number) there, wherever
  the program is, and leaving the `with` block stops all children, last started first. More signals change nothing.
- `env` is added to this process's environment. `ready` is called again and again until it returns True.
- Raises `NotReady` when a command ends, or is not ready in `timeout_s`; its last lines are in the message.
- Children get SIGTERM from the kernel if this process is killed outright (Linux).
"""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import TextIO

from workspace import processes

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotReady(Exception):
    """A command ended before it was ready, or took too long."""


@dataclass
class Child:
    """One running command and its latest lines."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    stop_within_s: float
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=20))

    @property
    def running(self) -> bool:
        return self.process.poll() is None


def answers(url: str) -> Callable[[], bool]:
    """A readiness question: does `url` answer at all (any status below 500)?"""

    def ready() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  (our own loopback URL)
                return int(response.status) < 500
        except urllib.error.HTTPError as error:
            return error.code < 500
        except (OSError, ValueError):
            return False

    return ready


class Supervisor:
    """See the module's text. `echo=False` keeps the children's lines to error messages."""

    def __init__(self, *, out: TextIO | None = None, echo: bool = True) -> None:
        self.children: dict[str, Child] = {}
        self._out = out or sys.stdout
        self._echo = echo
        self._stopping = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Supervisor":
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._stopping = True
        self.stop_all()
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def start(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
        ready: Callable[[], bool] | None = None,
        timeout_s: float = 60,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_within_s: float = 5,
    ) -> Child:
        """Starts one command and waits until it is ready. Names are unique among the running."""
        if name in self.children and self.children[name].running:
            raise ValueError(f"{name} is already running")
        process = processes.spawn(argv, env={**os.environ, **(env or {})}, cwd=cwd, stdout=subprocess.PIPE)
        child = Child(name, process, stop_signal, stop_within_s)
        self.children[name] = child
        threading.Thread(target=self._relay, args=(child,), daemon=True).start()
        if ready and not processes.wait_until(ready, timeout_s=timeout_s, alive=lambda: child.running):
            time.sleep(0.1)  # the last words are still in the pipe
            how = f"was not ready in {timeout_s:g} s" if child.running else f"ended with {process.returncode}"
            raise NotReady("\n".join([f"{name} {how}. Its last lines:", *child.lines]))
        return child

    def wait(self) -> int:
        """Blocks until a command ends, says which, and returns its exit code (1 if that was 0)."""
        while True:
            for child in self.children.values():
                if not child.running:
                    code = child.process.returncode
                    self._say("supervisor", f"{child.name} ended with {code}; stopping everything")
                    return code if 0 < code < 128 else 1
            time.sleep(0.2)

    def stop(self, name: str) -> None:
        """Stops one command and forgets it."""
        child = self.children.pop(name)
        processes.stop(child.process, how=child.stop_signal, within_s=child.stop_within_s)

    def stop_all(self) -> None:
        """Stops every command, last started first."""
        for name in reversed(list(self.children)):
            self.stop(name)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            raise SystemExit(128 + number)

    def _relay(self, child: Child) -> None:
        assert child.process.stdout is not None
        for raw in child.process.stdout:
            line = raw.decode("utf-8", "replace").rstrip()
            child.lines.append(line)
            if self._echo:
                self._say(child.name, line)

    def _say(self, name: str, line: str) -> None:
        try:
            print(f"{name:<10}| {line}", file=self._out, flush=True)
        except (OSError, ValueError):
            pass  # nobody reads any more; stopping goes on
