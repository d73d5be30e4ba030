"""Policy documents, over HTTP and from a folder."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.contrib.policies import connector as module
from connectors.sdk import BadSettings, Connector, Fact, Ref, Row, Unreadable
from connectors.sdk.testing import Asked, say
from tests.contrib.conftest import Make, ask, connected, facts

OLD = """+++
document = "RF-12"
kind = "policy.refunds"
title = "Refunds"
version = "1"
in_force_from = 2024-01-01
in_force_to = 2026-08-31
refund_days = 5
bank_days = { card = [5, 10] }
when = { market = "FI" }
clauses = { refund_days = "§2" }
+++

# Refunds
## §2 Our part
Finance sends the refund within 5 business days.
"""
NEW = OLD.replace('version = "1"', 'version = "2"').replace("2024-01-01\nin_force_to = 2026-08-31", "2026-09-01")
HTML = {"Content-Type": "text/html"}


@pytest.fixture(autouse=True)
def nothing_read_before() -> Iterator[None]:
    module._kept.clear()
    yield
    module._kept.clear()


class Library:
    """A policy library with one document in two versions, which counts what it sends."""

    def __init__(self) -> None:
        self.texts = {"1": OLD, "2": NEW}
        self.sent: list[str] = []
        self.index: Any = {"documents": [{"id": "RF-12", "url": "/documents/RF-12", "version": 2, "etag": '"b2"'}]}

    def __call__(self, sock: Any, asked: Asked) -> None:
        if asked.path == "/documents":
            return say(200, self.index)(sock, asked)
        version = asked.params.get("version", "2")
        etag = f'"{len(self.texts[version])}-{version}"'
        if asked.headers.get("if-none-match") == etag:
            return say(304, b"", {"ETag": etag})(sock, asked)
        self.sent.append(version)
        headers = {"ETag": etag, "Content-Type": "text/markdown; charset=utf-8"}
        return say(200, self.texts[version], headers)(sock, asked)


def test_every_version_is_told_so_that_the_one_in_force_can_be_chosen(facing: Make) -> None:
    policies = facing("policies", Library())
    found = facts(policies, ask(policies, "policy:refunds").rows)
    assert [(f.occurred, f.data["version"]) for f in found] == [(date(2024, 1, 1), "1"), (date(2026, 9, 1), "2")]
    assert found[0].data["in_force_to"] == "2026-08-31" and found[0].data["when"] == {"market": "FI"}
    assert found[0].refs == [Ref("policy", "refunds"), Ref("document", "RF-12")]
    assert found[1].data["text"].startswith("# Refunds") and found[1].data["url"].endswith("/documents/RF-12?version=2")


def test_a_text_is_read_again_only_where_it_changed(facing: Make) -> None:
    library = Library()
    policies = facing("policies", library)
    ask(policies, "policy:refunds")
    ask(policies, "policy:refunds")
    assert library.sent == ["1", "2"]
    library.texts["2"] = NEW.replace("refund_days = 5", "refund_days = 10")
    changed = facts(policies, ask(policies, "policy:refunds").rows)[1]
    assert library.sent == ["1", "2", "2"] and changed.data["refund_days"] == 10


def test_a_family_without_a_document_is_nothing(facing: Make) -> None:
    found = ask(facing("policies", Library()), "policy:cancellations")
    assert not found.rows and found.complete and found.kinds == ("policy.cancellations",)


def test_a_document_is_found_by_its_own_id_too(facing: Make) -> None:
    found = ask(facing("policies", Library()), "policy:RF-12")
    assert [r.id for r in found.rows] == ["RF-12@1", "RF-12@2"] and found.kinds == ()


def test_a_document_that_cannot_be_read_is_handed_on_as_it_is(facing: Make) -> None:
    library = Library()
    library.texts["2"] = "Refunds, as agreed on the phone."
    policies = facing("policies", library)
    broken = ask(policies, "policy:returns").rows[0]
    with pytest.raises(ValueError, match="must begin with its terms"):
        list(policies.read(broken))
    with pytest.raises(BadSettings, match="RF-12@2 can't be read"):
        policies.check()


@pytest.mark.parametrize(
    "index", [[], {"documents": [{"id": "RF-12"}]}, {"documents": "all"},
              {"documents": [{"id": "X", "version": 1, "url": "https://elsewhere.example/x"}]}],
)  # fmt: skip
def test_an_index_that_is_none_is_unreadable(facing: Make, index: Any) -> None:
    library = Library()
    library.index = index
    with pytest.raises(Unreadable):
        ask(facing("policies", library), "policy:refunds")


def test_a_sign_in_page_is_no_policy(facing: Make) -> None:
    library = Library()

    def behave(sock: Any, asked: Asked) -> None:
        (library if asked.path == "/documents" else say(200, "<html>Sign in</html>", HTML))(sock, asked)

    with pytest.raises(Unreadable, match="other than Markdown"):
        ask(facing("policies", behave), "policy:refunds")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "refunds").mkdir()
    (tmp_path / "refunds" / "old.md").write_text(OLD)
    (tmp_path / "refunds" / "new.md").write_text(NEW)
    (tmp_path / "README.md").write_text("Not a policy.")
    return tmp_path


def test_a_folder_serves_as_well(folder: Path) -> None:
    policies = connected("policies", "", folder=str(folder))
    assert policies.check() == "2 versions of 1 documents on refunds."
    assert {r.id for r in ask(policies, "policy:refunds").rows} == {"RF-12@1", "RF-12@2"}


def test_an_edited_document_is_told_once_as_a_change(folder: Path) -> None:
    connector = connected("policies", "", folder=str(folder))
    (start,) = connector.changes(None)
    edited = folder / "refunds" / "new.md"
    edited.write_text(edited.read_text().replace("refund_days = 5", "refund_days = 4"))
    (page,) = connector.changes(start.cursor)
    (after,) = connector.changes(page.cursor)
    assert [len(p.rows) for p in (start, page, after)] == [0, 1, 0]


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="not there"):
        ask(connected("policies", "", folder=str(tmp_path / "gone")), "policy:refunds")


def test_settings_need_one_place() -> None:
    with pytest.raises(ValueError, match="base_url or folder"):
        connected("policies", "")


def row(markdown: str) -> Row:
    return Row("policy", "RF-12@1", {"document": "RF-12", "version": "1", "markdown": markdown})


@pytest.fixture
def reader(folder: Path) -> Connector:
    return connected("policies", "", folder=str(folder))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [("+++\n\n", "\n\n", "between two lines"), ('title = "Refunds"', "title = Refunds", "not TOML"),
     ('kind = "policy.refunds"', 'kind = "refunds"', "need a kind"), ("2024-01-01", '"long ago"', "must be days"),
     ("2026-08-31", "2020-01-01", "ends .* before it begins"), ('"RF-12"', '"RT-7"', "kept as RF-12@1")],
)  # fmt: skip
def test_terms_that_cannot_be_are_malformed(reader: Connector, old: str, new: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        list(reader.read(row(OLD.replace(old, new))))


def test_windows_line_ends_and_a_byte_order_mark_are_read(reader: Connector) -> None:
    (found,) = reader.read(row("\ufeff" + OLD.replace("\n", "\r\n")))
    assert isinstance(found, Fact) and found.data["refund_days"] == 5
