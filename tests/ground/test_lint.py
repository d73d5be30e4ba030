"""The house rules, held by tools, in the same run as the tests."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ["connectors", "customers", "cases", "workspace"]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["mypy"],
    ],
    ids=" ".join,
)
def test_the_tool_finds_nothing(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_floors_and_doors_hold() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_domain_apps_know_no_request() -> None:
    known = [
        path
        for folder in ("connectors/host", "customers", "cases")
        for path in (ROOT / folder).rglob("*.py")
        if any(word in path.read_text() for word in ("django.http", "django.shortcuts", "django.urls"))
    ]
    assert known == []


def test_every_requirement_is_pinned_and_the_direct_ones_are_among_them() -> None:
    pinned = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] not in "# "]
    names = {re.split("[=[]", line.lower())[0] for line in pinned}
    asked = [line for line in (ROOT / "requirements.in").read_text().lower().splitlines() if line and line[0] != "#"]
    assert [line for line in pinned if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
    assert {re.split(r"[^\w.-]", line)[0] for line in asked} <= names


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in [*OURS, "tests"]
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 320
    }
    assert long == {}


def test_models_and_migrations_agree() -> None:
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "--skip-checks"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
