import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from workspace.processes import wait_until
from workspace.supervisor import NotReady, Supervisor

PROGRAM = """
    import sys
    from pathlib import Path
    from workspace.supervisor import Supervisor
    folder = Path(sys.argv[1])
    child = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    with Supervisor() as supervisor:
        for name in ("one", "two"):
            path = folder / name
            supervisor.start(name, [sys.executable, "-c", child, str(path)], ready=path.exists)
        (folder / "ready").touch()
        sys.exit(supervisor.wait())
"""


def started(folder: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A program that supervises two commands, and their process ids."""
    argv = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder)]
    program = subprocess.Popen(argv, cwd=Path(__file__).parents[2])
    assert wait_until((folder / "ready").exists, timeout_s=20)
    return program, [int((folder / name).read_text()) for name in ("one", "two")]


def gone(ids: list[int]) -> bool:
    """Whether none of the processes runs (a zombie does not)."""
    return not any(psutil.pid_exists(i) and psutil.Process(i).status() != psutil.STATUS_ZOMBIE for i in ids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_the_supervisor(number: signal.Signals, tmp_path: Path) -> None:
    program, ids = started(tmp_path)
    program.send_signal(number)
    assert program.wait(15) == (-9 if number is signal.SIGKILL else 128 + number)
    assert wait_until(lambda: gone(ids), timeout_s=10)


def test_when_one_command_ends_the_others_are_stopped(tmp_path: Path) -> None:
    program, ids = started(tmp_path)
    os.kill(ids[0], signal.SIGTERM)
    assert program.wait(15) == 1
    assert wait_until(lambda: gone(ids), timeout_s=10)


def test_a_command_that_ends_before_it_is_ready_tells_its_last_words() -> None:
    with Supervisor(echo=False) as supervisor, pytest.raises(NotReady, match="port is taken"):
        command = [sys.executable, "-c", "print('port is taken'); raise SystemExit(3)"]
        supervisor.start("web", command, ready=lambda: False)
