"""The customers' side of the demo: what reached their mailboxes, and a sheet to write to the shop on."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from connectors.host.selectors import house_zone
from workspace.mail.folders import letter_put, letters_in

SHOWN, MAX_FILE = 50, 5_000_000


@dataclass(frozen=True)
class Received:
    """One letter of the shop's, as the customer has it."""

    id: str
    to: str
    subject: str
    text: str
    sent_at: datetime | None


class Sheet(forms.Form):
    """A letter to the shop."""

    sender = forms.CharField(max_length=200, label="From")
    subject = forms.CharField(max_length=200, required=False)
    answers = forms.CharField(max_length=500, required=False)
    text = forms.CharField(max_length=20_000, label="Your words")
    automatic = forms.BooleanField(required=False)
    file = forms.FileField(required=False, max_length=200)

    def clean_sender(self) -> tuple[str, str]:
        name, address = parseaddr(str(self.cleaned_data["sender"]))
        if "@" not in address.strip("@") or "\n" in address:
            raise forms.ValidationError("Write an address, for example Maya Lindqvist <maya@post.example>.")
        return name, address


def mailbox(request: HttpRequest) -> HttpResponse:
    """What went out; POST writes in. Only in the demo: elsewhere customers have mailboxes of their own."""
    if not settings.DEMO or not settings.INBOX_URL.startswith("maildir:"):
        raise Http404("There is no demo mailbox here.")
    sheet = Sheet(request.POST or None, request.FILES or None)
    if request.method == "POST" and sheet.is_valid():
        folder = Path(unquote(settings.INBOX_URL.removeprefix("maildir:")))
        letter_put(folder, letter_of(sheet.cleaned_data).as_bytes())
        messages.success(request, "Posted. In a moment it is in the workspace.")
        return redirect("demo_mailbox")
    letters = received()
    asked = next((one for one in letters if one.id == request.GET.get("answer")), None)
    context = {
        "on": "letters", "letters": letters, "answer": asked, "problems": sheet.errors if request.POST else {},
        "sender": request.POST.get("sender") or (asked.to if asked else ""), "text": request.POST.get("text", ""),
        "subject": request.POST.get("subject") or (f"Re: {asked.subject}" if asked else ""), "now": timezone.now(),
    }  # fmt: skip
    with timezone.override(house_zone()):
        return render(request, "pages/mailbox.html", context, status=422 if request.POST else 200)


def received() -> list[Received]:
    """The shop's letters, newest first."""
    found = []
    for _, raw in reversed(letters_in(Path(settings.EMAIL_FILE_PATH))[-SHOWN:]):
        letter = email.message_from_bytes(raw, policy=default)
        body = letter.get_body(("plain",))
        sent = letter["Date"].datetime if letter["Date"] else None
        sent = sent.replace(tzinfo=UTC) if sent is not None and sent.tzinfo is None else sent
        id_ = str(letter["Message-ID"] or "").strip("<> ")
        text = body.get_content() if body is not None else ""
        found.append(Received(id_, str(letter["To"] or ""), str(letter["Subject"] or ""), text, sent))
    return found


def letter_of(said: dict[str, Any]) -> EmailMessage:
    """The letter that a filled sheet makes, as a mail program would write it."""
    made = EmailMessage()
    made["From"] = formataddr(said["sender"])
    made["To"] = settings.DEFAULT_FROM_EMAIL
    made["Subject"] = " ".join(said["subject"].split()) or "A question"
    made["Date"] = format_datetime(timezone.now())
    made["Message-ID"] = make_msgid(domain="post.example")
    if said["answers"] and said["answers"].isprintable() and " " not in said["answers"]:
        made["In-Reply-To"] = made["References"] = f"<{said['answers'].strip('<>')}>"
    if said["automatic"]:
        made["Auto-Submitted"] = "auto-replied"
    made.set_content(said["text"])
    if said["file"] and said["file"].size <= MAX_FILE:
        main, _, sub = (said["file"].content_type or "application/octet-stream").partition("/")
        content, name = said["file"].read(), said["file"].name
        made.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=name)
    return made
