"""Installing a peer: an environment of its own with exactly the pinned packages, made once."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODULES = ("sale", "account_payment")
DATABASE = "erp"
CONFIG = """[database]
uri = sqlite://
path = {folder}
[web]
listen = 127.0.0.1:{port}
[session]
super_pwd = x
"""

LOGGING = """[loggers]
keys = root, werkzeug
[handlers]
keys = out
[formatters]
keys = plain
[logger_root]
level = WARNING
handlers = out
[logger_werkzeug]
level = WARNING
qualname = werkzeug
handlers =
[handler_out]
class = StreamHandler
args = (sys.stdout,)
formatter = plain
[formatter_plain]
format = %(levelname)s %(name)s %(message)s
"""
"""What goes wrong, and not each request."""


class PeerError(Exception):
    """A peer can't be installed or started; the sentence says which step failed, with its last lines."""


def python_of(folder: Path, name: str) -> Path:
    """The interpreter of a peer's environment under ``folder``; installed first where it is not there yet."""
    wanted = (HERE / f"{name}.txt").read_text()
    home, stamp = folder / name, folder / name / "installed.txt"
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(home, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(home)])
        pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q"]
        run([*pip, "install", "--no-deps", "-r", str(HERE / f"{name}.txt")])
        stamp.write_text(wanted)
    return home / "bin" / "python"


def tryton_database(folder: Path) -> tuple[Path, dict[str, Any]]:
    """A Tryton database with master data and no business yet: its file, and the keys and ids to use it with.

    It is built once a month, since fiscal years are of their time, and copied for every run.
    """
    python = python_of(folder, "tryton")
    made_of = (HERE / "tryton.txt").read_bytes() + (HERE / "master_data.py").read_bytes()
    digest = hashlib.sha256(made_of + repr(MODULES).encode()).hexdigest()[:12]
    home = folder / f"tryton-data-{digest}-{date.today():%Y-%m}"  # noqa: DTZ011  (any zone's month will do)
    if not (home / "known.json").is_file():
        fresh = home.with_name(home.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        config = config_write(fresh, port=0)
        (fresh / f"{DATABASE}.sqlite").touch()
        (fresh / "password").write_text("admin-of-the-demo")
        env = {"TRYTONPASSFILE": str(fresh / "password")}
        install = ["-d", DATABASE, "-u", *MODULES, "--activate-dependencies", "--email", "admin@tryton.example"]
        run([str(python.with_name("trytond-admin")), "-c", str(config), *install], env)
        known = run([str(python), str(HERE / "master_data.py"), str(config), DATABASE])
        (fresh / "known.json").write_text(known.splitlines()[-1])
        shutil.rmtree(home, ignore_errors=True)
        fresh.rename(home)
    return home / f"{DATABASE}.sqlite", json.loads((home / "known.json").read_text())


def config_write(folder: Path, port: int) -> Path:
    """trytond's configuration for a database in ``folder``."""
    path = folder / "trytond.conf"
    path.write_text(CONFIG.format(folder=folder, port=port))
    (folder / "logging.conf").write_text(LOGGING)
    return path


def run(argv: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Run one step and give what it printed. Raises PeerError with its last lines."""
    done = subprocess.run(argv, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-15:])
        raise PeerError(f"{Path(argv[0]).name} {' '.join(argv[1:4])} … failed:\n{tail}")
    return done.stdout
