"""What the API itself remembers: writes that carried an Idempotency-Key, for a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class KeyedWrite(models.Model):
    """One write of one account under one key. ``status`` is None until its outcome is known."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    """Over method, path and body: the same key with another fingerprint is a mistake of the caller."""
    holder = models.CharField(max_length=32)
    """Which request acts under this key."""
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    failed = models.BooleanField(default=False)
    """It broke half-way: what it has done is not known."""
    status = models.IntegerField(null=True)
    body = models.JSONField(null=True)
    location = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_key_once")]
        indexes = [models.Index(fields=["expires_at"], name="api_key_expiry")]
