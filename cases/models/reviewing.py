"""Reviews of what customers were told. Words are in the events' payloads; these rows hold ids, choices and times."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

RULES = [(r, r) for r in ("random", "promise_broken", "told_broken", "transfers", "overdue", "overridden")]
VERDICTS = [(v, v) for v in ("yes", "partly", "no")]
ANSWERS = [(a, a) for a in ("answer", "appeal")]
OUTCOMES = [(o, o) for o in ("stands", "changed")]


class Review(models.Model):
    """One piece of work: somebody is to look at what was done at one event, and to sign off. Of two independent
    reviews of the same event the later one names the other in ``first``."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="reviews")
    event = models.ForeignKey("cases.Event", models.PROTECT, related_name="reviews")
    """What is reviewed; its time is the moment to look at."""
    statement = models.ForeignKey("cases.Statement", models.PROTECT, null=True, related_name="reviews")
    first = models.OneToOneField("self", models.PROTECT, null=True, related_name="second")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reviews")
    """Whose work it is, and whom the note is for; none where a program acted."""
    team = models.ForeignKey("cases.Team", models.PROTECT, null=True, related_name="reviews")
    involved = ArrayField(models.IntegerField(), default=list)
    """Users who had a part in it, so none of them reviews it."""
    blind = models.BooleanField(default=False)
    """Drawn to be read blind: from whoever has not seen it, the system's own verdict and why it was sampled are kept
    back until theirs is given."""
    wanted_at = models.DateTimeField()
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(first=None, signed_at=None), name="cases_review_open_once"
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="cases_review_claim_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["wanted_at", "id"], condition=Q(signed_at=None), name="cases_review_waits"),
            models.Index(fields=["person", "-signed_at"], name="cases_review_of"),
            models.Index(fields=["team", "wanted_at"], name="cases_review_team"),
        ]


class ReviewReason(models.Model):
    """Why something is reviewed: one rule found it, once."""

    history_updates = ()

    review = models.ForeignKey(Review, models.PROTECT, related_name="reasons")
    subject = models.ForeignKey("cases.Event", models.PROTECT, related_name="review_reasons")
    """The review's own event: no rule asks for the same twice."""
    rule = models.CharField(max_length=20, choices=RULES)
    event = models.ForeignKey("cases.Event", models.PROTECT, related_name="+")
    """What the rule saw: the broken promise, the third transfer, the reply itself."""
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "rule"], name="cases_review_reason_once")]
        indexes = [models.Index(fields=["rule", "review"], name="cases_review_rule")]


class ReviewVerdict(models.Model):
    """What one person signed. The note, the coaching in words and the system's own verdict are in the event's payload.
    """

    history_updates = ()

    review = models.OneToOneField(Review, models.PROTECT, related_name="verdict")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=6, choices=VERDICTS)
    coaching = ArrayField(models.CharField(max_length=30), default=list)
    system_verdict = models.CharField(max_length=6, choices=VERDICTS, blank=True)
    """What Throughline itself found; empty where it has no view."""
    blind = models.BooleanField()
    """Whether the reviewer gave the verdict without the system's."""
    to_person = models.BooleanField()
    """Whether there is something to read for whoever is reviewed."""
    event = models.OneToOneField("cases.Event", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="cases_verdict_at")]


class ReviewAnswer(models.Model):
    """What the person reviewed answered, once. An appeal is decided by somebody else than the reviewer."""

    history_updates = ("decided_at", "decided_by", "outcome", "new_verdict", "decision")

    verdict = models.OneToOneField(ReviewVerdict, models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=6, choices=ANSWERS)
    event = models.OneToOneField("cases.Event", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=7, choices=OUTCOMES, null=True)
    new_verdict = models.CharField(max_length=6, choices=VERDICTS, null=True)
    decision = models.OneToOneField("cases.Event", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, outcome=None, decision=None)
                | Q(kind="appeal", decided_at__isnull=False, decided_by__isnull=False, outcome__isnull=False,
                    decision__isnull=False),
                name="cases_review_decided_whole",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["at"], condition=Q(kind="appeal", decided_at=None), name="cases_review_appeals"
            )
        ]


class ReviewCursor(models.Model):
    """How far the sampling has read the history: one row. It may be put back; nothing is sampled twice."""

    seen_at = models.DateTimeField()
