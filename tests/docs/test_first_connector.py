"""The first connector, as its page has it: every command is run as it stands there, in its order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.sdk.testing.practice import KEY, practice

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/first-connector.md").read_text()
COMMANDS = re.findall(r"^\.venv/bin/python (manage\.py .*)$", PAGE, re.M)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A place for the folder that is not the checkout, offered as an installed package offers its connector."""
    info = tmp_path / "lockers-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lockers\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[throughline.connectors]\nlockers = lockers.connector:Lockers\n")
    return tmp_path


def test_the_page_is_true_from_the_first_command_to_the_last(site: Path, test_database: object) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(code.strip().splitlines()) <= 40
    env = {**os.environ, "SOURCE_LOCKERS_KEY": KEY, "PYTHONPATH": f"{site}{os.pathsep}{ROOT}", "DEBUG": "1"}
    told = []
    with practice() as server:
        for n, command in enumerate(COMMANDS):
            words = shlex.split(command.replace("http://127.0.0.1:8765", server.url))
            words += ["--into", str(site)] if words[1] == "newconnector" else []
            done = subprocess.run(
                [sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}{done.stderr[-2000:]}"
            told.append(done.stdout)
            if n == 0:
                (site / "lockers/connector.py").write_text(code)
    new, check, tried, _, conformed = told
    assert "Nordic Lockers answers and takes the key." in check
    assert "Parcel delivered · Nordic Lockers, NL-55" in tried and '●   state: "DELIVERED"' in tried
    assert " 0 failed" in conformed
    recorded = "".join(f.read_text() for f in (site / "lockers/recordings").glob("*.json"))
    assert KEY not in recorded and "NL-5512" in recorded


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with practice() as server:
        words = [sys.executable, "-m", "connectors.sdk.testing.practice", "--port", str(server.port)]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert f"port {server.port} can't be had" in done.stderr and "Give another" in done.stderr
