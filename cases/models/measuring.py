"""What the measures of trust are counted from: projections of events, made anew by ``manage.py metrics rebuild``."""

from __future__ import annotations

from django.conf import settings
from django.db import models

ALL = "*"
"""Team, question and source of the sums over all of them: no name is such."""


class Observation(models.Model):
    """One thing that counts in one measure, and the case in which it is to be seen. It names no person.

    A share counts ``met`` of ``of``; a duration also has its ``seconds``.
    """

    measure = models.CharField(max_length=40)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    key = models.CharField(max_length=80)
    """What was observed, unique in its case and measure: ``e412`` for an event, ``s88`` for a statement …"""
    at = models.DateTimeField()
    week = models.DateField()
    """The Monday (UTC) of its week."""
    team = models.CharField(max_length=50, blank=True)
    question = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=60, blank=True)
    met = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=1)
    seconds = models.BigIntegerField(null=True)
    event = models.ForeignKey("cases.Event", models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    """Where in the case's history it is to be seen."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "measure", "key"], name="cases_observed_once")]
        indexes = [models.Index(fields=["measure", "week", "case"], name="cases_observed_in")]


class MeasureWeek(models.Model):
    """Sums of the observations of one measure in one week: for one team, question and source, and over all of them."""

    measure = models.CharField(max_length=40)
    week = models.DateField()
    team = models.CharField(max_length=50, blank=True)
    question = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=60, blank=True)
    bucket = models.BigIntegerField(default=-1)
    """The class of durations that it counts, by its shortest in seconds; -1 where the measure has none."""
    n = models.BigIntegerField()
    met = models.BigIntegerField()
    of = models.BigIntegerField()
    seconds = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "week", "team", "question", "source", "bucket"], name="cases_measure_week_once"
            )
        ]


class MeasureCursor(models.Model):
    """How far the history has been counted; one row, whose lock makes its holder the only one who counts."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField(null=True)
    event = models.BigIntegerField(default=0)
    edition = models.IntegerField(default=0)
    """Of the definitions that counted: others begin anew."""


class TrustReader(models.Model):
    """Somebody who wants the measures by e-mail, once a week."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()


class TrustLetter(models.Model):
    """The weekly letter to one person. Its row is written before it leaves, so nobody gets a week twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    week = models.DateField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "week"], name="cases_trust_letter_once")]
