"""An order that is to be cancelled, or was: until when it can be, and what has left already."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from cases.questions.common.reading import Reading
from connectors.host.views import FactView


class CancelReading(Reading):
    """The reading of “Can I cancel my order?”."""

    @cached_property
    def cancel_until(self) -> date | None:
        """The last day on which the policy lets an order be cancelled."""
        return self.after(self.order, self.cancel_policy, "cancel_days")

    @cached_property
    def moved(self) -> FactView | None:
        """What says that a parcel has left: that it was sent, or else what came of it."""
        return next((p.sent or p.facts[-1] for p in reversed(self.parcels)), None)

    @cached_property
    def delivered(self) -> FactView | None:
        """When all of it was delivered."""
        there = [p.delivered for p in self.parcels if p.status == "delivered"]
        return there[-1] if there and len(there) == len(self.parcels) else None

    @cached_property
    def gone(self) -> FactView | None:
        """When the carrier lost a parcel of it."""
        return next((p.lost for p in reversed(self.parcels) if p.lost), None)

    @property
    def failed(self) -> bool:
        return bool(self.refunds) and self.refunds[-1].status == "failed"
