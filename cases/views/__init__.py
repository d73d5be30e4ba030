"""What case selectors hand to pages and programs: plain, immutable shapes."""

from cases.views.case import (
    CaseState,
    CaseView,
    EventView,
    MailView,
    OtherMatter,
    Owner,
    PersonMatch,
    PersonView,
    QueueItem,
    RefMatch,
    SearchResult,
    TimelineEntry,
    TimelinePage,
    Verified,
)

__all__ = [
    "CaseState",
    "CaseView",
    "EventView",
    "MailView",
    "OtherMatter",
    "Owner",
    "PersonMatch",
    "PersonView",
    "QueueItem",
    "RefMatch",
    "SearchResult",
    "TimelineEntry",
    "TimelinePage",
    "Verified",
]
