"""Sources that disagree about a parcel or a return: shown as they speak, never averaged away."""

from __future__ import annotations

from dataclasses import dataclass

from cases.answers import Text, Witness, text
from cases.questions.common import values
from cases.questions.common.reading import Reading
from connectors.host.views import FactView


@dataclass(frozen=True)
class Conflict:
    """``why`` completes the sentence "Don’t answer yet: …"."""

    why: str
    witnesses: tuple[Witness, ...]


def witness(fact: FactView, said: Text) -> Witness:
    return Witness(fact.source, fact.source_title, fact.domain, said, (fact.id,))


def dated(r: Reading, fact: FactView, words: str) -> Witness:
    """``Received Tue 17 Nov``."""
    return witness(fact, text(words + " {d}", d=values.when(fact, r.zone, r.today)))


def received_and_cancelled(r: Reading) -> Conflict | None:
    """A return that one source received and another says was cancelled."""
    for gone in r.m.of("return.cancelled"):
        for came in r.m.of("return.received"):
            if came.source != gone.source and set(came.ref_values("return")) & set(gone.ref_values("return")):
                return Conflict("two sources disagree on the return",
                                (dated(r, came, "Received"), dated(r, gone, "Cancelled")))  # fmt: skip
    return None


def inspected_differently(r: Reading) -> Conflict | None:
    """One source passed what another refused."""
    for good in (f for f in r.m.of("return.inspected") if f.data.get("result") == "passed"):
        bad = [f for f in r.m.of("return.inspected", "return.rejected") if f.source != good.source and _failed(f)]
        for other in (f for f in bad if set(f.ref_values("return")) & set(good.ref_values("return"))):
            return Conflict("two sources disagree on the inspection",
                            (dated(r, good, "Passed"), dated(r, other, "Not passed")))  # fmt: skip
    return None


def _failed(fact: FactView) -> bool:
    return fact.kind == "return.rejected" or fact.data.get("result") == "failed"


def parcel_differs(r: Reading) -> Conflict | None:
    """A parcel that one source delivered and another lost."""
    for parcel in r.parcels:
        for lost in (f for f in parcel.facts if f.data.get("lost")):
            for there in (f for f in parcel.facts if f.kind == "shipment.delivered" and f.source != lost.source):
                return Conflict("two sources disagree on the parcel",
                                (dated(r, there, "Delivered"), dated(r, lost, "Lost")))  # fmt: skip
    return None


def cancelled_and_sent(r: Reading) -> Conflict | None:
    """An order that one source cancelled and of which another sent or delivered a parcel."""
    for gone in r.m.of("order.cancelled"):
        for moved in r.m.of("shipment.delivered", "shipment.dispatched"):
            if moved.source != gone.source:
                words = "Delivered" if moved.kind == "shipment.delivered" else "Sent"
                return Conflict("two sources disagree on the order",
                                (dated(r, gone, "Cancelled"), dated(r, moved, words)))  # fmt: skip
    return None
