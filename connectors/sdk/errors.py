"""What went wrong with a source, named after what happens next."""

from __future__ import annotations

import math

MOST_AFTER_S = 30 * 86400.0
"""However long a source asks us to stay away, no due time lies further ahead."""


class SourceError(Exception):
    """Base of all. ``sentence`` is for people, ``detail`` for the log. Secrets that were resolved are blanked out of
    both, and what no column can keep (NUL, half of a character pair) shows as its escape."""

    outcome = "unreachable"

    def __init__(self, sentence: str, detail: str = "") -> None:
        from connectors.sdk.secrets import told  # it needs this module for BadSettings

        self.sentence = told(sentence)
        self.detail = told(detail) or self.sentence
        super().__init__(self.sentence)


class BadSettings(SourceError):
    """Stop and tell the integrator: these settings can't work."""

    outcome = "refused"


class BadCredentials(BadSettings):
    """Stop and ask the integrator to reconnect: the source knows us no longer."""


class TryAgain(SourceError):
    """It may work later; ``after`` is in seconds where the source said so, else None."""

    def __init__(self, sentence: str, detail: str = "", after: float | None = None) -> None:
        super().__init__(sentence, detail)
        self.after = None if after is None or math.isnan(after) else max(0.0, min(after, MOST_AFTER_S))


class Unreadable(TryAgain):
    """The source answered, but not with what it promised; ``body`` holds the start of what it sent."""

    outcome = "malformed"

    def __init__(self, sentence: str, detail: str = "", body: str = "") -> None:
        super().__init__(sentence, detail)
        from connectors.sdk.secrets import told

        self.body = told(body)[:2000]


class Missing(SourceError):
    """The source says that there is none."""

    outcome = "nothing"


class Refused(SourceError):
    """The source understood and will not; the sentence tells the rep why."""

    outcome = "refused"
