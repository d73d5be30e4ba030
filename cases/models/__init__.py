"""The tables of cases, by what they are about."""

from cases.models.acting import ActionRun
from cases.models.case import Case, CaseQuestion, CaseRef, CaseSummary, Event, EventPayload
from cases.models.mail import InMail, InMailWork, Mailbox, MailFile
from cases.models.measuring import MeasureCursor, MeasureWeek, Observation, TrustLetter, TrustReader
from cases.models.owning import Draft, Handover, Presence, Team, TeamMember
from cases.models.promises import Alert, Commitment
from cases.models.reviewing import Review, ReviewAnswer, ReviewCursor, ReviewReason, ReviewVerdict
from cases.models.told import OutboxMail, Statement, StatementStanding

__all__ = [
    "ActionRun", "Alert", "Case", "CaseQuestion", "CaseRef", "CaseSummary", "Commitment", "Draft", "Event",
    "EventPayload", "Handover", "InMail", "InMailWork", "MailFile", "Mailbox", "MeasureCursor", "MeasureWeek",
    "Observation", "OutboxMail", "Presence", "Review", "ReviewAnswer", "ReviewCursor", "ReviewReason",
    "ReviewVerdict", "Statement", "StatementStanding", "Team", "TeamMember", "TrustLetter", "TrustReader",
]  # fmt: skip
