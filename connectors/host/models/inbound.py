"""What sources send by themselves, and what is still to be done with it."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from connectors.host.models.sources import Source


class Inbound(models.Model):
    """One delivery exactly as it came, kept before anything is done with it. ``key`` is the source's own id of it
    (or a digest of the body where it has none): the same key again is the same delivery."""

    history_updates = ()

    source = models.ForeignKey(Source, models.PROTECT)
    key = models.CharField(max_length=300)
    headers = models.JSONField()
    """Lower-case names; those that carry a signature or a secret are left out."""
    body = models.BinaryField()
    signed = models.BinaryField(null=True)
    """A digest of what its signature covered, where that leaves out the id: who sends the same under another id, sends
    no second delivery."""
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="host_inbound_once"),
            models.UniqueConstraint(
                fields=["source", "signed"], name="host_inbound_signed_once", condition=models.Q(signed__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["source", "-received_at"], name="host_inbound_latest"),
            BrinIndex(fields=["received_at"], name="host_inbound_day", autosummarize=True, pages_per_range=32),
        ]


class InboundWork(models.Model):
    """How far the work on one delivery is. ``state``: waiting, done, failed (it is tried again at ``due_at``) or
    dead (only by hand). Claimed with SKIP LOCKED; whoever holds it does so until ``leased_until``."""

    inbound = models.OneToOneField(Inbound, models.PROTECT, primary_key=True, related_name="work")
    source = models.ForeignKey(Source, models.PROTECT)
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    """Why it failed, in a sentence for people."""
    new = models.IntegerField(default=0)
    """New fact versions that it brought."""
    malformed = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    learned_at = models.DateTimeField(null=True)
    """When the facts that it brought were learned: it leads to them."""
    rung_at = models.DateTimeField(null=True)
    """The same came again since it was last taken up: it is worked on once more."""

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="host_inbound_due", condition=models.Q(state__in=("waiting", "failed"))
            ),
            models.Index(fields=["source", "state"], name="host_inbound_state"),
        ]
