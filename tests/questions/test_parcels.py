"""What several sources tell of a parcel is one parcel, and what nobody promised is not said."""

from __future__ import annotations

from cases.questions.common.matter import matters
from cases.questions.common.parcels import Parcel, parcels
from tests.questions.conftest import AT, Cast
from tests.questions.stories import told


def found(cast: Cast) -> list[Parcel]:
    return parcels(matters(cast.evidence())[0])


def test_one_number_is_one_parcel_whoever_tells_of_it() -> None:
    cast = Cast("order-status").carried().bought().sent(3)
    cast.tell("shipment.delivered", 5, {"tracking": "FI7"}, source="carrier", key="other")
    assert [p.status for p in found(cast)] == ["delivered"]


def test_a_source_without_numbers_can_only_mean_the_one_parcel_there_is() -> None:
    cast = Cast("order-status").carried().bought().sent(3)
    cast.tell("shipment.delivered", 5, {}, source="carrier", key="unnumbered")
    assert [p.status for p in found(cast)] == ["delivered"]


def test_of_two_parcels_neither_is_guessed() -> None:
    cast = Cast("order-status").carried().bought().sent(3, "FI7").sent(4, "FI8")
    cast.tell("shipment.delivered", 5, {}, source="carrier", key="unnumbered")
    assert sorted(p.status for p in found(cast)) == ["delivered", "sent", "sent"]


def test_a_lost_parcel_that_came_after_all_was_delivered() -> None:
    cast = Cast("order-status").bought().sent(3)
    cast.tell("shipment.exception", 4, {"reason": "Lost", "lost": True}, key="FI7")
    assert [p.status for p in found(cast)] == ["lost"]
    assert [p.status for p in found(cast.delivered(6))] == ["delivered"]


def test_a_carrier_that_is_down_leaves_open_what_the_shop_does_not_know() -> None:
    cast = told("order-status", "to_be_sent").carried()
    assert cast.ask().situation == "to_be_sent"
    cast.status = {"carrier": "down"}
    assert (cast.ask().situation, cast.ask().state) == ("unknown", "unknown")


def test_without_a_policy_no_day_is_given_and_what_is_missing_is_named() -> None:
    cast = told("order-status", "on_its_way")
    cast.facts = [f for f in cast.facts if f.kind != "policy.delivery"]
    cast.status = {"policy": "down"}
    answer = cast.ask()
    assert (answer.situation, answer.state) == ("on_its_way", "partial")
    assert "arrive" not in str(answer.headline) and "which terms apply" in str(answer.headline)


def test_no_promise_is_written_once_its_day_is_over() -> None:
    for question, name in (("order-status", "late"), ("cancellation", "cancelled_refund_overdue")):
        answer = told(question, name).ask()
        days = [v.value for c in answer.draft if c.key in ("reply.arrives", "reply.due") for v in c.text.values]
        assert [d for d in days if d < AT.date().isoformat()] == []
