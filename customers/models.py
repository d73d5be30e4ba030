"""People, the refs that sources use for them, and the evidence that ties the two."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q


class Customer(models.Model):
    """A person. ``name`` is only what sources called them first; what a page shows comes from facts."""

    name = models.CharField(max_length=2000, blank=True)
    learned_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(SearchVector("name", config="simple"), name="customers_name_words")]

    def __str__(self) -> str:
        return self.name or f"customer {self.pk}"


class Identity(models.Model):
    """A ref that stands for a customer between two of our own times. Two customers may hold one ref: then we ask."""

    ref = models.ForeignKey("host.RefValue", models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="identities")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref", "customer"], condition=Q(to_at=None), name="customers_identity_once")
        ]


class Merge(models.Model):
    """Two customers are one person between two of our own times, as somebody says. Nothing else moves: identities,
    links, cases and promises stay where they are, so that ending it leaves exactly what was."""

    history_updates = ("to_at", "ended_by", "ended_why")

    keep = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    other = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    """Goes by the name of ``keep`` meanwhile. Stands under one other at most, so that merges are a tree."""
    by = models.CharField(max_length=200)
    why = models.TextField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, null=True)
    ended_why = models.TextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["other"], condition=Q(to_at=None), name="customers_merged_once"),
            models.CheckConstraint(condition=~Q(keep=models.F("other")), name="customers_merge_of_two"),
        ]


class Link(models.Model):
    """Why an identity stands: the fact that said so, and when we learned it."""

    history_updates = ()

    identity = models.ForeignKey(Identity, models.PROTECT, related_name="links")
    fact_id = models.BigIntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity", "fact_id"], name="customers_link_once")]
