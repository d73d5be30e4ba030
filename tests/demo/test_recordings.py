"""The demo connectors against recorded answers: what each can read without its system running."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.sdk import Fact, Missing, Ref, Row, SourceError, testing
from connectors.sdk.http import Http
from connectors.sdk.kinds import problem
from connectors.sdk.testing import ReplayServer
from tests.demo.conftest import CONNECTORS, WEDNESDAY
from workspace.demo.seed.world import World, build

CONTRIB = Path(__file__).parents[2] / "connectors" / "contrib"


def read(name: str, *refs: str) -> list[Fact]:
    cls, values = CONNECTORS[name]
    with ReplayServer(CONTRIB / f"demo_{name}" / "recordings") as server:
        settings = cls.Settings(base_url=server.url, internal=True, **values)
        connector: Any = cls(settings, Http(server.url, headers=cls.headers(settings), internal=True))
        assert connector.check()
        return [
            f for found in connector.lookup(list(map(Ref.parse, refs))) for r in found.rows for f in connector.read(r)
        ]


@pytest.fixture(scope="module")
def world() -> World:
    return build(WEDNESDAY)


ASKED: list[tuple[str, Callable[[World], str], set[str]]] = [
    ("shop", lambda w: "order:48-1193", {"order.placed", "shipment.delivered", "return.requested"}),
    ("shop", lambda w: "email:ines+shop@mail.example", {"order.placed"}),
    ("shop", lambda w: "email:nobody@x.example", set()),
    ("shop", lambda w: f"order:{w.named['early_refund_due'].number}", {"shipment.exception"}),
    ("warehouse", lambda w: "return:RMA-77120", {"return.dispatched", "return.received", "return.inspected"}),
    ("warehouse", lambda w: "return:none", set()),
    ("finance", lambda w: f"payment:{w.named['paid'].payment}", {"payment.captured", "refund.approved", "refund.paid"}),
    ("finance", lambda w: f"payment:{w.named['credit_note_only'].payment}", {"credit_note.issued"}),
    ("finance", lambda w: f"payment:{w.named['disputed'].payment}", {"dispute.opened"}),
]


@pytest.mark.parametrize(("name", "ref", "kinds"), ASKED)
def test_recorded_answers_are_read(world: World, name: str, ref: Callable[[World], str], kinds: set[str]) -> None:
    facts = read(name, ref(world))
    assert kinds <= {f.kind for f in facts} and bool(kinds) == bool(facts)
    assert not any(problem(f.kind, f.data, f.said) for f in facts)


HOSTILE = ["html", "cut_in_body", "cut_in_headers", "endless"]


@pytest.mark.parametrize("name", CONNECTORS)
@pytest.mark.parametrize("behaviour", HOSTILE)
def test_an_answer_that_is_none_is_an_error_and_never_an_absence(name: str, behaviour: str) -> None:
    cls, values = CONNECTORS[name]
    with testing.Server(getattr(testing, behaviour)()) as server:
        settings = cls.Settings(base_url=server.url, internal=True, **values)
        connector = cls(settings, Http(server.url, headers=cls.headers(settings), internal=True, max_bytes=200_000))
        with pytest.raises(SourceError) as caught:
            list(connector.lookup([Ref(cls.accepts[0], "48-1193")]))
    assert not isinstance(caught.value, Missing)


@pytest.mark.parametrize(("name", "type_"), [("shop", "order"), ("warehouse", "return"), ("finance", "refund")])
@pytest.mark.parametrize("body", [{}, {"error": "no"}, {"number": None}, {"state": "lost", "rma": "R", "log": []}])
def test_a_row_that_is_not_what_was_promised_cannot_be_read(name: str, type_: str, body: dict[str, Any]) -> None:
    cls, values = CONNECTORS[name]
    connector = cls(cls.Settings(base_url="http://demo.example", **values), Http("http://demo.example"))
    with pytest.raises((KeyError, ValueError, TypeError)):
        list(connector.read(Row(type_, "1", body)))
