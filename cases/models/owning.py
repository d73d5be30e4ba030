"""Teams, handovers, and who is at work on a case just now."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

OFFER_STATES = [(s, s) for s in ("offered", "accepted", "declined", "expired", "withdrawn")]


class Team(models.Model):
    """People who share a kind of work. Questions that it takes are routed to it."""

    name = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    questions = ArrayField(models.CharField(max_length=60), default=list)
    hours = models.JSONField(default=dict)
    """Working hours by weekday, ``{"mon": ["09:00", "17:00"], …}``; an absent day is free, an empty map is always."""
    zone = models.CharField(max_length=60, default="UTC")

    def __str__(self) -> str:
        return self.title


class TeamMember(models.Model):
    """A person in a team. ``taking`` is off while they take no new cases."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="places")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="places")
    taking = models.BooleanField(default=True)
    last_given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="cases_member_once")]


class Handover(models.Model):
    """An offer of a case. Until it is accepted the old owner stays accountable."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="handovers")
    from_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="offers")
    to_team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="offers")
    why = models.TextField()
    packet = models.JSONField(default=dict)
    """What the next owner must know, made by the system: the shape of ``cases.owning.Packet.as_json()``."""
    state = models.CharField(max_length=10, choices=OFFER_STATES, default="offered")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="offered"), name="cases_one_offer"),
            models.CheckConstraint(
                condition=Q(to_person=None, to_team__isnull=False) | Q(to_person__isnull=False, to_team=None),
                name="cases_offer_to_one",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="offered"), name="cases_offer_due")]


class Draft(models.Model):
    """What somebody has begun to write in a case. It is theirs: no change of owner or state takes it."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    text = models.TextField()
    since_seq = models.IntegerField(default=0)
    """The case's last event when the writing began: a reply after it is shown before this one is sent."""
    answer_digest = models.CharField(max_length=64, blank=True, default="")
    """Of the answer that was on the page when the writing began."""
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "author"], name="cases_draft_once")]


class Presence(models.Model):
    """Who has a case open. A row is true for a minute; nothing is known only here."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typing_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="cases_presence_once")]
