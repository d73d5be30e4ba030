"""Sources and what they said. History tables carry ``history_updates``: the columns that may be set once."""

from connectors.host.models.checks import Check, CheckRef, Lease, Unheard
from connectors.host.models.facts import Fact, FactHead, FactPayload, FactRef, Malformed, RawRow, Record
from connectors.host.models.inbound import Inbound, InboundWork
from connectors.host.models.ledger import DigestDay, DigestPart
from connectors.host.models.reading import (
    Backfill,
    FileImport,
    ImportPiece,
    ImportRefusal,
    SourceField,
    SourceHour,
    SourceLog,
)
from connectors.host.models.sources import Clock, RefValue, Source, SourceCursor, SourceTerms

__all__ = [
    "Backfill", "Check", "CheckRef", "Clock", "DigestDay", "DigestPart", "Fact", "FactHead", "FactPayload", "FactRef",
    "FileImport", "ImportPiece", "ImportRefusal", "Inbound", "InboundWork", "Lease", "Malformed", "RawRow", "Record",
    "RefValue", "Source", "SourceCursor", "SourceField", "SourceHour", "SourceLog", "SourceTerms",
    "Unheard",
]  # fmt: skip
