"""A connector in a package of its own: installed, found by its entry point, and held to the same suite."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "throughline-parcels"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has put the package, as any other."""
    place = tmp_path_factory.mktemp("installed")
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("source") / "package")
    here = importlib.util.find_spec("setuptools") is not None
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--no-deps", "--target",
               str(place), *(["--no-build-isolation"] if here else []), str(source)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return place


def run(installed: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A process beside which the package is installed; nothing in the product names it."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(installed)]), "DEBUG": "1"}
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, env=env, cwd=ROOT)


def test_it_is_found_by_its_entry_point_and_named_nowhere(installed: Path) -> None:
    done = run(installed, "manage.py", "connector", "list")
    assert "parcels " in done.stdout, done.stderr
    assert "Parcels  (delivery; lookup)" in done.stdout
    assert "parcels" not in (ROOT / "connectors" / "host" / "registry.py").read_text()


def test_the_command_holds_it_to_the_suite(installed: Path) -> None:
    done = run(installed, "manage.py", "connector", "conform", "parcels")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ paging-second-page" in done.stdout and "✓ times-source-zone" in done.stdout and "✗" not in done.stdout


def test_its_own_test_file_is_the_whole_suite_and_the_plugin_needs_none(installed: Path, tmp_path: Path) -> None:
    tests = EXAMPLE / "tests" / "test_parcels.py"
    assert len(tests.read_text().splitlines()) <= 12
    own = shutil.copy(tests, tmp_path)
    plugin = ["-p", "connectors.conformance.plugin", "--connector", "parcels"]
    bare = ["-p", "no:django", "--rootdir", str(tmp_path), "-c", os.devnull]
    done = run(installed, "-m", "pytest", "-v", *bare, *plugin, own)
    assert done.returncode == 0, done.stdout
    assert "TestParcels::test_hostile_html PASSED" in done.stdout and "hostile-html PASSED" in done.stdout
