"""Reading a source's past, reading files, and counts by the hour."""

from __future__ import annotations

from django.db import models

from connectors.host.models.sources import Source

RUN_STATES = ("waiting", "running", "paused", "done", "failed", "cancelled")


class Backfill(models.Model):
    """One reading of a source's past through ``changes`` with a cursor of its own, page by page, beside polling."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="backfills")
    state = models.CharField(max_length=10, default="waiting")
    since = models.DateTimeField(null=True)
    """From when on; empty for everything."""
    cursor = models.TextField(null=True)
    pages_a_minute = models.IntegerField(default=60)
    pages = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    new = models.BigIntegerField(default=0)
    malformed = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    """In a row; a page that is read sets it to 0."""
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=150, blank=True)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    progressed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state__in=("waiting", "running", "paused")),
                name="host_backfill_one_at_once",
            )
        ]  # fmt: skip


class FileImport(models.Model):
    """One file of facts, kept in pieces until it is read. ``format`` is jsonl or csv; ``mapping`` says how a line
    becomes a fact. ``line`` is the last line that is stored: reading goes on behind it after any interruption."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="imports")
    state = models.CharField(max_length=10, default="waiting")
    name = models.CharField(max_length=200)
    format = models.CharField(max_length=10)
    mapping = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    lines = models.BigIntegerField(null=True)
    """How many there are, once known."""
    line = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    """Bytes that are behind ``line``."""
    new = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=150, blank=True)
    taken_at = models.DateTimeField()
    """When the file was taken out of its source: where that does not order its versions, its lines say how things
    stood then, and never replace what was learned since."""
    failures = models.IntegerField(default=0)
    """In a row; a batch that is stored sets it to 0."""
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    progressed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class ImportPiece(models.Model):
    """A part of an imported file, in order; deleted once all of it is stored."""

    file = models.ForeignKey(FileImport, models.CASCADE, related_name="parts")
    number = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="host_import_piece_once")]


class ImportRefusal(models.Model):
    """A line that could not be stored, with the reason."""

    file = models.ForeignKey(FileImport, models.CASCADE, related_name="refusals")
    line = models.BigIntegerField()
    reason = models.TextField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="host_import_refusal_once")]


class SourceHour(models.Model):
    """What one source brought in one hour (UTC), counted in the transactions that stored it."""

    source = models.ForeignKey(Source, models.PROTECT)
    hour = models.DateTimeField()
    new = models.BigIntegerField(default=0)
    malformed = models.BigIntegerField(default=0)
    last_at = models.DateTimeField()
    """When the last of it was learned."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "hour"], name="host_source_hour_once")]


class SourceField(models.Model):
    """A field that rows of one type of a source have, with the shapes it was seen in, to tell when that changes."""

    source = models.ForeignKey(Source, models.PROTECT)
    record_type = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    shape = models.CharField(max_length=20)
    """text, number, boolean, object, list or null."""
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    rows = models.BigIntegerField(default=0)
    known = models.BooleanField(default=True)
    """False where it turned up after the source was known, and nobody has said yet that this is fine."""
    missing_at = models.DateTimeField(null=True)
    """When it was told that a field that was always there is not there any more."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "record_type", "path", "shape"], name="host_source_field_once")
        ]


class SourceLog(models.Model):
    """What people and the host did to a source: saved, paused, resumed, cursor reset, secret changed, drift seen."""

    history_updates = ()

    source = models.ForeignKey(Source, models.PROTECT)
    at = models.DateTimeField()
    level = models.CharField(max_length=10)
    """info, warn or error."""
    what = models.CharField(max_length=40)
    sentence = models.TextField()
    by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["source", "-at"], name="host_source_log_latest")]
