"""Askings of sources, and the leases that keep two from asking the same thing at once."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from connectors.host.models.sources import RefValue, Source


class Check(models.Model):
    """One asking of one source: a lookup, or a poll of its changes."""

    history_updates = ()

    source = models.ForeignKey(Source, models.PROTECT)
    how = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    took_ms = models.IntegerField()
    late = models.BooleanField(default=False)
    """True where the answer came after the page's deadline."""
    outcome = models.CharField(max_length=20)
    """ok, or the worst outcome of its refs."""
    reason = models.TextField(blank=True)
    detail = models.TextField(blank=True)
    learned_at = models.DateTimeField()

    class Meta:
        indexes = [
            # Covering: a day of checks is counted from the index alone, however wide the rows are.
            models.Index(
                fields=["source", "-learned_at"], include=["outcome", "how", "took_ms"], name="host_check_health"
            ),
            models.Index(fields=["source", "-learned_at"], condition=~models.Q(outcome="ok"), name="host_check_failed"),
            BrinIndex(fields=["learned_at"], name="host_check_day", autosummarize=True, pages_per_range=32),
        ]


class CheckRef(models.Model):
    """The outcome for one ref: found, nothing, refused, unreachable or malformed."""

    history_updates = ()

    check_row = models.ForeignKey(Check, models.PROTECT, related_name="refs")
    source = models.ForeignKey(Source, models.PROTECT)
    ref = models.ForeignKey(RefValue, models.PROTECT)
    outcome = models.CharField(max_length=20)
    complete = models.BooleanField()
    kinds = ArrayField(models.CharField(max_length=100), default=list)
    reason = models.TextField(blank=True)
    learned_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ref", "source", "-learned_at"], name="host_checkref_latest")]


class Lease(models.Model):
    """Somebody is asking this source about this ref now, until ``expires_at`` at the latest."""

    source = models.ForeignKey(Source, models.PROTECT)
    ref = models.ForeignKey(RefValue, models.PROTECT)
    holder = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "ref"], name="host_lease_once")]


class Unheard(models.Model):
    """An asking whose end nobody heard: whoever asked died, or the answer could not be stored. Pages said meanwhile
    that the source was being asked, and what they said can be shown again."""

    history_updates = ()

    source = models.ForeignKey(Source, models.PROTECT, db_index=False)
    ref = models.ForeignKey(RefValue, models.PROTECT, db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    """Until when pages said so. Where whoever asked died, that is before anybody knew."""
    learned_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ref", "-ended_at"], name="host_unheard_ref"),
            models.Index(fields=["source"], name="host_unheard_source"),
        ]
