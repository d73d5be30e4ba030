"""Letters as mail programs write them."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid
from textwrap import dedent

US = "support@throughline.example"


def letter(
    text: str = "Where is my refund?", *, sender: str = "Maya Lindqvist <maya@example.com>",
    subject: str = "My refund", answers: str = "", to: str = US, **headers: str,
) -> EmailMessage:  # fmt: skip
    """A letter to us. Headers are given with underscores: ``auto_submitted="auto-replied"``."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = "Sat, 21 Nov 2026 09:12:00 +0200"
    made["Message-ID"] = headers.pop("message_id", "") or make_msgid(domain="post.example")
    if answers:
        made["In-Reply-To"] = made["References"] = f"<{answers}>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def report(original_id: str, *, action: str = "failed", to: str = "maya@example.com", why: str = "") -> bytes:
    """A mail server's report about a letter of ours (RFC 3464)."""
    said = why or "smtp; 550 5.1.1 No such user here"
    return (
        dedent(f"""\
        From: Mail Delivery System <MAILER-DAEMON@mx.example>
        To: {US}
        Subject: Undelivered Mail Returned to Sender
        Message-ID: {make_msgid(domain="mx.example")}
        Date: Sat, 21 Nov 2026 09:12:00 +0200
        Return-Path: <>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; {to}
        Action: {action}
        Status: 5.1.1
        Diagnostic-Code: {said}

        --b
        Content-Type: message/rfc822

        From: {US}
        To: {to}
        Subject: Your question to us
        Message-ID: <{original_id}>

        Hello.
        --b--
        """)
        .replace("\n", "\r\n")
        .encode()
    )
