"""Order and return numbers are found in what customers write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.memory import refs_in
from connectors.host.registry import sound
from connectors.host.views import NumberPattern
from connectors.sdk.manifest import ManifestError
from connectors.sdk.manifest.compiling import compiled
from tests.cases.conftest import Teller

SHOP = (
    NumberPattern("order", r"48-\d{4}", "Shop"), NumberPattern("return", r"RMA-\d{4,8}", "Warehouse"),
    NumberPattern("invoice", r"invoice (?P<value>\d{6})", "Books"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is 48-1193? I sent it back (RMA-77120).", ["order:48-1193", "return:RMA-77120"]),
        ("where is rma-77120", ["return:RMA-77120"]),
        ("See Invoice 204418, please", ["invoice:204418"]),
        ("48-11934 is another number, and so are 148-1193 and 48-1193-2", []),
        ("48-1193, I said 48-1193!", ["order:48-1193"]),
        ("<b>48-1193</b>", ["order:48-1193"]),
    ],
)
def test_a_number_is_found_where_a_source_declares_its_pattern(text: str, found: list[str]):
    assert [str(f.ref) for f in refs_in(text, SHOP)] == found
    assert all(text[slice(*f.span)] == f.text and f.by for f in refs_in(text, SHOP))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("My order number is #100234. Thanks", ["order:100234"]),
        ("return no: A-5512", ["return:A-5512"]),
        ("RMA-9 and order:77-1, from maya@example.com.", ["return:RMA-9", "order:77-1", "email:maya@example.com"]),
        ("I paid 84.90 on 2026-11-03 at 14:00 for order 2026", []),
        ("Call me on 0401234567 or order:cancelled, re: my return", []),
    ],
)
def test_without_a_pattern_only_what_is_named_or_looks_like_nothing_else_is_taken(text: str, found: list[str]):
    assert [str(f.ref) for f in refs_in(text)] == found


@given(st.text(max_size=300))
def test_any_text_is_read_and_every_span_holds_what_was_found(text: str):
    for found in refs_in(text, SHOP):
        assert text[slice(*found.span)] == found.text


def test_a_pattern_that_cannot_work_is_refused_where_it_is_declared():
    for pattern in ("(", r"\d*", ""):
        with pytest.raises(TypeError, match="patterns"):
            sound(
                type("Wrong", (Teller,), {"patterns": {"order": pattern}, "check": lambda self: "", "changes": print})
            )


MANIFEST = """
title = "Numbers"
domain = "order"
patterns = { order = '%s' }
[check]
get = "/ping"
[lookup.order]
get = "/orders/{value}"
[record.order]
id = "{id}"
refs = { order = "{id}" }
fact."order.cancelled" = { at = "{at}" }
"""


def test_a_manifest_declares_its_numbers_as_a_class_does():
    assert compiled(MANIFEST % r"48-\d{4}").patterns == {"order": r"48-\d{4}"}
    with pytest.raises(ManifestError, match="no regular expression"):
        compiled(MANIFEST % "48-(")
