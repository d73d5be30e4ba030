"""What Stripe tells by itself, by webhook or in its list of events, and what it can be asked to do."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import stripe as official

from connectors.contrib.stripe import amounts
from connectors.sdk import Delivery, Ref, Refused, Unreadable
from connectors.sdk.signatures import BadSignature
from connectors.sdk.testing import say
from tests.contrib.conftest import Make, facts

SECRET = "whsec_of_a_test"
NOW = datetime.now(UTC)


def event(type: str = "refund.updated", **about: Any) -> bytes:
    about = {"object": "refund", "id": "re_Paid1", "payment_intent": "pi_Paid", "status": "pending", **about}
    return json.dumps({"id": "evt_1", "object": "event", "type": type, "data": {"object": about}}).encode()


def signed(body: bytes, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    made = official.WebhookSignature._compute_signature(f"{stamp}.{body.decode()}", secret)
    return {"stripe-signature": f"t={stamp},v1={made}"}


def delivered(body: bytes) -> Delivery:
    return Delivery("evt_1", {}, body, NOW)


def test_what_the_official_library_signs_and_accepts_is_accepted(replayed: Make) -> None:
    body, now = event(), datetime.now(UTC)
    headers = signed(body, at=now)
    assert official.Webhook.construct_event(body, headers["stripe-signature"], SECRET)["id"] == "evt_1"
    signature = replayed("stripe").signature
    assert signature is not None
    signature.verify(headers, body, [SECRET], now)


@pytest.mark.parametrize(
    ("body", "headers"),
    [(event(id="re_Other"), signed(event())), (event(), signed(event(), "whsec_of_another")),
     (event(), signed(event(), at=NOW - timedelta(hours=1))), (event(), {"stripe-signature": "v1=ab"})],
    ids=["altered", "another secret", "replayed", "no time"],
)  # fmt: skip
def test_what_the_official_library_refuses_is_refused(replayed: Make, body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(official.SignatureVerificationError):
        official.Webhook.construct_event(body, headers["stripe-signature"], SECRET)
    signature = replayed("stripe").signature
    assert signature is not None
    with pytest.raises(BadSignature):
        signature.verify(headers, body, [SECRET], NOW)


def test_a_delivery_rings_and_the_payment_is_read_anew(replayed: Make) -> None:
    connector = replayed("stripe")
    rows = list(connector.receive(delivered(event(status="pending"))))  # as it was; Stripe says otherwise by now
    assert [(r.type, r.id) for r in rows] == [("payment", "pi_Paid"), ("refund", "re_Paid1")]
    assert "refund.paid" in {f.kind for f in facts(connector, rows)}


def test_a_delivery_goes_by_the_id_of_its_event(replayed: Make) -> None:
    assert type(replayed("stripe")).delivery_id({}, event()) == "evt_1"


@pytest.mark.parametrize("type", ["customer.created", "v2.core.event_of_the_future", "invoice.paid"])
def test_an_event_of_another_kind_says_nothing_and_is_no_failure(replayed: Make, type: str) -> None:
    assert list(replayed("stripe").receive(delivered(event(type)))) == []


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"object": "list", "id": "x"}', b'{"object": "event"}'])
def test_a_delivery_that_is_no_event_is_unreadable(replayed: Make, body: bytes) -> None:
    with pytest.raises(Unreadable, match="other than an event"):
        list(replayed("stripe").receive(delivered(body)))


def test_changes_begin_now_and_then_tell_each_payment_once(replayed: Make) -> None:
    connector = replayed("stripe")
    (start,) = connector.changes(None)
    (page,) = connector.changes(start.cursor)
    assert not start.rows and [(r.type, r.id) for r in page.rows] == [("payment", "pi_Paid"), ("refund", "re_Paid1")]
    assert page.cursor == '[1763370009, ["evt_A", "evt_B", "evt_C"]]'


class Account:
    """An account whose events are about payments that are gone; it notes the spans that it is asked for."""

    def __init__(self, *created: int) -> None:
        self.events = [{"id": f"evt_{n}", "object": "event", "created": at, "type": "customer.created"}
                       for n, at in enumerate(created)]  # fmt: skip
        self.spans: list[tuple[int, int]] = []

    def __call__(self, sock: Any, asked: Any) -> None:
        since, until = int(asked.params.get("created[gte]", 0)), int(asked.params.get("created[lt]", 10**12))
        found = [e for e in self.events if since <= int(str(e["created"])) < until]
        if "created[gte]" in asked.params:
            self.spans.append((since, until))
        data = sorted(found, key=lambda e: -int(str(e["created"])))[: 1 if asked.params["limit"] == "1" else 100]
        say(200, {"object": "list", "data": data, "has_more": False})(sock, asked)


def test_a_backfill_reads_thirty_days_in_stretches_that_meet(facing: Make) -> None:
    tip = 1_763_370_000
    account = Account(tip - 100 * 86_400, tip - 29 * 86_400, tip - 3_600, tip)
    connector = facing("stripe", account)
    pages = list(connector.changes(connector.cursor_at(None)))
    assert account.spans[0][0] == tip - 30 * 86_400  # what is older, Stripe tells nobody
    assert all(one[1] == next[0] for one, next in zip(account.spans, account.spans[1:], strict=False))
    assert json.loads(pages[-1].cursor) == [tip, ["evt_3"]]


def test_a_backfill_cut_short_goes_on_from_its_cursor(facing: Make) -> None:
    tip = 1_763_370_000
    account = Account(*(tip - n * 7_200 for n in range(30)))
    connector = facing("stripe", account)
    cursor = connector.cursor_at(datetime.fromtimestamp(tip - 86_400, UTC))
    first = next(iter(connector.changes(cursor)))
    again = list(connector.changes(first.cursor))
    assert json.loads(again[-1].cursor)[0] == tip
    assert account.spans[-1][1] == 10**12 and account.spans[0][0] == tip - 86_460


PAYMENT = {"id": "pi_1", "object": "payment_intent", "currency": "eur", "amount": 8490, "status": "succeeded",
           "latest_charge": {"id": "ch_1", "object": "charge", "currency": "eur", "amount": 8490, "captured": True,
                             "status": "succeeded", "created": 1763370000,
                             "payment_method_details": {"type": "card", "card": {"last4": "4242"}}}}  # fmt: skip


class Till:
    """Gives money back, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def __call__(self, sock: Any, asked: Any) -> None:
        if asked.method == "POST":
            self.asked.append(asked)
            say(200, {"id": "re_9", "object": "refund", "amount": 1050, "currency": "eur", "status": "succeeded",
                      "created": 1763370009, "payment_intent": "pi_1"})(sock, asked)  # fmt: skip
        else:
            found = asked.path.endswith("pi_1")
            say(200 if found else 404, PAYMENT if found else {"error": {"message": "No such payment"}})(sock, asked)


def test_a_refund_is_asked_for_with_its_key_and_comes_back_as_a_row(facing: Make) -> None:
    till = Till()
    connector: Any = facing("stripe", till)
    done = connector.refund_payment(Ref("payment", "pi_1"), Decimal("10.50"), "Shoes came late", key="case-1-refund")
    (asked,) = till.asked
    assert asked.headers["idempotency-key"] == "case-1-refund"
    assert asked.body == b"payment_intent=pi_1&amount=1050&metadata%5Breason%5D=Shoes+came+late"
    assert "EUR 10.50" in done.sentence and "pi_1" in done.sentence
    assert [f.kind for f in facts(connector, done.rows)] == ["refund.paid"]


@pytest.mark.parametrize(
    ("payment", "amount"), [("pi_1", "0"), ("pi_1", "-5"), ("pi_1", "1.005"), ("pi_1", "NaN"), ("pi_gone", "5"),
                            ("PAY-9", "5")],
)  # fmt: skip
def test_a_refund_that_makes_no_sense_is_refused_before_stripe_is_told(facing: Make, payment: str, amount: str) -> None:
    till = Till()
    connector: Any = facing("stripe", till)
    with pytest.raises(Refused, match=r"othing was given back"):
        connector.refund_payment(Ref("payment", payment), Decimal(amount), "", key="k")
    assert till.asked == []


@pytest.mark.parametrize(
    ("amount", "currency", "minor"), [("12", "jpy", 12), ("1.234", "kwd", 1234), ("5", "isk", 500)]
)
def test_an_amount_is_sent_in_the_unit_that_stripe_counts_in(amount: str, currency: str, minor: int) -> None:
    assert amounts.minor(Decimal(amount), currency) == minor


def test_the_action_says_what_it_asks_for(replayed: Make) -> None:
    spec = type(replayed("stripe")).actions()["refund_payment"]
    assert spec.confirm.format(amount="EUR 5.00", payment="pi_1") == "Refund EUR 5.00 on payment pi_1?"
    assert (set(spec.arguments), spec.refs) == ({"payment", "amount", "reason"}, ("payment",))
