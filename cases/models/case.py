"""Cases, their history, and the queue's projection."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

STATES = [(s, s) for s in ("open", "waiting_customer", "closed")]
ACTORS = [(a, a) for a in ("customer", "person", "program", "rule")]


class Case(models.Model):
    """One customer's matter. Its columns are the present; the past is read from its events."""

    opened_at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=STATES, default="open")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases")
    team = models.ForeignKey("cases.Team", models.PROTECT, null=True, related_name="cases")
    """Whose work this kind of case is; the owner alone is accountable."""
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="cases")

    class Meta:
        indexes = [models.Index(fields=["owner", "state", "-opened_at"], name="cases_of_owner")]

    @property
    def reference(self) -> str:
        """The short number people use; the sequence starts at a five-digit one."""
        return str(self.pk)

    def __str__(self) -> str:
        return f"Case {self.pk}"


class CaseQuestion(models.Model):
    """A question asked in a case. Exactly one is the main one: at most by this index, at least by a trigger."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="questions")
    name = models.CharField(max_length=60)
    main = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(main=True), name="cases_one_main_question"),
            models.UniqueConstraint(fields=["case", "name"], name="cases_question_once"),
        ]


class CaseRef(models.Model):
    """A ref that a case is about, between two of our own times."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="refs")
    ref = models.ForeignKey("host.RefValue", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "ref"], condition=Q(removed_at=None), name="cases_ref_once")
        ]


class Event(models.Model):
    """Something that happened in a case. Chained: each digest covers the one before it."""

    history_updates = ()

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.IntegerField()
    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10, choices=ACTORS)
    actor = models.CharField(max_length=80, blank=True)
    """A user's id for persons and programs, a rule's name for rules; empty for the customer."""
    at = models.DateTimeField()
    prev_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    payload_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="cases_event_seq_once"),
            models.CheckConstraint(condition=Q(actor_kind__in=[a for a, _ in ACTORS]), name="cases_event_actor_kind"),
        ]
        indexes = [
            models.Index(fields=["case", "kind", "-seq"], name="cases_event_kind"),
            models.Index(fields=["at"], name="cases_event_at"),
            models.Index(fields=["-at", "-id"], condition=Q(kind="case.viewed"), name="cases_event_viewed"),
            models.Index(fields=["actor", "-at"], condition=Q(kind="case.viewed"), name="cases_event_viewer"),
        ]


class EventPayload(models.Model):
    """The words and details of an event. Lawful erasure takes this row; the chain stays verifiable."""

    history_updates = ()

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="payload")
    data = models.JSONField()
    salt = models.CharField(max_length=32)





class CaseSummary(models.Model):
    """The queue's projection of a case. Nothing is known only here: ``summaries_rebuild`` makes it anew."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="summary")
    person = models.CharField(max_length=2000, blank=True)
    question = models.CharField(max_length=60)
    situation = models.CharField(max_length=60)
    answer_state = models.CharField(max_length=20)
    answer_digest = models.CharField(max_length=64)
    headline = models.TextField()
    waiting_since = models.DateTimeField(null=True)
    changes_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    """Where nothing but age stands against the answer: the instant at which it was whole."""
    next_promise_at = models.DateTimeField(null=True)
    """When the first of the case's open promises is due."""
    broken_words = models.IntegerField(default=0)
    """How many statements to the customer hold no longer and have not been put right."""
    ref_ids = ArrayField(models.BigIntegerField(), default=list)
    """The refs of the case and everything they lead to: which news concern it."""

    class Meta:
        indexes = [
            GinIndex(fields=["ref_ids"], name="cases_summary_refs"),
            GinIndex(SearchVector("person", config="simple"), name="cases_summary_person"),
            models.Index(fields=["changes_at"], name="cases_summary_due"),
            models.Index(fields=["situation"], name="cases_summary_situation"),
        ]
