"""What a run without a browser says, and how it ends."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_without_chromium(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """One browser test, run where CHROMIUM names nothing."""
    (folder / "test_one.py").write_text("def test_one(page):\n    pass\n")
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.browser"]\n')
    plugin = ["-p", "pytest_playwright.pytest_playwright"]
    argv = [sys.executable, "-m", "pytest", "-q", *plugin, f"--rootdir={folder}", folder]
    environ = {k: v for k, v in os.environ.items() if k not in ("CI", "PYTEST_ADDOPTS")}
    environ |= {"CHROMIUM": "/nowhere/chromium", "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environ |= env
    return subprocess.run(argv, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def test_elsewhere_browser_tests_skip_and_the_last_line_says_so(tmp_path: Path) -> None:
    done = run_without_chromium(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().splitlines()[-1].startswith("SKIPPED 1 test(s): Skipped: no Chromium")


def test_in_ci_a_missing_browser_fails(tmp_path: Path) -> None:
    done = run_without_chromium(tmp_path, CI="true")
    assert done.returncode == 1
    assert "no Chromium on this machine" in done.stdout
