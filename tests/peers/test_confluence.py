"""Policies in backlot, as one user of a Confluence may see them."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from connectors.host.services import gather_now, source_check, source_poll, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import BadCredentials, BadSettings, Ref
from tests.peers.conftest import VAR, Seen, evidence
from workspace.demo.peers import running

pytestmark = pytest.mark.peers
REFUNDS = "Document: RF-12\nIn force from: {start}\nRefund days: {days}\nBank days (card): 5 to 10"
TEXT = "Finance sends the refund within {days} business days. <script>alert(1)</script>"


def page(id: int, label: str, terms: str, text: str = "", version: int = 1, **more: Any) -> dict[str, Any]:
    """A page that the legal team may read."""
    return {"source_type": "confluence", "doc_id": str(id), "content_id": id, "space": "Policies",
            "title": label.title(), "content": f"{terms}\n\n{text or 'As agreed.'}", "subtype": "page",
            "labels": [f"policy-{label}"], "created": "2026-01-05T09:00:00Z", "updated": "2026-02-05T09:00:00Z",
            "version_number": version, "author_email": "ava@example.com", "author_groups": ["legal"],
            "readers": ["group:legal"], **more}  # fmt: skip


def refunds(days: int, version: int = 1, start: str = "2026-02-01", **more: Any) -> dict[str, Any]:
    return page(1200, "refunds", REFUNDS.format(start=start, days=days), TEXT.format(days=days), version, **more)


RETURNS = page(1201, "returns", "In force from: 2026-01-01\nWindow days: 30\nExclusions: gift cards; hygiene products")
DELIVERY = page(1202, "delivery", "In force from: 2026-01-01\nDays: 2 to 5")
SLIP = page(1203, "cancellations", "In force from: 2026-02-01\nRefund dayz: 3", author_email="carol@example.com",
            author_groups=["audit"], readers=["group:audit"])  # fmt: skip
LUNCH = {**page(1300, "lunch", "Soup"), "labels": [], "author_email": "bob@example.com", "author_groups": ["kitchen"],
         "readers": ["group:kitchen"]}  # fmt: skip
BEFORE = (refunds(3), RETURNS, DELIVERY, SLIP, LUNCH)
AFTER = (refunds(5, version=2), RETURNS, {**DELIVERY, "readers": ["group:board"]}, SLIP, LUNCH)
"""An edit, and a right that was taken away."""


@dataclass
class Wiki:
    """backlot and its users' tokens. It can't be written to while it runs."""

    folder: Path
    pages: tuple[dict[str, Any], ...] = ()
    peer: running.Peer | None = None
    tokens: dict[str, str] = field(default_factory=dict)

    def holds(self, pages: tuple[dict[str, Any], ...]) -> str:
        """These pages and no others; its address."""
        if pages != self.pages or not self.peer:
            if self.peer:
                self.peer.stop()
            running.backlot_pages(VAR, self.folder, pages)
            self.peer, self.pages = self.peer or running.backlot(VAR, self.folder), pages
            self.peer.start()
            with urllib.request.urlopen(f"{self.peer.url}/_meta/users", timeout=5) as answer:
                self.tokens = {u["email"]: u["token"] for u in json.load(answer)["users"]}
        return f"{self.peer.url}/atlassian/wiki"


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    found = Wiki(tmp_path_factory.mktemp("wiki"))
    yield found
    if found.peer:
        found.peer.stop()


Read = Callable[..., Callable[..., Seen]]


@pytest.fixture
def read(wiki: Wiki, committed_db: None, monkeypatch: pytest.MonkeyPatch) -> Read:
    """``read(BEFORE, "ava@example.com")("refunds")``: what is stored once that user's Confluence was asked."""
    monkeypatch.setattr(lanes, "_lanes", {})

    def as_user(pages: tuple[dict[str, Any], ...], user: str = "ava@example.com") -> Callable[..., Seen]:
        url = wiki.holds(pages)
        monkeypatch.setenv("WIKI_TOKEN", wiki.tokens.get(user, user))
        source_save(name="wiki", title="Policy wiki", connector="confluence", domain="policy", freshness_s=60,
                    settings={"base_url": url, "token": "env:WIKI_TOKEN", "internal": True})  # fmt: skip
        return look_up

    return as_user


def look_up(family: str = "refunds") -> Seen:
    gather_now(seeds=[], labels=[Ref("policy", family)], force=True, timeout=20)
    return stored(family)


def stored(family: str) -> Seen:
    return Seen(evidence(seeds=[], labels=[Ref("policy", family)]))


def test_a_page_is_a_policy_with_its_terms_and_its_words(read: Read) -> None:
    look = read(BEFORE)
    assert source_check(name="wiki") == "3 pages on delivery, refunds, returns can be read."
    seen = look("refunds")
    found = seen.fact("policy.refunds").data
    assert (found["document"], found["refund_days"], found["bank_days"]) == ("RF-12", 3, {"card": [5, 10]})
    assert "within 3 business days" in found["text"] and found["version"] == "1"
    assert seen.check("wiki", "policy:refunds").complete
    assert look("returns").fact("policy.returns").data["exclusions"] == ["gift cards", "hygiene products"]


def test_a_user_who_may_not_see_the_page_learns_of_a_gap_and_never_of_an_absence(read: Read) -> None:
    check = read(BEFORE, "bob@example.com")().check("wiki", "policy:refunds")
    assert (check.outcome, check.complete) == ("nothing", False) and "may not see" in check.reason
    with pytest.raises(BadSettings, match="sees no page"):
        source_check(name="wiki")


def test_a_token_that_is_none_is_a_refusal(read: Read) -> None:
    check = read(BEFORE, "a-token-of-yesterday")().check("wiki", "policy:refunds")
    assert (check.outcome, check.complete) == ("refused", False)
    with pytest.raises(BadCredentials, match="token"):
        source_check(name="wiki")


def test_a_page_with_a_slip_in_its_terms_is_malformed_and_no_answer(read: Read) -> None:
    seen = read(BEFORE, "carol@example.com")("cancellations")
    assert "policy.cancellations" not in seen.kinds
    assert not seen.check("wiki", "policy:cancellations").complete
    with pytest.raises(BadSettings, match="did you mean"):
        source_check(name="wiki")


def test_an_edit_is_a_new_version_and_a_right_taken_away_leaves_what_was_known(read: Read) -> None:
    look = read(BEFORE)
    assert (
        look("refunds").fact("policy.refunds").data["refund_days"] == 3 and "policy.delivery" in look("delivery").kinds
    )
    assert source_poll(name="wiki") == 0  # from now on
    read(AFTER)
    assert source_poll(name="wiki") == 1 and source_poll(name="wiki") == 0
    edited = stored("refunds").fact("policy.refunds").data
    assert (edited["refund_days"], edited["version"]) == (5, "2")
    check = look("refunds").check("wiki", "policy:refunds")  # backlot shows no version but the present one
    assert not check.complete and "Earlier versions" in check.reason
    for _ in range(3):
        hidden = look("delivery")
    assert hidden.fact("policy.delivery").data["days"] == [2, 5]
    assert not hidden.check("wiki", "policy:delivery").complete
