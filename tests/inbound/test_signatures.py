"""Every scheme against the library of those who made it: what they sign we take, and nothing else."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from connectors.sdk import BadSettings, Hmac, StandardWebhooks, StripeScheme
from connectors.sdk.signatures import BadSignature, Signature
from tests.inbound.conftest import OLD_SECRET, SECRET, signed

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
secrets = st.binary(min_size=24, max_size=64).map(lambda raw: "whsec_" + base64.b64encode(raw).decode())
texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=200)


def stripe_header(text: str, secret: str = "sk", at: datetime = NOW) -> dict[str, str]:
    stamp = int(at.timestamp())
    made = stripe.WebhookSignature._compute_signature(f"{stamp}.{text}", secret)
    return {"stripe-signature": f"t={stamp},v1={made}"}


def plain(text: str, secret: str = "sk", **more: str) -> dict[str, str]:
    return {"x-signature": hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest(), **more}


@given(secrets, texts, st.text("abc_-123", min_size=1, max_size=40))
def test_what_the_standard_library_signs_is_taken(secret: str, text: str, id: str) -> None:
    headers = signed(text, id, secret, NOW)
    assert StandardWebhooks().verify(headers, text.encode(), [OLD_SECRET, secret], NOW) == id


@given(texts)
def test_what_we_take_the_standard_library_takes_too(text: str) -> None:
    text = json.dumps({"text": text})
    headers = signed(text)
    StandardWebhooks().verify(headers, text.encode(), [SECRET], datetime.now(UTC))
    assert Webhook(SECRET).verify(text, headers) == json.loads(text)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD_SECRET).verify(text, headers)
    with pytest.raises(BadSignature):
        StandardWebhooks().verify(headers, text.encode(), [OLD_SECRET], datetime.now(UTC))


@given(texts)
def test_what_stripes_library_signs_is_taken_and_verified_by_it(text: str) -> None:
    headers = stripe_header(text, at=datetime.now(UTC))
    assert StripeScheme().verify(headers, text.encode(), ["sk"], datetime.now(UTC)) == ""
    assert stripe.WebhookSignature.verify_header(text, headers["stripe-signature"], "sk", 300)


def test_a_stripe_header_with_two_signatures_and_an_old_scheme_is_taken() -> None:
    good = stripe_header("{}", "new")["stripe-signature"]
    both = {"stripe-signature": f"{good},v1={'0' * 64},v0=abc"}
    assert StripeScheme().verify(both, b"{}", ["old", "new"], NOW) == ""


def test_a_plain_hmac_is_taken_in_each_dress() -> None:
    digest = hmac.new(b"sk", b"{}", hashlib.sha1).digest()
    github = Hmac(header="X-Hub-Signature", prefix="sha1=", algorithm="sha1", id="X-Delivery")
    assert github.verify({"x-hub-signature": f"sha1={digest.hex()}", "x-delivery": "d1"}, b"{}", ["sk"], NOW) == "d1"
    based = Hmac(encoding="base64", algorithm="sha1")
    assert based.verify({"x-signature": base64.b64encode(digest).decode()}, b"{}", ["sk"], NOW) == ""
    stamp = str(int(NOW.timestamp()))
    timed = hmac.new(b"sk", stamp.encode() + b".{}", hashlib.sha256).hexdigest()
    assert Hmac(stamp="x-time").verify({"x-signature": timed, "x-time": stamp}, b"{}", ["sk"], NOW) == ""


GOOD: dict[str, tuple[Signature, dict[str, str], str]] = {
    "standard": (StandardWebhooks(), signed("{}", at=NOW), SECRET),
    "stripe": (StripeScheme(), stripe_header("{}"), "sk"),
    "plain": (Hmac(), plain("{}"), "sk"),
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("wrong", ["body", "secret", "no header", "header", "non-ASCII header", "empty body"])
def test_whatever_is_wrong_is_refused(name: str, wrong: str) -> None:
    scheme, headers, secret = GOOD[name]
    body, secrets_ = b"{}", [secret]
    key = next(n for n in headers if n.endswith("signature"))
    if wrong == "body":
        body = b"{ }"
    elif wrong == "empty body":
        body = b""
    elif wrong == "secret":
        secrets_ = [OLD_SECRET]
    elif wrong == "no header":
        headers = {}
    else:
        headers = {**headers, key: headers[key][:-3] + ("ÿé" if "ASCII" in wrong else "AA=")}
    assert scheme.verify(GOOD[name][1], b"{}", ["x" if name == "stripe" else secret, secret], NOW) is not None
    with pytest.raises(BadSignature):
        scheme.verify(headers, body, secrets_, NOW)


@pytest.mark.parametrize("name", ["standard", "stripe"])
@pytest.mark.parametrize(("seconds", "taken"), [(-290, True), (290, True), (-310, False), (310, False), (86400, False)])
def test_a_replay_is_taken_within_the_window_only(name: str, seconds: int, taken: bool) -> None:
    scheme, headers, secret = GOOD[name]
    at = NOW + timedelta(seconds=seconds)
    if taken:
        scheme.verify(headers, b"{}", [secret], at)
    else:
        with pytest.raises(BadSignature, match="300 s from ours"):
            scheme.verify(headers, b"{}", [secret], at)


@pytest.mark.parametrize("stamp", ["", "now", "-5", "1e9", "٣", "9" * 40, "1763800000.5"])
def test_a_time_that_is_none_is_refused(stamp: str) -> None:
    with pytest.raises(BadSignature):
        StandardWebhooks().verify({**signed("{}", at=NOW), "webhook-timestamp": stamp}, b"{}", [SECRET], NOW)


def test_an_empty_body_that_is_signed_is_taken() -> None:
    assert StandardWebhooks().verify(signed("", at=NOW), b"", [SECRET], NOW) == "msg_1"


def test_a_secret_of_another_scheme_is_a_wrong_setting() -> None:
    with pytest.raises(BadSettings, match="whsec_"):
        StandardWebhooks().verify(signed("{}", at=NOW), b"{}", ["not base64!"], NOW)


def test_signatures_are_compared_in_the_same_time_however_much_of_them_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b))
    for scheme, headers, secret in GOOD.values():
        scheme.verify(headers, b"{}", [secret], NOW)
    assert len(compared) == 3


def test_an_empty_secret_with_which_anybody_could_sign_is_none() -> None:
    for secret in ("whsec_", ""):
        headers = {"webhook-id": "m", "webhook-timestamp": str(int(NOW.timestamp()))}
        with pytest.raises(BadSettings, match="whsec_"):
            StandardWebhooks().verify(headers, b"", [secret], NOW)
