"""Who is told of what happens in cases, and how far each telling is."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

NOTICE_STATES = [(s, s) for s in ("waiting", "sent", "dead")]


def notice_key() -> str:
    """The id under which a notice is sent, however often: the receiver's means against doubles."""
    return f"msg_{uuid.uuid4().hex}"


class Subscription(models.Model):
    """One address that is told of some kinds of events. ``secret`` is a reference (``env:``, ``file:``); the one before
    it signs too, until ``before_until``."""

    title = models.CharField(max_length=200)
    url = models.CharField(max_length=2000)
    events = ArrayField(models.CharField(max_length=40))
    secret = models.CharField(max_length=300)
    secret_before = models.CharField(max_length=300, blank=True)
    before_until = models.DateTimeField(null=True)
    enabled = models.BooleanField(default=True)
    off_why = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)
    """When the first of the failures came that no success has followed."""
    since = models.DateTimeField()
    """Events after this are told."""
    created_at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)


class Notice(models.Model):
    """One event for one subscription: the very bytes that are signed and sent."""

    key = models.CharField(max_length=40, unique=True, default=notice_key)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="notices")
    event_id = models.BigIntegerField(null=True)
    """cases.Event; empty for a trial."""
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    body = models.TextField()
    state = models.CharField(max_length=10, choices=NOTICE_STATES, default="waiting")
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscription", "event_id"], name="outbound_event_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="outbound_due"),
            models.Index(fields=["subscription", "-at"], name="outbound_latest"),
        ]


class Attempt(models.Model):
    """One sending of one notice, and what came back."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    took_ms = models.IntegerField()
    status = models.IntegerField(null=True)
    """The HTTP status; empty where nothing came back."""
    reason = models.TextField(blank=True)
    """Why it counts as failed, in a sentence; empty where it was taken."""
    answer = models.TextField(blank=True)


class Position(models.Model):
    """How far the events have been turned into notices: one row."""

    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="outbound_one_position")]
