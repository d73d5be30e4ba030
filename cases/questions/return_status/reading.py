"""A return on its way to the warehouse and through its inspection."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from cases.questions.common.reading import Reading
from connectors.host.views import FactView


class ReturnReading(Reading):
    """The reading of “Did my return arrive?”."""

    @cached_property
    def registered(self) -> FactView | None:
        return self.m.last("return.requested", "return.approved")

    @cached_property
    def posted(self) -> FactView | None:
        """When it was given to the carrier."""
        return self.m.last("return.dispatched")

    @property
    def here(self) -> FactView | None:
        """What says that it has arrived: that it was received, or what was done with it then."""
        return self.received or self.inspected or self.rejected

    @cached_property
    def arrival_due(self) -> date | None:
        """The last day on which the policy expects a parcel that was sent back."""
        return self.after(self.posted, self.returns_policy, "arrival_days")

    @property
    def failed(self) -> bool:
        return bool(self.refunds) and self.refunds[-1].status == "failed"
