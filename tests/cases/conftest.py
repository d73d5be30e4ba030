"""The cast of the cases' tests: two reps, a shop, a warehouse and a bank's ledger that say their facts plainly."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from cases.models import Case
from cases.services import Actor, case_open
from connectors.host import registry
from connectors.host.services import facts_record, source_save
from connectors.sdk import Connector, Fact, Ref, Row

EUR = {"amount": "84.90", "currency": "EUR"}
NOW = datetime.now(UTC)


class Teller(Connector):
    """Each row holds one fact as it is to be told."""

    title = "Teller"
    domain = "order"
    accepts = ("order", "email")
    identifying = ("email", "shop.customer")

    def read(self, row: Row) -> Iterable[Fact]:
        said = row.body
        when = said["occurred"]
        moment = date.fromisoformat(when) if when and len(when) == 10 else when and datetime.fromisoformat(when)
        yield Fact(said["kind"], said["data"], [Ref.parse(r) for r in said["refs"]], moment or None)


Say = Callable[..., int]


@pytest.fixture(autouse=True)
def teller(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {**registry.connector_classes(), "teller": Teller}
    monkeypatch.setattr(registry, "_discovered", lambda: (found, {}))


@pytest.fixture
def dana(db: None) -> User:
    return person("dana", "Dana", "Okafor")


@pytest.fixture
def tom(db: None) -> User:
    return person("tom", "Tom", "Brandt")


def person(name: str, first: str, last: str, role: str = "rep") -> User:
    """An account with one role."""
    user = User.objects.create_user(name, first_name=first, last_name=last)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def say(db: None) -> Say:
    """``say("order.placed", {...}, "order:1", ago=days)``: the domain's source says one fact; its row id comes back."""
    numbers = count(1)
    sources = {
        domain: source_save(
            name=domain, title=domain.title(), connector="teller", domain=domain, freshness_s=3600,
            settings={"base_url": "http://teller.example", "internal": True},
        )
        for domain in ("order", "warehouse", "finance")
    }  # fmt: skip
    domains = {"return": "warehouse", "refund": "finance", "payment": "finance"}

    def tell(kind: str, data: Mapping[str, Any], *refs: str, ago: float = 1, row: int = 0, day: str = "") -> int:
        number = row or next(numbers)
        when = day or (NOW - timedelta(days=ago)).isoformat()
        body = {"kind": kind, "data": dict(data), "refs": list(refs), "occurred": when}
        source = sources[domains.get(kind.split(".")[0], "order")]
        told = facts_record(
            source=source, rows=[Row("row", str(number), body)], how="lookup", started_at=datetime.now(UTC)
        )  # fmt: skip
        assert not told.malformed
        return number

    return tell


@pytest.fixture
def maya(say: Say) -> Say:
    """Maya has bought something for 84.90."""
    say("order.placed", {"number": "48-1193", "total": EUR, "customer_name": "Maya Lindqvist"},
        "order:48-1193", "email:maya@example.com", ago=20)  # fmt: skip
    say("payment.captured", {"amount": EUR, "method": "card"}, "order:48-1193", "payment:pi_1", ago=20)
    return say


@pytest.fixture
def case(maya: Say, dana: User) -> Case:
    return opened(dana)


def opened(by: User, *refs: str, message: str = "Where is my refund?", **more: Any) -> Case:
    """A case that a rep opens with the customer's words."""
    return case_open(question="refund-status", refs=refs or ("order:48-1193",), message=message,
                     actor=Actor.person(by), **more)  # fmt: skip


@pytest.fixture
def paid(maya: Say) -> Say:
    """Her money went back."""
    maya("return.received", {}, "return:RMA-77120", "order:48-1193", ago=9)
    maya("return.inspected", {"result": "passed"}, "return:RMA-77120", "order:48-1193", ago=6)
    maya("refund.paid", {"amount": EUR, "method": "card", "bank_reference": "74430011632209185571204"},
         "refund:re_1", "payment:pi_1", ago=5)  # fmt: skip
    return maya
