"""Connectors are found by their folder; a bad one never stops the others."""

from collections.abc import Sequence

import pytest

from connectors.contrib.policies.connector import PolicyConnector
from connectors.host.errors import UnknownConnector
from connectors.host.registry import connector_class, connector_classes, connector_problems, discover, sound
from connectors.sdk import Connector, Found, Ref


class Nameless(Connector):
    domain = "finance"


class Silent(Connector):
    title, domain = "Silent", "finance"

    def check(self) -> str:
        return "fine"


class Unasked(Silent):
    def lookup(self, refs: Sequence[Ref]) -> list[Found]:
        return []

    def read(self, row: object) -> list[object]:  # type: ignore[override]
        return []


def test_the_bundled_connectors_are_all_sound() -> None:
    assert {"stripe", "tryton", "policies"} <= set(connector_classes())
    assert connector_problems() == {}


def test_a_connector_that_fails_to_load_stops_no_other() -> None:
    def broken() -> type[Connector]:
        raise ImportError("no module named 'wms'")

    def quits() -> type[Connector]:
        raise SystemExit(1)

    classes, problems = discover([("wms", broken), ("worse", quits), ("policies", lambda: PolicyConnector)])
    assert classes == {"policies": PolicyConnector}
    assert problems["wms"] == "ImportError: no module named 'wms'" and "worse" in problems


def test_of_two_connectors_with_one_name_the_first_stays() -> None:
    classes, problems = discover([("policies", lambda: PolicyConnector), ("policies", lambda: PolicyConnector)])
    assert set(classes) == {"policies"} and "already" in problems["policies"]


@pytest.mark.parametrize(
    ("cls", "why"),
    [(object, "not a subclass"), (Nameless, "a title"), (Silent, "Define lookup"), (Unasked, "needs accepts")],
)
def test_a_class_that_breaks_the_contract_is_told_what_to_add(cls: type, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        sound(cls)


def test_an_unknown_connector_is_told_which_there_are() -> None:
    with pytest.raises(UnknownConnector, match="policies"):
        connector_class("nope")
