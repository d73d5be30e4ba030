"""Stripe, by recordings of the answers that its documentation shows."""

from datetime import UTC, datetime

import pytest

from connectors.contrib.stripe.amounts import money
from connectors.sdk import BadCredentials, Fact, Ref, Refused, Row, TryAgain, Unreadable
from connectors.sdk.testing import in_turn, say
from tests.contrib.conftest import Make, ask, fact, facts, undone

CREATED = datetime.fromtimestamp(1763370000, UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [(8490, "eur", "84.90"), (1200, "jpy", "1200"), (12345, "kwd", "12.345"), (500, "isk", "5"), (500, "ugx", "5"),
     (5, "mga", "5.00"), (0, "usd", "0.00")],
)  # fmt: skip
def test_an_amount_is_read_in_the_smallest_unit_that_stripe_counts_in(minor: int, currency: str, amount: str) -> None:
    assert money(minor, currency) == {"amount": amount, "currency": currency.upper()}


@pytest.mark.parametrize("amount", [84.9, "8490", None, True])
def test_an_amount_that_is_no_whole_number_is_refused(amount: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        money(amount, "eur")


def test_the_check_says_what_can_be_read(replayed: Make) -> None:
    assert "test mode" in replayed("stripe").check()


def test_a_refund_that_succeeded_is_paid_with_its_bank_reference(replayed: Make) -> None:
    paid = fact(replayed("stripe"), "order:48-2001", "refund.paid")
    assert paid.data["amount"] == {"amount": "84.90", "currency": "EUR"}
    assert paid.data["bank_reference"] == "74208476321000012345678"
    assert paid.data["card"] == {"brand": "visa", "last4": "4242"}
    assert paid.occurred == CREATED


def test_every_fact_of_a_payment_is_joined_by_the_same_refs(replayed: Make) -> None:
    stripe = replayed("stripe")
    shared = {
        "payment:pi_Paid",
        "payment:ch_Paid",
        "order:48-2001",
        "stripe.customer:cus_Maya",
        "email:maya@example.com",
    }
    for found in facts(stripe, ask(stripe, "order:48-2001").rows):
        assert shared | {"email:maya@example.com"} <= {str(r) for r in found.refs}


@pytest.mark.parametrize("ref", ["payment:pi_Paid", "payment:ch_Paid", "refund:re_Paid1", "email:Maya@example.com"])
def test_a_row_reads_the_same_whichever_ref_led_to_it(replayed: Make, ref: str) -> None:
    stripe = replayed("stripe")
    first = {(r.type, r.id): list(stripe.read(r)) for r in ask(stripe, "order:48-2001").rows}
    again = {(r.type, r.id): list(stripe.read(r)) for r in ask(stripe, ref).rows}
    assert again and all(first[key] == said for key, said in again.items())


def test_a_pending_refund_is_submitted_and_not_paid(replayed: Make) -> None:
    stripe = replayed("stripe")
    rows = ask(stripe, "order:48-2002").rows
    (submitted,) = [f for f in facts(stripe, rows) if f.kind.startswith("refund.")]
    assert (submitted.kind, submitted.data["method"]) == ("refund.submitted", "bank_transfer")
    assert "refund.paid" in undone(stripe, rows[1])


def test_a_failed_refund_says_why_and_when_the_money_came_back(replayed: Make) -> None:
    stripe = replayed("stripe")
    failed = fact(stripe, "order:48-2003", "refund.failed")
    assert failed.data["reason"] == "expired or cancelled card"
    assert failed.occurred == datetime.fromtimestamp(1763629200, UTC)
    assert "refund.paid" in undone(stripe, ask(stripe, "order:48-2003").rows[1])


def test_a_cancelled_refund_is_cancelled_at_a_time_that_stripe_does_not_tell(replayed: Make) -> None:
    cancelled = fact(replayed("stripe"), "order:48-2004", "refund.cancelled")
    assert cancelled.occurred is None and cancelled.implied


def test_a_refund_that_needs_the_customer_is_only_submitted(replayed: Make) -> None:
    stripe = replayed("stripe")
    submitted = fact(stripe, "order:48-2007", "refund.submitted")
    assert Ref("email", "guest+1@example.com") in submitted.refs  # a guest: known by the receipt alone


def test_a_dispute_is_open_until_the_bank_decides(replayed: Make) -> None:
    stripe = replayed("stripe")
    (opened,) = [f for f in facts(stripe, ask(stripe, "order:48-2005").rows) if f.kind.startswith("dispute.")]
    assert (opened.kind, opened.data["reason"]) == ("dispute.opened", "credit not processed")


def test_a_dispute_ends_and_so_does_an_inquiry(replayed: Make) -> None:
    stripe = replayed("stripe")
    found = [f for f in facts(stripe, ask(stripe, "order:48-2009").rows) if f.kind.startswith("dispute.")]
    assert [f.data["outcome"] for f in found if f.kind == "dispute.closed"] == ["won", "withdrawn"]
    assert "inquiry, no money taken yet" in found[2].data["reason"]


def test_pages_are_followed_and_currencies_keep_their_own_decimals(replayed: Make) -> None:
    stripe = replayed("stripe")
    found = facts(stripe, ask(stripe, "order:48-2006").rows)
    refunds = [f.data["amount"]["amount"] for f in found if f.kind == "refund.paid"]
    payments = [f.data["amount"] for f in found if f.kind == "payment.captured"]
    assert refunds == ["700", "500"]
    assert payments == [{"amount": "12000", "currency": "JPY"}, {"amount": "12.345", "currency": "KWD"}]


def test_money_only_authorised_or_declined_is_not_captured(replayed: Make) -> None:
    stripe = replayed("stripe")
    found = facts(stripe, ask(stripe, "order:48-2008").rows)
    assert [(f.kind, f.refs[0].value) for f in found] == [
        ("payment.failed", "pi_Decl"),
        ("payment.captured", "pi_Late"),
    ]
    assert found[0].data["reason"] == "Your card was declined."
    assert found[1].occurred is None  # captured later than it was authorised, and Stripe does not say when


def test_nothing_found_by_search_is_not_told_as_nothing(replayed: Make) -> None:
    found = ask(replayed("stripe"), "order:48-2999")
    assert not found.rows and not found.complete and "search" in found.reason


@pytest.mark.parametrize("ref", ["refund:re_none", "refund:R-17", "payment:PAY-9", "stripe.customer:C-1"])
def test_an_id_that_stripe_does_not_know_is_nothing(replayed: Make, ref: str) -> None:
    found = ask(replayed("stripe"), ref)
    assert not found.rows and found.complete


def test_an_email_address_never_proves_that_nothing_was_paid(replayed: Make) -> None:
    assert ask(replayed("stripe"), "email:nobody+1@example.com").kinds == ()


def test_without_search_payments_are_read_through_to_the_end(replayed: Make) -> None:
    stripe = replayed("stripe")
    found = ask(stripe, "order:48-3001")
    assert [r.id for r in found.rows] == ["pi_List"] and found.complete


def test_reading_through_that_is_cut_off_is_not_complete(replayed: Make) -> None:
    found = ask(replayed("stripe", scan_pages=1), "order:48-3001")
    assert not found.complete and "more payments" in found.reason


def test_the_secret_by_which_a_payment_is_confirmed_is_not_kept(replayed: Make) -> None:
    assert "_secret_" not in str([r.body for r in ask(replayed("stripe"), "order:48-2001").rows])


REFUND = {"id": "re_1", "amount": 100, "currency": "eur", "created": 1763370000, "status": "succeeded"}


@pytest.mark.parametrize(
    "wrong", [{"amount": 1.5}, {"amount": None}, {"created": "soon"}, {"created": 10**15}, {"status": "sent"},
              {"currency": "euro"}, {"id": ""}, {"id": "x" * 400}, {"id": "a\nb"}],
)  # fmt: skip
def test_a_hostile_refund_is_malformed(replayed: Make, wrong: dict[str, object]) -> None:
    row = Row("refund", "re_1", {"refund": REFUND | wrong, "payment": {}})
    with pytest.raises((ValueError, KeyError)):
        list(replayed("stripe").read(row))


def test_strange_but_lawful_text_survives(replayed: Make) -> None:
    row = Row("refund", "re_1", {"refund": REFUND, "payment": {"order": "48/1 «é» 🛒 <b>", "email": "a+b@example.com"}})
    (submitted, paid) = [f for f in replayed("stripe").read(row) if isinstance(f, Fact)]
    assert Ref("order", "48/1 «é» 🛒 <b>") in paid.refs and submitted.occurred == CREATED


LIST = {"object": "list", "has_more": True, "data": [{"id": "pi_1", "object": "payment_intent"}]}


@pytest.mark.parametrize(
    ("answer", "error"),
    [(say(401, {"error": {"message": "Invalid API Key provided"}}), BadCredentials),
     (say(403, {"error": {"message": "The provided key does not have the required permissions"}}), Refused),
     (say(429, {"error": {}}, {"Retry-After": "3"}), TryAgain), (say(500, "oops"), TryAgain),
     (say(200, "<html>Sign in</html>", {"Content-Type": "text/html"}), Unreadable),
     (say(200, {"data": "none"}), Unreadable),
     (say(200, ["no", "list"]), Unreadable), (say(200, {"error": {"message": "x"}}), Unreadable)],
)  # fmt: skip
def test_a_call_that_goes_wrong_is_never_nothing(facing: Make, answer, error) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error):
        ask(facing("stripe", answer), "order:48-1193")


def test_a_loop_of_pages_is_noticed(facing: Make) -> None:
    missing = say(404, {"error": {"message": "Unrecognized request URL"}})
    with pytest.raises(Unreadable, match="again and again"):
        ask(facing("stripe", in_turn(missing, say(200, LIST))), "order:48-1193")


def test_what_one_ref_is_refused_does_not_hide_the_others(facing: Make) -> None:
    stripe = facing("stripe", say(403, {"error": {"message": "no permission"}}))
    answers = stripe.lookup([Ref("order", "48-1"), Ref("payment", "PAY-9")])
    assert next(iter(answers)).ref == Ref("payment", "PAY-9")
    with pytest.raises(Refused):
        list(answers)


def test_a_quote_in_an_order_number_stays_inside_the_query(facing: Make) -> None:
    asked: list[str] = []

    def listen(sock, request):  # type: ignore[no-untyped-def]
        asked.append(request.params["query"])
        say(200, {"object": "search_result", "data": [], "has_more": False})(sock, request)

    ask(facing("stripe", listen), "order:1' OR status:'succeeded")
    assert asked == ["metadata['order']:'1\\' OR status:\\'succeeded'"]


def test_a_row_has_its_page_in_the_dashboard_of_stripe_alone(replayed: Make) -> None:
    stripe = replayed("stripe")
    row = ask(stripe, "order:48-2001").rows[0]
    assert row.url == ""
    stripe.payments.settings = stripe.settings.model_copy(update={"base_url": "https://api.stripe.com"})  # type: ignore[attr-defined]
    assert stripe.payments.row(row.body).url == "https://dashboard.stripe.com/test/payments/pi_Paid"  # type: ignore[attr-defined]
