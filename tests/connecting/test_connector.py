"""``connector check | try | record | conform``: what each says, and how each ends."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.host.models import Check, Fact
from connectors.host.services import source_get, source_save
from connectors.host.services.trying import connector_bound
from connectors.sdk.testing import Server
from tests.connecting.conftest import KEY
from workspace.connecting.console import console_run
from workspace.connecting.scaffold import Wanted, folder_make

pytestmark = pytest.mark.django_db
Manage = Callable[..., Any]


@pytest.fixture
def acme(bundled: Path) -> Path:
    """A connector to the shop: an order, and the payment that its link leads to."""
    folder = folder_make(Wanted("acme", "Acme", "order"), bundled)
    path = folder / "connector.py"
    row = 'yield Found(ref, [Row(ref.scheme, sent["number"], sent)])'
    assert row in path.read_text()
    more = 'self.http.get(self.http.path("/payments/{id}", id=sent["links"]["payment"].split("/")[-1]))\n'
    path.write_text(path.read_text().replace(row, f'{more}                {row}'))
    return folder


@pytest.mark.usefixtures("acme")
def test_check_says_the_sentence_of_the_connector(manage: Manage, settings_of: list[str]) -> None:
    ran = manage("connector", "check", "acme", *settings_of)
    assert (ran.code, ran.out.split(" (")[0]) == (0, "Acme answers and takes the key.")


@pytest.mark.usefixtures("acme")
def test_a_wrong_key_fails_and_is_never_shown(
    manage: Manage, settings_of: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_KEY", "another-key-entirely")
    for form in ([], ["--json"]):
        ran = manage("connector", "check", "acme", *settings_of, *form)
        assert ran.code == 1 and "reconnect" in ran.out + ran.err
        assert "another-key-entirely" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "why"),
    [(["check"], "Say which"), (["check", "nope"], "There is no connector 'nope'"),
     (["check", "acme"], "base_url: Fill this in."), (["check", "acme", "--key", "secret-itself"], "Give a reference"),
     (["record", "acme", "--base-url", "http://x.example", "--key", "env:K"], "Say what to ask about"),
     (["conform", "nope"], "no connector 'nope'"), (["conform", "acme", "--only", "nope"], "No check is named")],
)  # fmt: skip
@pytest.mark.usefixtures("acme")
def test_wrong_use_ends_with_2_and_says_what_to_write(manage: Manage, words: list[str], why: str) -> None:
    ran = manage("connector", *words)
    assert ran.code == 2 and why in ran.err


@pytest.mark.usefixtures("acme")
def test_try_shows_both_sides(manage: Manage, settings_of: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    ran = manage("connector", "try", "acme", "order:48-1193", *settings_of)
    assert ran.code == 0 and ran.out.startswith("Found 1 row with 1 fact")
    both = next(line for line in ran.out.splitlines() if "what it sent" in line)
    assert "what a rep would see" in both and "Order placed, €84.90" in ran.out
    assert '●   placed_at: "2026-10-23T06:04:00+03:00",' in ran.out and '●   state: "placed"' not in ran.out


@pytest.mark.usefixtures("acme")
def test_try_gives_programs_the_same(manage: Manage, settings_of: list[str]) -> None:
    told = manage("connector", "try", "acme", "order:48-1193", *settings_of, "--json").json
    (row,) = told["rows"]
    assert told["ok"] and told["outcome"] == "found" and {"amount", "currency", "placed_at"} <= set(row["mapped"])
    assert row["facts"][0]["refs"] == ["order:48-1193"]


@pytest.mark.usefixtures("acme")
def test_nothing_is_no_failure_and_a_ref_it_does_not_take_is_wrong_use(manage: Manage, settings_of: list[str]) -> None:
    assert manage("connector", "try", "acme", "order:none", *settings_of).code == 0
    ran = manage("connector", "try", "acme", "payment:P-9", *settings_of)
    assert ran.code == 2 and "It takes: order." in ran.err


def test_what_was_recorded_names_nobody_and_replays(manage: Manage, acme: Path, settings_of: list[str]) -> None:
    ran = manage("connector", "record", "acme", "order:48-1193", *settings_of)
    assert ran.code == 0 and "says the same as the source did" in ran.out, ran.out + ran.err
    text = "".join(path.read_text() for path in (acme / "recordings").glob("*.json"))
    for private in ("Maya", "maya", "Lindqvist", "post.fi", "1234567", "Aurakatu", "Turku", "4242", "abcdef", KEY):
        assert private not in text
    assert "127.0.0.1" not in text and "48-1193" in text and "person-1+tag@example.com" in text
    conforms = manage("connector", "conform", "acme", "--only", "lookup", "--only", "secrets", "--only", "facts")
    assert conforms.code == 0, conforms.out


def test_one_value_has_one_mask_everywhere(manage: Manage, acme: Path, settings_of: list[str]) -> None:
    manage("connector", "record", "acme", "order:48-1193", *settings_of)
    (path,) = (acme / "recordings").glob("*.json")
    sent = {one["request"]["path"]: one["response"]["body"] for one in json.loads(path.read_text())}
    order = sent["/orders/48-1193"]
    assert order["customer"]["email"] == sent["/payments/P-9"]["payer"] and order["customer"]["email"] in order["note"]
    assert order["customer"]["name"] == order["billing"]["name"] and order["customer"]["name"] in order["note"]


def test_real_answers_take_the_place_of_the_made_up_one(manage: Manage, acme: Path, settings_of: list[str]) -> None:
    manage("connector", "record", "acme", "order:48-1193", *settings_of)
    assert [path.name for path in (acme / "recordings").glob("*.json")] == ["02-order-48-1193.json"]
    ledger = (acme / "ledger.toml").read_text()
    assert 'refs = ["order:48-1193"]' in ledger and "made up" not in ledger


def test_recording_again_writes_nothing_over_and_nothing_twice(
    manage: Manage, acme: Path, settings_of: list[str]
) -> None:
    manage("connector", "record", "acme", "order:48-1193", *settings_of)
    before = {path: path.read_text() for path in (acme / "recordings").iterdir()}
    ran = manage("connector", "record", "acme", "order:48-1193", "order:none", *settings_of)
    assert ran.code == 0 and "Wrote 1 answer to" in ran.out
    assert all(path.read_text() == text for path, text in before.items())
    assert 'refs = ["order:48-1193", "order:none"]' in (acme / "ledger.toml").read_text()


def test_a_source_that_echoes_the_key_is_not_recorded(
    manage: Manage, acme: Path, settings_of: list[str], shop: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.connecting.conftest.PAYMENT", {"id": "P-9", "debug": f"Bearer {KEY}"})
    monkeypatch.setattr("workspace.connecting.standins._TOKEN", re.compile("(?!)"))  # as if it looked like nothing
    ran = manage("connector", "record", "acme", "order:48-1193", *settings_of)
    assert ran.code == 1 and "nothing was written" in ran.err
    assert [path.name for path in (acme / "recordings").glob("*.json")] == ["01-first.json"]


def test_list_names_every_connector(manage: Manage) -> None:
    told = manage("connector", "list", "--json").json
    assert {"stripe", "policies", "demo_shop"} <= {one["slug"] for one in told["connectors"]} and told["ok"]


@pytest.mark.usefixtures("acme")
def test_a_source_that_is_set_up_needs_no_options(manage: Manage, shop: Server, settings_of: list[str]) -> None:
    source_save(
        name="web-shop", title="Web shop", connector="acme", domain="order", freshness_s=60,
        settings={"base_url": f"{shop.url}/v1", "key": "env:SHOP_KEY", "internal": True},
    )  # fmt: skip
    assert manage("connector", "check", "web-shop").code == 0
    result = console_run(source_get("web-shop"), "order:48-1193")
    assert result.ok and [fact.sentence for fact in result.rows[0].facts] == ["Order placed, €84.90"]
    assert not Fact.objects.exists() and not Check.objects.exists()


@pytest.mark.usefixtures("acme", "settings_of")
def test_the_console_tells_nothing_from_not_asked(shop: Server) -> None:
    bound = connector_bound(
        connector="acme", settings={"base_url": f"{shop.url}/elsewhere", "key": "env:SHOP_KEY", "internal": True}
    )
    assert console_run(bound, "order:48-1193").outcome == "nothing"
    with pytest.raises(ValueError, match="It takes: order"):
        console_run(bound, "email:maya@example.com")
