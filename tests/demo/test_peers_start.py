"""A third-party program that can't be installed or started says so; nothing is skipped."""

import sys
from pathlib import Path

import pytest

from workspace import processes
from workspace.demo.peers import installing
from workspace.demo.peers.installing import PeerError
from workspace.demo.peers.running import Peer


def peer(folder: Path, code: str) -> Peer:
    return Peer("Tryton", [sys.executable, "-c", code], folder, processes.free_port(), {})


def test_a_program_that_ends_at_once_fails_with_its_last_lines(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match=r"Tryton does not answer(.|\n)*no licence"):
        peer(tmp_path, "print('no licence'); raise SystemExit(3)").start()


def test_a_package_that_cannot_be_had_fails_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "HERE", tmp_path)
    (tmp_path / "tryton.txt").write_text("./not-there\n")
    with pytest.raises(PeerError, match="not-there"):
        installing.python_of(tmp_path / "envs", "tryton")
    assert not (tmp_path / "envs" / "tryton" / "installed.txt").exists()


def test_what_is_installed_is_pinned_to_the_digit() -> None:
    for name in ("tryton", "localstripe", "backlot"):
        lines = (installing.HERE / f"{name}.txt").read_text().splitlines()
        assert lines and all("==" in line for line in lines)


def test_a_program_stopped_is_gone_and_answers_no_more(tmp_path: Path) -> None:
    one = peer(tmp_path, "")
    one.argv = [sys.executable, "-m", "http.server", str(one.port), "--bind", "127.0.0.1"]
    one.start()
    one.stop()
    assert not one.answers()
