"""localstripe tells by itself and is asked to give money back: its webhooks come to a server that really runs."""

import os
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from connectors.host.models import Inbound, InboundWork, Source
from connectors.host.services import deliveries_work, source_act
from connectors.sdk import Refused
from tests.peers.conftest import Connect, Erp, Till, known, look
from workspace import processes
from workspace.env import BASE_DIR

pytestmark = pytest.mark.peers
SECRET = "whsec_peers_at_the_door"


@pytest.fixture
def server(connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The web process of the product on the test's database; Stripe's deliveries are awaited under their secret."""
    monkeypatch.setenv("STRIPE_WEBHOOK_SECRET", SECRET)
    connect()
    source = Source.objects.get(name="stripe")
    source.settings["webhook_secret"] = "env:STRIPE_WEBHOOK_SECRET"
    source.save()
    port = processes.free_port()
    argv = [sys.executable, "-m", "uvicorn", "workspace.asgi:application", "--port", str(port), "--no-access-log"]
    env = {**os.environ, "VAR_DIR": str(tmp_path / "web"), "BROKER_URL": "memory://", "DEBUG": "1"}
    process = processes.spawn(argv, env=env, cwd=BASE_DIR)
    answers = lambda: not processes.port_is_free(port)  # noqa: E731
    assert processes.wait_until(answers, timeout_s=40, alive=partial(processes.is_running, process))
    yield f"http://127.0.0.1:{port}"
    processes.stop(process)


def webhook(till: Till, url: str, secret: str = SECRET) -> None:
    """Register the one webhook of these tests, as localstripe has it."""
    form = urllib.parse.urlencode({"url": url, "secret": secret}).encode()
    urllib.request.urlopen(f"{till.peer.url}/_config/webhooks/door", form, timeout=5).close()  # noqa: S310


def told(type: str) -> bool:
    return any(f'"type": "{type}"'.encode() in bytes(one.body) for one in Inbound.objects.all())


def all_done() -> bool:
    """Whether nothing waits, also of what came while the rest was worked on."""
    deliveries_work()
    return set(InboundWork.objects.values_list("state", flat=True)) == {"done"}


def test_a_payment_that_localstripe_tells_of_is_known_before_anybody_asks(server: str, till: Till, number: str) -> None:
    webhook(till, f"{server}/in/stripe/")
    till.checkout.pay(number, f"maya{number}@example.com", 8490)
    assert processes.wait_until(lambda: told("payment_intent.succeeded"), timeout_s=20)
    deliveries_work()
    assert known(f"order:{number}") == {"payment.captured"}
    assert told("customer.created")  # of no use here, and no failure
    assert processes.wait_until(all_done, timeout_s=20)
    assert all(key.startswith("evt_") for key in Inbound.objects.values_list("key", flat=True))


def test_what_another_secret_signed_is_not_let_in(server: str, till: Till, number: str) -> None:
    webhook(till, f"{server}/in/stripe/", "whsec_of_somebody_else")
    till.checkout.pay(number, f"maya{number}@example.com", 8490)
    assert not processes.wait_until(Inbound.objects.exists, timeout_s=4)
    assert "payment.captured" in look(f"order:{number}").kinds  # asking finds it all the same


def test_a_refund_that_is_asked_for_is_given_and_known_at_once(
    connected: None, erp: Erp, till: Till, number: str
) -> None:
    payment = till.checkout.pay(number, f"maya{number}@example.com", 8490)
    asked = {"payment": f"payment:{payment}", "amount": "10.50", "reason": "Came late"}
    done = source_act(source="stripe", action="refund_payment", arguments=asked, key=f"refund-{number}")
    assert "EUR 10.50" in done.sentence and payment in done.sentence
    assert "refund.paid" in known(f"order:{number}")
    (paid,) = look(f"order:{number}").evidence.of("refund.paid")
    assert paid.data["amount"] == {"amount": "10.50", "currency": "EUR"}


def test_a_refund_on_a_payment_that_is_none_gives_nothing(connected: None, till: Till) -> None:
    asked = {"payment": "payment:pi_nobody_made", "amount": "5", "reason": ""}
    with pytest.raises(Refused, match="othing was given back"):
        source_act(source="stripe", action="refund_payment", arguments={**asked, "reason": "-"}, key="refund-none")
