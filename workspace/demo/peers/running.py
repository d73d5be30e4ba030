"""Peers while they run: started on loopback, stopped, started again with what they held."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workspace import processes
from workspace.demo.peers import installing
from workspace.demo.peers.installing import DATABASE, HERE, PeerError, config_write, python_of, tryton_database

START_S = 60


class Peer:
    """One program on a free port of loopback, with its own folder. Stopping and starting keeps what it holds."""

    def __init__(self, name: str, argv: Sequence[str | Path], folder: Path, port: int, env: dict[str, str]) -> None:
        self.name, self.folder, self.port = name, folder, port
        self.url = f"http://127.0.0.1:{port}"
        self.argv, self.env = argv, env
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers. Raises PeerError with its last lines."""
        with (self.folder / "log.txt").open("ab") as log:
            process = processes.spawn(self.argv, env=self.env, cwd=self.folder, stdout=log)
        self._process = process
        if not processes.wait_until(self.answers, timeout_s=START_S, alive=lambda: processes.is_running(process)):
            self.stop()
            tail = "\n".join((self.folder / "log.txt").read_text(errors="replace").splitlines()[-15:])
            raise PeerError(f"{self.name} does not answer. Its last lines:\n{tail}")

    def stop(self) -> None:
        if self._process:
            processes.stop(self._process)
            self._process = None

    def answers(self) -> bool:
        """Whether anything at all comes back: these programs have no health page."""
        try:
            urllib.request.urlopen(self.url, timeout=2).close()  # noqa: S310
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True


def tryton(var: Path, folder: Path) -> tuple[Peer, dict[str, Any]]:
    """Tryton over a fresh copy of the master data, or over what ``folder`` holds already; and keys and ids."""
    database, known = tryton_database(var)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / database.name).is_file():
        (folder / "known.json").write_text(json.dumps(known))  # the master data may be built anew while this copy stays
        shutil.copy(database, folder)
    elif (folder / "known.json").is_file():
        known = json.loads((folder / "known.json").read_text())
    port = processes.free_port()
    program = python_of(var, "tryton").with_name("trytond")
    argv: list[str | Path] = [
        program,
        "-c",
        config_write(folder, port),
        "--logconf",
        folder / "logging.conf",
        "-d",
        DATABASE,
    ]
    return Peer("Tryton", argv, folder, port, _plain_env(folder)), {**known, "database": DATABASE}


def localstripe(var: Path, folder: Path) -> Peer:
    """localstripe with what it kept in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    port = processes.free_port()
    argv: list[str | Path] = [python_of(var, "localstripe"), HERE / "serve_localstripe.py", str(port)]
    return Peer("localstripe", argv, folder, port, _plain_env(folder))


def backlot(var: Path, folder: Path) -> Peer:
    """backlot as Confluence, with the pages that ``backlot_pages`` gave it."""
    port = processes.free_port()
    program = python_of(var, "backlot").with_name("backlot")
    argv: list[str | Path] = [program, "serve", "--data-dir", folder / "data", "--host", "127.0.0.1", "--port",
                              str(port), "--log-level", "warning", "--disable-telemetry"]  # fmt: skip
    return Peer("backlot", argv, folder, port, _plain_env(folder))


def backlot_pages(var: Path, folder: Path, pages: Sequence[Mapping[str, Any]]) -> None:
    """Give a backlot that does not run exactly these pages: it can't be written to while it runs."""
    folder.mkdir(parents=True, exist_ok=True)
    program = python_of(var, "backlot").with_name("backlot")
    (folder / "pages.jsonl").write_text("".join(json.dumps(page) + "\n" for page in pages))
    installing.run([str(program), "import", str(folder / "pages.jsonl"), "--data-dir", str(folder / "data")],
                   _plain_env(folder))  # fmt: skip


def _plain_env(folder: Path) -> dict[str, str]:
    """Nothing of ours: no settings, no paths of our packages."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(folder), "HOME": str(folder)}
