"""The tables of cases, by what they are about."""

from cases.models.acting import ActionRun
from cases.models.case import Case, CaseQuestion, CaseRef, CaseSummary, Event, EventPayload
from cases.models.ledger import Access, Anchor, LedgerKey, LedgerRun
from cases.models.mail import InMail, InMailWork, Mailbox, MailFile
from cases.models.measuring import MeasureCursor, MeasureWeek, Observation, TrustLetter, TrustReader
from cases.models.owning import Draft, Handover, Presence, Team, TeamMember
from cases.models.promises import Alert, Commitment
from cases.models.retention import ErasedRow, Erasure, ErasureRequest, LegalHold, RetentionMark
from cases.models.reviewing import Review, ReviewAnswer, ReviewCursor, ReviewReason, ReviewVerdict
from cases.models.told import OutboxMail, Statement, StatementStanding

__all__ = [
    "Access", "ActionRun", "Alert", "Anchor", "Case", "CaseQuestion", "CaseRef", "CaseSummary", "Commitment", "Draft",
    "ErasedRow", "Erasure", "ErasureRequest", "Event", "EventPayload", "Handover", "InMail", "InMailWork", "LedgerKey",
    "LedgerRun", "LegalHold", "Mailbox", "MailFile", "MeasureCursor", "MeasureWeek", "Observation", "OutboxMail",
    "Presence", "RetentionMark", "Review", "ReviewAnswer", "ReviewCursor", "ReviewReason", "ReviewVerdict",
    "Statement", "StatementStanding", "Team", "TeamMember", "TrustLetter", "TrustReader",
]  # fmt: skip
