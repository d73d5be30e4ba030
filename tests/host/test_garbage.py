"""Connectors that give what nobody asked for: each asking ends with a check that says so, and nothing is lost."""

from __future__ import annotations

import itertools
from typing import Any, ClassVar

import pytest

from connectors.host import registry
from connectors.host.models import Check, SourceCursor
from connectors.host.services import gather_now, source_poll, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Connector, Fact, Found, Page, Ref, Row

ORDER = Ref("order", "1")
ROW = Row("order", "1", {})


class Odd(Connector):
    title, domain, accepts = "Odd", "finance", ("order",)
    gives: ClassVar[dict[str, Any]] = {}

    def check(self) -> str:
        return "It works."

    def lookup(self, refs: Any) -> Any:
        return self.gives["lookup"]

    def changes(self, cursor: str | None) -> Any:
        return iter([self.gives["page"]])

    def read(self, row: Row) -> Any:
        return self.gives.get("read", [])


@pytest.mark.parametrize(("gives", "outcome"), [
    ({"lookup": [Found(ORDER, None)], "page": Page(None, "c")}, "malformed"),  # type: ignore[arg-type]
    ({"lookup": [5], "page": "abc"}, "malformed"),
    ({"lookup": [Found(ORDER, ["x"])], "page": Page(["x"], "c")}, "malformed"),  # type: ignore[list-item]
    ({"lookup": None, "page": Page([], "a\x00b")}, "malformed"),
    ({"lookup": 7, "page": Page([], 5)}, "malformed"),  # type: ignore[arg-type]
    ({"lookup": [Found(ORDER, [ROW])], "page": Page([ROW], "c"), "read": [5, None]}, "ok"),
    ({"lookup": [Found(ORDER, [ROW])], "page": Page([ROW], "c"), "read": [Fact(None, {}, [])]}, "ok"),  # type: ignore[arg-type]
    ({"lookup": itertools.repeat(Found(ORDER)), "page": Page([ROW], "c"), "read": itertools.repeat(5)}, "ok"),
])  # fmt: skip
def test_garbage_ends_as_a_check(
    gives: dict[str, Any], outcome: str, committed_db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_discovered", lambda: ({"odd": Odd}, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    monkeypatch.setattr(Odd, "gives", gives)
    source_save(name="odd", title="Odd", connector="odd", domain="finance", freshness_s=60, poll_s=60,
                settings={"base_url": "http://x"})  # fmt: skip
    source_poll(name="odd")
    gather_now(seeds=[ORDER], timeout=5, force=True)
    assert set(Check.objects.values_list("how", "outcome")) == {("poll", outcome), ("lookup", outcome)}
    assert SourceCursor.objects.get().due_at is not None
