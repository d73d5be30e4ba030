"""Promises to customers. Their past is in the case's events; these rows are the clock's list and the present."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

PROMISE_STATES = [(s, s) for s in ("open", "kept", "broken", "withdrawn", "renegotiated")]
"""``broken``: ended without being kept. An open one past its time is *late* and stays open until somebody answers for
it; ``renegotiated`` was replaced by another, which names it in ``follows``."""


class Commitment(models.Model):
    """A promise: what, by when, and the one person who answers for it."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="commitments")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="commitments")
    what = models.TextField()
    """In words that a colleague understands: "Call Maya back about the refund"."""
    phrase = models.TextField(blank=True)
    """The customer's or the letter's own words: "we'll call you tomorrow before noon"."""
    due_at = models.DateTimeField()
    zone = models.CharField(max_length=60, default="UTC")
    """The customer's calendar, in which the phrase was read and the time is shown."""
    rule = models.CharField(max_length=60, blank=True)
    """How the time was found: the name of the phrase's rule, of a policy's default, or ``given``."""
    keeps_kind = models.CharField(max_length=80, blank=True)
    """A fact of this kind, learned after the promise and about ``keeps_ref``, keeps it by itself."""
    keeps_ref = models.ForeignKey("host.RefValue", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=PROMISE_STATES, default="open")
    statement = models.ForeignKey("cases.Statement", models.PROTECT, null=True, related_name="commitments")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by")
    key = models.CharField(max_length=120, unique=True, null=True)
    """The caller's own: the same key is the same promise."""
    made_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    """When the owner was told that it is late."""
    escalated_at = models.DateTimeField(null=True)
    """When the team's lead was."""
    ended_at = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)
    """Why it counts as kept, broken or withdrawn: ``{why, fact}``."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="cases_commitment_ended",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(state="open"), name="cases_commitment_mine"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="cases_commitment_due"),
            models.Index(fields=["warn_at"], condition=Q(state="open", warned_at=None), name="cases_commitment_warn"),
        ]


class Alert(models.Model):
    """Something that one person must hear. ``key`` makes it exactly once, however often the sweep runs."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="alerts")
    kind = models.CharField(max_length=40)
    """What it is about: ``promise.late``, ``told.broken``, ``handover.offered`` …"""
    text = models.TextField()
    key = models.CharField(max_length=160)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="cases_alert_once")]
        indexes = [models.Index(fields=["person", "-at"], condition=Q(seen_at=None), name="cases_alert_unseen")]
