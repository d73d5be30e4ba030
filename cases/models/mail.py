"""Letters that came in: each exactly as it came, how far the work on it is, and what was attached."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

IN_STATES = [(s, s) for s in ("waiting", "done", "aside", "held", "failed")]
"""``aside`` needs nobody (automatic, our own, a report); ``held`` waits for a person to let it in."""
IN_KINDS = [(s, s) for s in ("message", "third_party", "automatic", "bounce", "delayed", "loop", "flood")]


class InMail(models.Model):
    """One letter as it came, kept before anything is done with it. The same Message-ID with the same content is the
    same letter, whichever way it came."""

    history_updates = ()

    mailbox = models.CharField(max_length=60)
    message_id = models.CharField(max_length=500, blank=True)
    """Without angle brackets; empty where the letter has none."""
    content_digest = models.CharField(max_length=64)
    """SHA-256 over sender, date, subject and body: what does not change on the way."""
    raw = models.BinaryField()
    """The letter's bytes, or the first of them where it is long; then the whole is the file of ``raw_digest``."""
    raw_digest = models.CharField(max_length=64)
    size = models.IntegerField()
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "content_digest"], name="cases_inmail_once")]
        indexes = [models.Index(fields=["-arrived_at"], name="cases_inmail_latest")]


class InMailWork(models.Model):
    """What is still to be done with a letter, or what became of it. Whoever holds it does so until ``leased_until``."""

    mail = models.OneToOneField(InMail, models.PROTECT, primary_key=True, related_name="work")
    state = models.CharField(max_length=10, choices=IN_STATES, default="waiting")
    kind = models.CharField(max_length=12, choices=IN_KINDS, blank=True)
    sender = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    reason = models.TextField(blank=True)
    """Why it is where it is, in a sentence for people."""
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="letters")
    event = models.OneToOneField("cases.Event", models.PROTECT, null=True, related_name="letter")
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="cases_inmail_due"),
            models.Index(fields=["state", "-mail"], name="cases_inmail_state"),
            models.Index(fields=["sender", "-done_at"], name="cases_inmail_sender"),
        ]


class MailFile(models.Model):
    """What was attached to a letter. The bytes are a file under ``VAR_DIR``, named by their digest."""

    history_updates = ()

    mail = models.ForeignKey(InMail, models.PROTECT, related_name="files")
    position = models.IntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mail", "position"], name="cases_mailfile_once")]


class Mailbox(models.Model):
    """How far a mailbox has been read, and whether it can be."""

    name = models.CharField(max_length=60, primary_key=True)
    validity = models.BigIntegerField(default=0)
    """The server's UIDVALIDITY: with another one its numbers begin anew."""
    last_uid = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    """When it was last read to its end."""
    failing_since = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    leased_until = models.DateTimeField(null=True)
