"""Sources, the references by which everything is found, and the one clock of what is known."""

from __future__ import annotations

from django.db import models


class Clock(models.Model):
    """One row. ``last`` never steps back, and its row lock is held to commit: see services.clock_tick."""

    last = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="host_clock_one_row")]


class RefValue(models.Model):
    """A typed reference; each value is stored once, and everything else holds its id, so it stays as it is."""

    history_updates = ()

    scheme = models.CharField(max_length=80)
    value = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "value"], name="host_ref_once")]
        indexes = [models.Index(fields=["value"], opclasses=["text_pattern_ops"], name="host_ref_value")]


class Source(models.Model):
    """One system of record in use. ``settings`` hold references to secrets (``env:KEY``), never a secret."""

    name = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    connector = models.CharField(max_length=80)
    domain = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    zone = models.CharField(max_length=60, default="UTC")
    source_limit_s = models.FloatField(default=10)
    poll_s = models.FloatField(null=True)
    enabled = models.BooleanField(default=True)
    paused = models.BooleanField(default=False)
    """True while somebody keeps it from being asked and polled. Deliveries are still kept, and wait."""
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class SourceTerms(models.Model):
    """What changes the meaning of a page (the freshness limit, a pause), with the time for which it held."""

    history_updates = ("superseded_at",)

    source = models.ForeignKey(Source, models.PROTECT, related_name="terms")
    freshness_s = models.FloatField()
    paused = models.BooleanField(default=False)
    why = models.TextField(blank=True)
    """Of a pause: who and why, in a sentence."""
    learned_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)


class SourceCursor(models.Model):
    """How far ``changes`` has been read. Moves only in the transaction that stores what it covers."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="cursor")
    cursor = models.TextField(null=True)
    due_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    """When the cursor last moved or was confirmed."""
