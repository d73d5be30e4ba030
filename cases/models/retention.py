"""Lawful erasure: who asked and who said yes, what went, and how far the rules of retention have come."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

REQUEST_STATES = [(s, s) for s in ("asked", "approved", "done", "refused", "withdrawn")]


class LegalHold(models.Model):
    """What is held about a customer must not go, by erasure or by age, until this is lifted."""

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(lifted_at=None), name="cases_one_legal_hold")
        ]


class ErasureRequest(models.Model):
    """Somebody asked that a customer be forgotten. Nothing goes before another person has said yes."""

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=REQUEST_STATES, default="asked")
    why = models.CharField(max_length=300)
    """Without personal data: it outlives them."""
    decisions = models.JSONField(default=dict)
    """What was decided about what stands against it, by its key: ``{"cases": "close", "mentions": "erase"}``."""
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(state="asked"), name="cases_one_erasure_asked"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="cases_erasure_two_people",
            ),
        ]


class Erasure(models.Model):
    """Something was erased, by the one database function that can. It writes this row in the same transaction."""

    history_updates = ("counts",)

    request = models.ForeignKey(ErasureRequest, models.PROTECT, null=True, related_name="erasures")
    rule = models.CharField(max_length=60, blank=True)
    """The rule of retention by whose age it went; empty where a customer was erased."""
    before = models.DateTimeField(null=True)
    """What the rule took was older than this."""
    asked_by = models.CharField(max_length=80, blank=True)
    done_by = models.CharField(max_length=80, blank=True)
    """Ids of users; empty where a rule did it."""
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    xact = models.BigIntegerField()
    """The transaction that it was done in: the guards of history let this one pass, and no other."""
    counts = models.JSONField(null=True)
    """How many rows lost their content, by table."""


class ErasedRow(models.Model):
    """This row of history lost its content lawfully. One that lost it without a row here was tampered with."""

    history_updates = ()

    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="rows", db_index=False)
    what = models.CharField(max_length=30)
    """The table."""
    row = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "row", "erasure"], name="cases_erased_row_once")]


class RetentionMark(models.Model):
    """How far the sweep of one rule has come. Nothing is known only here: without it, it begins again."""

    rule = models.CharField(max_length=60, primary_key=True)
    upto = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    """When it last began from the first row: what was held back then is looked at again."""
    ran_at = models.DateTimeField(null=True)
    removed = models.BigIntegerField(default=0)
