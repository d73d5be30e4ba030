"""Anchors of history, the keys that signed them, who looked at whose data, and runs of the verification."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from cases.models.case import ACTORS

RUN_STATES = [(s, s) for s in ("waiting", "running", "intact", "broken", "failed")]


class LedgerKey(models.Model):
    """A public key that anchors are signed by. The private one never comes here."""

    history_updates = ()

    key_id = models.CharField(max_length=16, unique=True)
    public = models.CharField(max_length=64)
    """The 32 bytes of the Ed25519 key, in hexadecimal."""
    since = models.DateTimeField()
    endorsed_by = models.CharField(max_length=16, blank=True)
    """The key before it, where that one signed for it."""
    endorsement = models.CharField(max_length=128, blank=True)


class Anchor(models.Model):
    """One signed digest over everything that was recorded on one UTC day, and over the anchor before it."""

    history_updates = ()

    day = models.DateField(unique=True)
    body = models.JSONField()
    """What is signed: the shape of ``cases.ledger.anchors.Body``."""
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)
    made_at = models.DateTimeField()


class Access(models.Model):
    """Somebody was shown personal data outside a case's own page, whose looks are events of the case."""

    history_updates = ()

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=ACTORS)
    actor = models.CharField(max_length=80, blank=True)
    what = models.CharField(max_length=40)
    """What was shown: ``search``, ``letter``, ``file``, ``export``, ``print``, ``list`` and what others name."""
    route = models.CharField(max_length=80, blank=True)
    cases = ArrayField(models.BigIntegerField(), default=list)
    customers = ArrayField(models.BigIntegerField(), default=list)
    refs = ArrayField(models.BigIntegerField(), default=list)
    """Ids of the refs that it was about."""
    why = models.TextField(blank=True)
    key = models.CharField(max_length=32)
    """The same within ten minutes is the same look."""

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="cases_access_at"),
            models.Index(fields=["actor", "-at"], name="cases_access_actor"),
            GinIndex(fields=["cases"], name="cases_access_cases"),
            GinIndex(fields=["customers"], name="cases_access_customers"),
        ]


class LedgerRun(models.Model):
    """One verification of everything, and how far it has come. Nothing is known only here."""

    state = models.CharField(max_length=10, choices=RUN_STATES, default="waiting")
    asked_by = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField()
    place = models.JSONField(default=dict)
    """Where to go on."""
    counts = models.JSONField(default=dict)
    fault = models.JSONField(default=dict)
    leased_until = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    """How often a worker has begun on it since it last got further."""
    ended_at = models.DateTimeField(null=True)
