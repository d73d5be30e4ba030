"""What rights rest on beside roles: access granted for a time, tokens of programs, and counters of sign-in attempts."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AccessGrant(models.Model):
    """Somebody asked to see masked fields. Decided once, by another person; it ends by itself.

    Rows are history: what was asked never changes, and each later column is set once.
    """

    history_updates = ("decided_by", "decided_at", "granted", "answer", "until", "ended_at", "ended_by")

    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", null=True)
    """NULL for what sources said that is shown without a case: raw rows and deliveries."""
    classes = models.JSONField()
    """Names of field classes."""
    why = models.CharField(max_length=500)
    minutes = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, null=True)
    until = models.DateTimeField(null=True)
    """When it ends by itself; NULL where it was not granted."""
    ended_at = models.DateTimeField(null=True)
    """Where it was ended early."""
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asker", "case", "until"], name="access_grant_asker"),
            models.Index(fields=["-asked_at"], name="access_grant_asked"),
        ]


class ApiToken(models.Model):
    """One token of one account. Only its digest is kept: the token itself is shown once, when it is made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100, blank=True)
    """What it is for, in the words of whoever made it."""
    scopes = models.JSONField(default=list)
    """Names of ``workspace.rights.SCOPES`` that narrow what its account may; empty: nothing is narrowed."""
    second_step = models.BooleanField(default=False)
    """Whether whoever made it had signed in in two steps; where a role requires that, other tokens open nothing."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, in hexadecimal. A token has 160 random bits, so no salt is needed."""
    ending = models.CharField(max_length=4, blank=True)
    """Its last four characters, by which people tell tokens apart."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    """When it was last used, to the ten minutes."""
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class Counter(models.Model):
    """The table of Django's cache in the database: attempts to sign in, counted for all web processes together."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "access_counter"
