"""Policies in backlot, as one user of a Confluence may see them."""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.host.models import Source
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
LUNCH = {**page(1300, "lunch", "Soup"), "labels": [], "author_email": "bob@example.com", "author_groups": ["kitchen"],
         "readers": ["group:kitchen"]}  # fmt: skip


@dataclass
class Wiki:
    """backlot, its users' tokens, and a source that reads it as one of them."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    peer: running.Peer | None = None

    def holds(self, *pages: dict[str, Any], user: str = "ava@example.com") -> None:
        """These pages and no others; the product reads them as ``user``."""
        if self.peer:
            self.peer.stop()
        running.backlot_pages(VAR, self.folder, [*pages, LUNCH])
        self.peer = self.peer or running.backlot(VAR, self.folder)
        self.peer.start()
        with urllib.request.urlopen(f"{self.peer.url}/_meta/users", timeout=5) as answer:
            tokens = {u["email"]: u["token"] for u in json.load(answer)["users"]}
        self.read_as(tokens.get(user, user))

    def read_as(self, token: str) -> None:
        assert self.peer
        self.monkeypatch.setenv("WIKI_TOKEN", token)
        source_save(name="wiki", title="Policy wiki", connector="confluence", domain="policy", freshness_s=60,
                    settings={"base_url": f"{self.peer.url}/atlassian/wiki", "token": "env:WIKI_TOKEN",
                              "internal": True})  # fmt: skip

    def look(self, family: str = "refunds") -> Seen:
        label = Ref("policy", family)
        gather_now(seeds=[], labels=[label], force=True, timeout=20)
        return Seen(evidence(seeds=[], labels=[label]))


@pytest.fixture
def wiki(committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wiki]:
    monkeypatch.setattr(lanes, "_lanes", {})
    found = Wiki(tmp_path / "wiki", monkeypatch)
    yield found
    if found.peer:
        found.peer.stop()


def test_a_page_is_a_policy_with_its_terms_and_its_words(wiki: Wiki) -> None:
    wiki.holds(refunds(3), RETURNS)
    assert source_check(name="wiki") == "2 pages on refunds, returns can be read."
    seen = wiki.look()
    found = seen.fact("policy.refunds").data
    assert (found["document"], found["refund_days"], found["bank_days"]) == ("RF-12", 3, {"card": [5, 10]})
    assert "within 3 business days" in found["text"] and found["version"] == "1"
    assert seen.check("wiki", "policy:refunds").complete
    assert wiki.look("returns").fact("policy.returns").data["exclusions"] == ["gift cards", "hygiene products"]


def test_an_edit_is_a_new_version_and_the_terms_are_the_new_ones(wiki: Wiki) -> None:
    wiki.holds(refunds(3))
    wiki.look()
    wiki.holds(refunds(5, version=2))
    seen = wiki.look()
    assert (seen.fact("policy.refunds").data["refund_days"], seen.fact("policy.refunds").data["version"]) == (5, "2")
    check = seen.check(
        "wiki", "policy:refunds"
    )  # backlot can't show version 1, so terms of earlier days may be missing
    assert not check.complete and "Earlier versions" in check.reason


def test_an_edit_is_read_by_polling_too_and_once(wiki: Wiki) -> None:
    wiki.holds(refunds(3), RETURNS)
    assert source_poll(name="wiki") == 0  # from now on
    wiki.holds(refunds(5, version=2), RETURNS)
    assert source_poll(name="wiki") == 1
    assert source_poll(name="wiki") == 0
    assert Seen(evidence(seeds=[], labels=[Ref("policy", "refunds")])).fact("policy.refunds").data["refund_days"] == 5


def test_a_user_who_may_not_see_the_page_learns_of_a_gap_and_never_of_an_absence(wiki: Wiki) -> None:
    wiki.holds(refunds(3), user="bob@example.com")
    check = wiki.look().check("wiki", "policy:refunds")
    assert (check.outcome, check.complete) == ("nothing", False) and "may not see" in check.reason
    with pytest.raises(BadSettings, match="sees no page"):
        source_check(name="wiki")


def test_a_right_taken_away_leaves_what_was_known(wiki: Wiki) -> None:
    wiki.holds(refunds(3))
    wiki.look()
    wiki.holds(refunds(3, readers=["group:board"]))
    for _ in range(3):
        seen = wiki.look()
    assert seen.fact("policy.refunds").data["refund_days"] == 3
    assert not seen.check("wiki", "policy:refunds").complete


def test_a_token_that_is_none_is_a_refusal(wiki: Wiki) -> None:
    wiki.holds(refunds(3))
    wiki.read_as("a-token-of-yesterday")
    check = wiki.look().check("wiki", "policy:refunds")
    assert (check.outcome, check.complete) == ("refused", False)
    with pytest.raises(BadCredentials, match="token"):
        source_check(name="wiki")


def test_a_page_with_a_slip_in_its_terms_is_malformed_and_no_answer(wiki: Wiki) -> None:
    wiki.holds(page(1200, "refunds", "In force from: 2026-02-01\nRefund dayz: 3"))
    seen = wiki.look()
    assert "policy.refunds" not in seen.kinds and not seen.check("wiki", "policy:refunds").complete
    assert Source.objects.get(name="wiki").enabled
