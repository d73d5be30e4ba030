"""Records and the versions of what they say.

What history points to can't go (its guards see to that), and a record can't while it has raw rows: so the database
checks no reference to them again for each row, which would double the cost of storing a fact.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from connectors.host.models.sources import RefValue, Source


class Record(models.Model):
    """One row of a source. ``order_no`` and ``started_at`` say which of its rows is the newest seen."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False)  # the constraint below begins with it
    record_type = models.CharField(max_length=100)
    record_id = models.CharField(max_length=300)
    order_no = models.DecimalField(max_digits=40, decimal_places=6, null=True)
    started_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    """When the newest row was first seen as it is. Heads with this key were said by it: theirs is ``started_at``."""
    seen = models.CharField(max_length=64, blank=True)
    """A digest of what the newest row said: the same again moves ``started_at`` and nothing else. Empty: unknown."""
    misses = models.JSONField(default=dict)
    """How often in a row a complete lookup by a ref missed this record: ``{ref id: times}``."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "record_type", "record_id"], name="host_record_once")]


class RawRow(models.Model):
    """A row exactly as its source sent it. Each content is kept once for a record."""

    history_updates = ()

    record = models.ForeignKey(Record, models.PROTECT, db_index=False)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    url = models.TextField(blank=True)
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "digest"], name="host_raw_once")]
        indexes = [
            # Rows lie in the order of this time, so the smallest of indexes finds a day of them.
            BrinIndex(fields=["learned_at"], name="host_rawrow_day", autosummarize=True, pages_per_range=32)
        ]


class Fact(models.Model):
    """One version of what one record says under one kind. Closed at most once, never otherwise changed."""

    history_updates = ("superseded_at", "closed_as")

    record = models.ForeignKey(Record, models.PROTECT, related_name="facts", db_index=False, db_constraint=False)
    source = models.ForeignKey(Source, models.PROTECT, db_constraint=False)
    raw = models.ForeignKey(RawRow, models.PROTECT, db_index=False, db_constraint=False)
    kind = models.CharField(max_length=100)
    version = models.IntegerField()
    order_no = models.DecimalField(max_digits=40, decimal_places=6, null=True)
    started_at = models.DateTimeField()
    occurred = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    sort_at = models.DateTimeField()
    how = models.CharField(max_length=20)
    implied = models.BooleanField(default=False)
    payload_digest = models.CharField(max_length=64)
    learned_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=20, null=True)
    """Why it was closed: replaced, undone or retracted."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "kind", "version"], name="host_fact_version_once")]
        indexes = [
            models.Index(fields=["learned_at"], name="host_fact_learned"),
            models.Index(
                fields=["superseded_at"], condition=models.Q(superseded_at__isnull=False), name="host_fact_closed"
            ),
        ]


class FactPayload(models.Model):
    """The words of a fact version, apart from its history row so that lawful erasure can remove them."""

    history_updates = ()

    fact = models.OneToOneField(Fact, models.PROTECT, primary_key=True, related_name="payload", db_constraint=False)
    data = models.JSONField()
    said = models.TextField(blank=True)
    salt = models.CharField(max_length=32)


class FactRef(models.Model):
    """A fact version carries this ref, in the order in which its connector named them."""

    history_updates = ()

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="fact_refs", db_constraint=False)
    ref = models.ForeignKey(RefValue, models.PROTECT, db_index=False, db_constraint=False)
    place = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "fact"], name="host_fact_ref_once")]


class FactHead(models.Model):
    """Which version of ``(record, kind)`` is current, and the place in its source's order it was last seen at.

    ``fact`` is empty where the newest word of the source is that there is none.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="heads", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=100)
    fact = models.ForeignKey(Fact, models.PROTECT, null=True, db_index=False, db_constraint=False)
    versions = models.IntegerField(default=0)
    order_no = models.DecimalField(max_digits=40, decimal_places=6, null=True)
    started_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "kind"], name="host_head_once")]


class Malformed(models.Model):
    """What a source sent that could not be read as facts: kept, shown to the integrator, in no answer."""

    history_updates = ()

    source = models.ForeignKey(Source, models.PROTECT)
    raw = models.ForeignKey(RawRow, models.PROTECT)
    kind = models.CharField(max_length=100, blank=True)
    reason = models.TextField()
    refs = ArrayField(models.BigIntegerField(), default=list)
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["raw", "kind"], name="host_malformed_once")]
