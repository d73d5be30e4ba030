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
from cases.views.promises import AlertView, Day, DayPromise, PromiseState, PromiseView

__all__ = [
    "AlertView",
    "Day",
    "DayPromise",
    "PromiseState",
    "PromiseView",
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
