"""What sources were asked to do."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

RUN_STATES = [(s, s) for s in ("waiting", "asked", "done", "refused", "failed", "unknown", "withdrawn")]
"""``waiting`` is for a second person's yes; ``withdrawn`` never got it."""


class ActionRun(models.Model):
    """Something that a source was asked to do for a case, and how far it is. ``key`` goes to the source: the same key
    is the same deed."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="runs")
    source = models.SlugField()
    source_title = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    confirm = models.TextField()
    key = models.CharField(max_length=255, unique=True)
    state = models.CharField(max_length=10, choices=RUN_STATES, default="asked")
    sentence = models.TextField(blank=True)
    attempts = models.IntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """The second person, where the limit asks for one."""
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    """Why the second person said no, or what they noted with their yes."""
    amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    """The money that it moves, as its arguments or the facts about their references say; none where nothing says."""
    limit = models.TextField(blank=True)
    """Why it waits for a second person, in a sentence; empty where it never did."""
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="asked"), name="cases_run_due")]
