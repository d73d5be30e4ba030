"""What went wrong with a source, named after what happens next."""

from __future__ import annotations


class SourceError(Exception):
    """Base of all. ``sentence`` is for people, ``detail`` for the log; neither may hold a secret."""

    outcome = "unreachable"

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail or sentence


class BadSettings(SourceError):
    """Stop and tell the integrator: these settings can't work."""

    outcome = "refused"


class BadCredentials(BadSettings):
    """Stop and ask the integrator to reconnect: the source knows us no longer."""


class TryAgain(SourceError):
    """It may work later; ``after`` is in seconds where the source said so, else None."""

    def __init__(self, sentence: str, detail: str = "", after: float | None = None) -> None:
        super().__init__(sentence, detail)
        self.after = after


class Unreadable(TryAgain):
    """The source answered, but not with what it promised; ``body`` holds the start of what it sent."""

    outcome = "malformed"

    def __init__(self, sentence: str, detail: str = "", body: str = "") -> None:
        super().__init__(sentence, detail)
        self.body = body[:2000]


class Missing(SourceError):
    """The source says that there is none."""

    outcome = "nothing"


class Refused(SourceError):
    """The source understood and will not; the sentence tells the rep why."""

    outcome = "refused"
