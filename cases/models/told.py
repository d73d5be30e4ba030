"""What customers were told, how it left the house, and whether it still holds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cases.models.case import ACTORS

MAIL_STATES = [(s, s) for s in ("queued", "sending", "sent", "failed", "unknown", "withdrawn")]
STANDINGS = [(s, s) for s in ("holds", "broken", "settled")]


class Statement(models.Model):
    """What a customer was told: words, claims that stood in them unchanged, and the rest as unchecked words."""

    history_updates = ()

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="statements")
    event = models.OneToOneField("cases.Event", models.PROTECT, related_name="statement")
    words = models.TextField()
    channel = models.CharField(max_length=20)
    recipient = models.ForeignKey("host.RefValue", models.PROTECT, null=True, related_name="+")
    actor_kind = models.CharField(max_length=10, choices=ACTORS)
    actor = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    claims = models.JSONField(default=list)
    """Each ``{key, text, facts, checks, rule, domain, values}``, as the answer declared it."""
    unchecked = models.JSONField(default=list)
    """The passages of ``words`` that no claim stands for."""
    said = models.JSONField(default=list)
    """What was read in the writer's own words, typed: the shape of ``cases.told.Said.as_json()``."""
    kept = models.JSONField(default=list)
    """Warnings that the writer saw and sent all the same, each ``{key, warning, why}``."""
    helped = models.CharField(max_length=12, blank=True)
    """What help the exchange gave: fact, action, commitment, question, sympathy (kind words alone) or nothing; empty
    before this was recorded."""
    recipients = models.JSONField(default=list)
    """Everybody it went to, each ``{ref, how}`` with how = to, cc or bcc."""
    answer_digest = models.CharField(max_length=64, blank=True)
    as_of = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["case", "-at"], name="cases_statement_of"),
            models.Index(fields=["at"], name="cases_statement_at"),
        ]


class OutboxMail(models.Model):
    """A statement's letter on its way out. ``unknown`` may have arrived, so it is never sent again by itself."""

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="mail")
    subject = models.CharField(max_length=200)
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    """Without angle brackets, the same whenever it is sent; nobody can guess it."""
    state = models.CharField(max_length=10, choices=MAIL_STATES, default="queued")
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(blank=True)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    holder = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=["queued", "sending"]), name="cases_mail_due")]


class StatementStanding(models.Model):
    """Whether a statement still agrees with what sources say now. Its past is in the case's events."""

    statement = models.OneToOneField(Statement, models.CASCADE, primary_key=True, related_name="standing")
    state = models.CharField(max_length=10, choices=STANDINGS, default="holds")
    against = models.JSONField(default=list)
    """What speaks against it: the shape of ``cases.told.Contradiction.as_json()``."""
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state"], condition=Q(state="broken"), name="cases_statement_broken")]
