"""Letters read from a real IMAP server, a process of its own, over TLS."""

from __future__ import annotations

import imaplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Case, InMail, Mailbox
from cases.services import mails_work
from tests.mail.letters import letter
from workspace import processes
from workspace.mail.reading import inbox_read

SECRET = "correct-horse"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@pytest.fixture(scope="module")
def server(certificate: tuple[Path, Path]) -> Iterator[int]:
    """Its port. It has STARTTLS; what it holds is gone when it ends."""
    port = processes.free_port()
    cert, key = map(str, certificate)
    script = "from pymap.main import main; main()"
    told = ["--host", "127.0.0.1", "--port", str(port), "--cert", cert, "--key", key, "--no-service", "managesieve"]
    account = ["dict", "--demo-data", "--demo-user", "support", "--demo-password", SECRET]
    with subprocess.Popen([sys.executable, "-c", script, *told, *account]) as process:

        def answers() -> bool:
            try:
                imaplib.IMAP4("127.0.0.1", port, timeout=2).logout()
                return True
            except OSError:
                return False

        assert processes.wait_until(answers, timeout_s=30, alive=lambda: process.poll() is None)
        yield port
        process.terminate()


@pytest.fixture
def reading(server: int, certificate: tuple[Path, Path], settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    monkeypatch.setenv("SOURCE_INBOX", SECRET)
    settings.INBOX_URL, settings.INBOX_PASSWORD = f"imap://support@localhost:{server}/INBOX", "env:SOURCE_INBOX"


def put(port: int, certificate: tuple[Path, Path], text: str, seen: bool = False) -> None:
    link = imaplib.IMAP4("localhost", port)
    link.starttls(ssl.create_default_context(cafile=str(certificate[0])))
    link.login("support", SECRET)
    made = letter(text).as_bytes().replace(b"\n", b"\r\n")
    assert link.append("INBOX", r"(\Seen)" if seen else "", "", made)[0] == "OK"
    link.logout()


def test_letters_are_read_once_whoever_else_has_opened_them(
    db: None, reading: None, server: int, certificate: tuple[Path, Path], dana: User
):
    put(server, certificate, "Opened before we ever looked", seen=True)
    put(server, certificate, "The first that we see")
    inbox_read()
    first = InMail.objects.count()
    put(server, certificate, "Opened by a colleague in another program", seen=True)
    assert (inbox_read(), inbox_read()) == (1, 0)
    mails_work()
    words = list(Case.objects.order_by("pk").values_list("events__payload__data__message", flat=True))
    assert "The first that we see" in words and "Opened by a colleague in another program" in words
    assert "Opened before we ever looked" not in words and InMail.objects.count() == first + 1


def test_a_refused_login_is_said_and_nothing_is_lost(
    db: None, reading: None, server: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_INBOX", "wrong-password")
    assert inbox_read() == 0
    box = Mailbox.objects.get()
    assert "refused the login of support" in box.error and "wrong-password" not in box.error
    assert box.failing_since and box.leased_until is None
    monkeypatch.setenv("SOURCE_INBOX", SECRET)
    inbox_read()
    assert Mailbox.objects.get().error == ""


def test_a_server_whose_certificate_is_not_known_is_not_told_the_password(
    db: None, reading: None, server: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    inbox_read()
    assert "could not be reached by IMAP" in Mailbox.objects.get().error


def test_a_server_that_is_gone_is_said(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_INBOX", SECRET)
    settings.INBOX_URL, settings.INBOX_PASSWORD = "imaps://support@127.0.0.1:9/INBOX", "env:SOURCE_INBOX"
    inbox_read()
    assert "127.0.0.1 could not be reached by IMAP" in Mailbox.objects.get().error
