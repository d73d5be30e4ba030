"""Letters over real sockets to a mail server that says and does what the test tells it."""

import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.models import Case, OutboxMail
from cases.selectors import case_view
from cases.services import Actor, message_send, outbox_send


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP. ``replies`` overrides an answer by verb; an empty one hangs up instead."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.replies: dict[str, str] = {}
        self.received: list[str] = []


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.tell("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if not self.tell(self.server.replies.get(verb, "354 go on" if verb == "DATA" else "250 ok")):
                return
            if verb == "DATA" and not self.take():
                return

    def take(self) -> bool:
        if self.server.replies.get("DATA", "3")[0] != "3":
            return True
        lines: list[str] = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        self.server.received.append("".join(lines))
        return self.tell(self.server.replies.get(".", "250 taken"))

    def tell(self, reply: str) -> bool:
        if reply:
            self.wfile.write(f"{reply}\r\n".encode())
        return bool(reply)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as running:
        threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = running.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER, settings.EMAIL_TIMEOUT = "", 3
        yield running
        running.shutdown()


@pytest.fixture
def letter(case: Case, dana: User) -> OutboxMail:
    digest = case_view(case=case).answer.digest
    told = message_send(case=case, text="Hyvää päivää, Maya 🙂", answer_digest=digest, actor=Actor.person(dana))
    return OutboxMail.objects.get(statement=told)


def state(letter: OutboxMail) -> str:
    letter.refresh_from_db()
    return letter.state


def test_a_letter_arrives_with_the_same_id_whenever_it_is_sent(server: MailServer, letter: OutboxMail):
    outbox_send()
    assert state(letter) == "sent"
    assert f"case-{letter.statement.case_id}-statement-{letter.statement_id}@" in server.received[0]
    assert "To: maya@example.com" in server.received[0]


@pytest.mark.parametrize(
    ("replies", "ends"),
    [
        ({"RCPT": "550 no such user"}, "failed"),
        ({"RCPT": "451 try later"}, "queued"),
        ({"DATA": "554 no"}, "failed"),
        ({".": "452 full"}, "queued"),
        ({".": "550 refused after all"}, "failed"),
        ({"MAIL": "421 closing"}, "queued"),
        ({".": ""}, "unknown"),
        ({"DATA": ""}, "unknown"),
    ],
)
def test_what_the_mail_server_says_decides(server: MailServer, letter: OutboxMail, replies: dict[str, str], ends: str):
    server.replies = replies
    outbox_send()
    assert (state(letter), bool(letter.last_error)) == (ends, True)


def test_a_server_that_hung_up_got_the_letter_once(server: MailServer, letter: OutboxMail):
    server.replies = {".": ""}
    for _ in range(3):
        outbox_send()
    assert len(server.received) == 1
