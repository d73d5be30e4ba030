"""Confluence pages as policies, by recordings of what its documentation shows."""

import json
from datetime import date
from typing import Any

import pytest

from connectors.contrib.confluence import connector as module
from connectors.contrib.confluence import terms
from connectors.sdk import BadCredentials, BadSettings, Ref, Row, Unreadable
from connectors.sdk.testing import say
from tests.contrib.conftest import Make, ask, facts


@pytest.fixture
def confluence(replayed: Make, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(module, "_kept", {})
    return lambda **settings: replayed("confluence", **{"key": None, "token": "a-token-of-a-test", **settings})


def page(storage: str, *labels: str, **body: Any) -> Row:
    return Row("policy", "7@", {"id": "7", "title": "Page", "version": 2, "when": "", "labels": list(labels),
                                "storage": storage, **body}, version=2)  # fmt: skip


def lines(*said: str) -> str:
    return f"<p>In force from: 2026-01-01<br/>{'<br/>'.join(said)}</p>"


def test_each_day_that_terms_begin_is_a_record_told_by_its_last_version(confluence: Any) -> None:
    found = ask(confluence(), "policy:returns")
    assert [(r.id, r.version) for r in found.rows] == [("131073@2026-09-01", 3), ("131073@2024-01-01", 1)]
    assert found.complete
    new, old = facts(confluence(), found.rows)
    assert (new.data["window_days"], old.data["window_days"], old.data["in_force_to"]) == (30, 14, "2026-08-31")


def test_a_page_properties_macro_holds_the_terms_and_the_rest_is_text(confluence: Any) -> None:
    found, _ = facts(confluence(), ask(confluence(), "policy:returns").rows)
    assert (found.data["document"], found.data["version"], found.occurred) == ("RT-7", "3", date(2026, 9, 1))
    assert found.data["exclusions"] == ["gift cards", "hygiene products"]
    assert found.data["clauses"] == {"window_days": "§1"} and found.data["when"] == {"market": "FI"}
    assert found.data["text"] == (
        "## §1 Window\n\nAn item can be returned within 30 days. Keep the receipt & the box.\n\nShoes <unworn> only 👟"
    )
    assert found.data["url"].endswith("/spaces/POL/pages/131073/Returns")


def test_a_table_of_two_columns_holds_the_terms_as_well(confluence: Any) -> None:
    (found,) = facts(confluence(), ask(confluence(), "policy:refunds").rows)
    assert found.data["bank_days"] == {"card": [5, 10], "bank_transfer": [1, 3], "gift_card": [0, 0]}
    assert found.data["refund_days"] == 3 and found.data["decides"] == {"money": "finance"}
    assert Ref("document", "RF-12") in found.refs and Ref("policy", "refunds") in found.refs


def test_a_page_that_this_user_may_not_open_leaves_a_gap(confluence: Any) -> None:
    found = ask(confluence(), "policy:delivery")
    assert [r.id for r in found.rows] == ["131075@2025-01-01"]
    assert not found.complete and "could not be opened" in found.reason


def test_no_page_is_never_told_as_an_absence(confluence: Any) -> None:
    found = ask(confluence(), "policy:cancellations")
    assert not found.rows and not found.complete and "policy-cancellations" in found.reason


def test_where_restrictions_may_hide_pages_nothing_is_complete(confluence: Any) -> None:
    assert not ask(confluence(sees_all=False), "policy:refunds").complete


def test_a_confluence_without_its_history_says_that_terms_may_be_missing(facing: Make) -> None:
    body = {"id": "1", "title": "T", "version": {"number": 4, "when": "2026-01-01T00:00:00Z"},
            "body": {"storage": {"value": lines("Window days: 3")}}}  # fmt: skip
    hit = {"results": [{"content": body}], "_links": {}}
    answer = lambda sock, asked: say(200, hit if asked.path.endswith("search") else body)(sock, asked)  # noqa: E731
    found = ask(facing("confluence", answer, key=None, token="t-of-a-test"), "policy:returns")
    assert len(found.rows) == 1 and not found.complete and "arlier versions" in found.reason


def test_changes_tell_the_pages_whose_version_is_new(confluence: Any) -> None:
    connector = confluence()
    (start,) = connector.changes(None)
    assert not start.rows and json.loads(start.cursor) == {"131073": 3, "131074": 1, "131075": 1, "131099": 1}
    (page,) = connector.changes(json.dumps({**json.loads(start.cursor), "131073": 2, "131099": 0}))
    assert [r.version for r in page.rows] == [3, 1]
    assert json.loads(page.cursor) == {"131073": 3, "131074": 1, "131075": 1}  # what can't be opened is tried again


def test_the_check_names_what_can_be_read(confluence: Any, facing: Make) -> None:
    told = "3 pages on delivery, refunds, returns can be read; 1 can't be opened by this user."
    assert confluence().check() == told
    with pytest.raises(BadSettings, match="sees no page"):
        facing("confluence", say(200, {"results": []}), key=None, token="t-of-a-test").check()
    with pytest.raises(BadCredentials, match="let this user in"):
        facing("confluence", say(403, {"message": "caller cannot access Confluence"}), key=None, token="t").check()


def test_the_token_is_sent_as_each_edition_wants_it() -> None:
    settings = module.ConfluenceSettings
    cloud = settings(base_url="https://acme.atlassian.net/wiki", user="ava@acme.example", token="abc")
    assert module.ConfluenceConnector.headers(cloud) == {"Authorization": "Basic YXZhQGFjbWUuZXhhbXBsZTphYmM="}
    own = settings(base_url="https://wiki.acme.example", token="abc")
    assert module.ConfluenceConnector.headers(own) == {"Authorization": "Bearer abc"}


@pytest.mark.parametrize(
    ("said", "why"),
    [("Window days: soon", "whole number"), ("Window dayz: 3", "did you mean 'window_days'"),
     ("Bank days: 5", "for each"), ("Window days (card): 5", "once"), ("In force to: 2025-01-01", "before they end"),
     ("In force to: soon", "must be a day"), ("Fees: 5 EUR", "can't be said")],
)  # fmt: skip
def test_terms_that_make_no_sense_are_malformed_with_the_reason(confluence: Any, said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        list(confluence().read(page(lines(said), "policy-returns", "policy-refunds")))


def test_a_page_without_terms_is_malformed_and_never_an_answer(confluence: Any) -> None:
    with pytest.raises(ValueError, match="no table of terms"):
        list(confluence().read(page("<p>We are generous.</p>", "policy-returns")))


@pytest.mark.parametrize(
    "storage", ["", "<table><tr><td>In force from<td>2026", "<ac:structured-macro>", "]]>", "<![CDATA["]
)
def test_broken_markup_is_at_worst_malformed(storage: str) -> None:
    terms.day_of(storage)


def test_no_markup_is_left_in_the_text() -> None:
    _, text = terms.split(
        "<p onclick='x()'>Hello <b>you</b></p><script>alert(1)</script><style>p{}</style><img src=x onerror=alert(1)>"
        "<ac:structured-macro ac:name='html'><ac:plain-text-body><![CDATA[a < b]]></ac:plain-text-body>"
        "</ac:structured-macro>"
    )
    assert text == "Hello you\n\na < b"


@pytest.mark.parametrize(
    "answer", [{"results": "none"}, ["no"], {"results": [{"content": {"id": "1"}}]},
               {"results": [{"content": {"id": "1", "version": {"number": "2"}}}]}],
)  # fmt: skip
def test_an_answer_of_another_shape_is_never_nothing(facing: Make, answer: Any) -> None:
    with pytest.raises(Unreadable):
        ask(facing("confluence", say(200, answer), key=None, token="t-of-a-test"), "policy:returns")
