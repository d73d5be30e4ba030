"""Digests of what was recorded, day by day, so that nobody can change it unseen."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class DigestDay(models.Model):
    """The Merkle root over all rows of one kind that were recorded on one UTC day. A day without any has one too."""

    history_updates = ()

    kind = models.CharField(max_length=40)
    day = models.DateField()
    count = models.BigIntegerField()
    root = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day"], name="host_digest_day_once")]


class DigestPart(models.Model):
    """A run of a day's leaves, in order: which rows they are of, and their digests end to end. Made while the day
    goes on.

    The root can be had without it; with it a broken row can be named, and a path to the root costs one part.
    """

    history_updates = ()

    kind = models.CharField(max_length=40)
    day = models.DateField()
    number = models.IntegerField()
    last_at = models.DateTimeField()
    """The time of its last row. All rows of that time are in it."""
    ids = ArrayField(models.BigIntegerField())
    leaves = models.BinaryField()
    """32 bytes for each id."""
    salts = models.BinaryField()
    """16 bytes for each id, where the rows of this kind have no salt of their own; else empty. Lawful erasure of a row
    takes its salt along."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day", "number"], name="host_digest_part_once")]
