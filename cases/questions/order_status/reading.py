"""An order on its way to the customer: its parcels, and the days on which it should be sent and be there."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from cases.questions.common import due
from cases.questions.common.parcels import Parcel
from cases.questions.common.reading import Reading
from cases.questions.common.values import Days
from connectors.host.views import FactView


class OrderReading(Reading):
    """The reading of “Where is my parcel?”."""

    def parcel(self, *statuses: str) -> Parcel | None:
        """The latest parcel in one of these statuses."""
        return next((p for p in reversed(self.parcels) if p.status in statuses), None)

    @cached_property
    def sent(self) -> FactView | None:
        """When the parcel left that is still awaited, else when the last one did."""
        parcel = self.parcel("sent", "problem", "lost") or self.parcel("delivered")
        return parcel.sent if parcel else None

    @cached_property
    def delivered(self) -> FactView | None:
        parcel = self.parcel("delivered")
        return parcel.delivered if parcel else None

    @cached_property
    def unpaid(self) -> FactView | None:
        """The payment that failed, where none has come since."""
        return self.m.last("payment.failed") if not self.captured else None

    @cached_property
    def arrival(self) -> Days | None:
        """The first and the last day on which the policy expects it."""
        start, terms = self.day(self.order), self.delivery_policy
        span = terms.get("days") if terms else None
        if start is None or terms is None or not span:
            return None
        low, high = (due.business_days(start, n, terms.calendar) for n in sorted(span))
        return low, high

    @cached_property
    def last_day(self) -> date | None:
        return self.arrival[1] if self.arrival else None

    @cached_property
    def dispatch_due(self) -> date | None:
        return self.after(self.order, self.delivery_policy, "dispatch_days")

    @cached_property
    def lost_on(self) -> date | None:
        """The last day of waiting, after which the policy counts a parcel as lost."""
        terms = self.delivery_policy
        days = terms.get("lost_days") if terms else None
        if self.last_day is None or terms is None or not isinstance(days, int):
            return None
        return due.business_days(self.last_day, days, terms.calendar)

    @property
    def refunds_lost(self) -> bool:
        """Whether the policy gives the money back for a parcel that was lost."""
        return bool(self.refunds_policy and self.refunds_policy.get("early_refund") == "lost_parcel")
