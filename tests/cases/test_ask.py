"""The same question from a terminal."""

import json
from collections.abc import Iterable, Sequence

import pytest
from django.core.management import CommandError, call_command

from connectors.host import registry
from connectors.host.selectors import moment
from connectors.host.services import source_save
from connectors.sdk import Found, Ref, Row
from tests.cases.conftest import EUR, NOW, Teller
from tests.database import TestDatabase


class Shop(Teller):
    """A shop that knows one order."""

    covers = {"order": ("order.placed",), "email": ("order.placed",)}

    def check(self) -> str:
        return "It works."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        body = {"kind": "order.placed", "refs": ["order:48-1193", "email:maya@example.com"],
                "data": {"number": "48-1193", "total": EUR, "customer_name": "Maya \x1b[2JLindqvist"},
                "occurred": NOW.isoformat()}  # fmt: skip
        for ref in refs:
            yield Found(ref, [Row("order", "48-1193", body)] if "48-1193" in str(ref) else [])


@pytest.fixture
def shop(committed_db: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {**registry.connector_classes(), "shop_of_one": Shop}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))
    source_save(name="shop", title="Shop", connector="shop_of_one", domain="order", freshness_s=60,
                settings={"base_url": "http://shop.example", "internal": True})  # fmt: skip


def ask(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    code = 0
    try:
        call_command("ask", *words)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return capsys.readouterr().out, code


def test_what_nobody_has_asked_before_is_gathered_live(shop: None, capsys: pytest.CaptureFixture[str]):
    said, code = ask("refund-status", "order:48-1193", capsys=capsys)
    assert "Where is my refund?" in said and "order:48-1193" in said and "Shop" in said
    assert code in (0, 3) and "\x1b" not in said


def test_as_json_it_is_what_the_api_gives(shop: None, capsys: pytest.CaptureFixture[str]):
    said, _ = ask("refund-status", "order:48-1193", "--json", capsys=capsys)
    answer = json.loads(said)
    assert {"state", "situation", "headline", "claims", "gaps", "sources", "digest"} <= set(answer)
    assert [s["name"] for s in answer["sources"]] == ["shop"] and answer["sources"][0]["age_s"] < 60


def test_of_the_past_nothing_is_asked(shop: None, capsys: pytest.CaptureFixture[str]):
    before = moment()[1].isoformat()
    ask("refund-status", "order:48-1193", capsys=capsys)
    said, _ = ask("refund-status", "order:48-1193", "--json", "--as-of", before, capsys=capsys)
    assert all(s["checked_at"] is None for s in json.loads(said)["sources"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["make-coffee", "order:1"], "Use one of: .*refund-status"),
        (["refund-status", "48-1193"], "write scheme:value"),
        (["refund-status", "order:1", "--as-of", "yesterday"], "is not a time; write e.g."),
        (["refund-status", "order:1", "--as-of", "2026-01-01T00:00:00"], "needs a time zone"),
        (["refund-status", "order:1", "--as-of", "2999-01-01T00:00:00Z"], "in the future"),
        (["refund-status", "order:1", "--timeout", "900"], "0 to 60 seconds"),
    ],
)
def test_what_can_t_be_answered_says_why(shop: None, words: list[str], says: str):
    with pytest.raises(CommandError, match=says) as refused:
        call_command("ask", *words)
    assert refused.value.returncode == 2
