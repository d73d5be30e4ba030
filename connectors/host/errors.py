"""What callers of the host can do wrong, each with a sentence that says what to do."""

from __future__ import annotations


class HostError(Exception):
    """Base: ``str(error)`` is a sentence for people."""


class UnknownSource(HostError):
    """No source of this name is set up."""


class UnknownConnector(HostError):
    """No connector folder or entry point has this slug."""


class BadSource(HostError):
    """These settings can't be saved; the sentence names the field."""


class BadAction(HostError):
    """This action can't be asked for so; ``field`` names what is wrong."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class BadMoment(HostError):
    """A moment that can't be asked about: in the future, or not a time with a zone."""


class NoDeliveries(HostError):
    """No source of this name takes deliveries."""


class DeliveryRefused(HostError):
    """A delivery that its source did not sign, or signed too long ago. Nothing of it is kept."""


class DeliveryNotNow(HostError):
    """A delivery can't be verified at present, through no fault of its sender: it has to come again."""


class UnknownDelivery(HostError):
    """No delivery has this number."""


class BadBackfill(HostError):
    """This reading of a source's past can't be started or moved; the sentence says why."""


class BadImport(HostError):
    """This file can't be imported, or its import not be moved; the sentence says why and what to do."""
