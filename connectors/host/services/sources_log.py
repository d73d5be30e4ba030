"""The log of a source: what people and the host did to it, who and when."""

from __future__ import annotations

from typing import Literal

from django.utils import timezone

from connectors.host.models import Source, SourceLog

Level = Literal["info", "warn", "error"]


def source_note(*, source: Source, what: str, sentence: str, by: str = "", level: Level = "info") -> None:
    """Write one line into a source's log. ``sentence`` holds no secret and no personal data of customers."""
    SourceLog.objects.create(
        source=source, at=timezone.now(), level=level, what=what, sentence=sentence[:2000], by=by[:150]
    )
