"""Over TLS the name is checked although the address is pinned, and the deadline holds as well."""

from __future__ import annotations

import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sdk import TryAgain
from connectors.sdk.http import Http

pytestmark = pytest.mark.alone

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for ``localhost`` alone, made for this run, with its key in the same file."""
    program = shutil.which("openssl")
    if not program:
        pytest.skip("openssl is not installed, so no certificate can be made")
    made = tmp_path_factory.mktemp("tls") / "both.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2", "-nodes"]
    key = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-keyout",
        str(made),
        "-out",
        str(made) + ".crt",
    ]
    subprocess.run([program, "req", "-x509", *key, *subject, "-out", f"{made}.crt"], check=True, capture_output=True)
    made.write_text(made.read_text() + Path(f"{made}.crt").read_text())
    return made


@contextlib.contextmanager
def serving(certificate: Path, body: Iterator[bytes]) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            sock, _ = listener.accept()
            with context.wrap_socket(sock, server_side=True) as tls:
                tls.recv(4096)
                for part in body:
                    tls.sendall(part)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def trickle() -> Iterator[bytes]:
    yield ANSWER
    while True:
        yield b"["
        time.sleep(0.02)


def test_a_source_with_a_trusted_certificate_answers(trusted: Path) -> None:
    with serving(trusted, iter([ANSWER, b'{"ok": 1}'])) as port:
        assert Http(f"https://localhost:{port}", internal=True).get("/x") == {"ok": 1}


def test_a_body_that_trickles_after_the_connection_was_said_to_close_is_left_at_the_deadline(trusted: Path) -> None:
    began = time.monotonic()
    with serving(trusted, trickle()) as port, pytest.raises(TryAgain, match=r"within 0\.3 s"):
        Http(f"https://localhost:{port}", internal=True, limit_s=0.3).get("/x")
    assert time.monotonic() - began < 0.42


def test_a_certificate_for_another_name_is_not_trusted(trusted: Path) -> None:
    with serving(trusted, iter([ANSWER])) as port, pytest.raises(TryAgain, match="certificate"):
        Http(f"https://127.0.0.1:{port}", internal=True, name="Finance").get("/x")


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Path) -> None:
    with serving(certificate, iter([ANSWER])) as port, pytest.raises(TryAgain, match="certificate"):
        Http(f"https://localhost:{port}", internal=True, name="Finance").get("/x")
