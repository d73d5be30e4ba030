"""Two customers of one household e-mail, and a case about it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from cases.models import Case
from customers.models import Customer
from tests.cases.conftest import EUR, Say, dana, maya, opened, paid, say, teller, tom

__all__ = ["dana", "maya", "paid", "say", "teller", "tom"]


@pytest.fixture
def hers(say: Say, dana: User) -> Case:  # noqa: F811
    """Maya's first case, by her own number."""
    bought(say, "48-1193", "1", "Maya Lindqvist")
    return opened(dana, "order:48-1193", message="Where is my refund? Please don't call me.")


@pytest.fixture
def his(hers: Case, say: Say, tom: User) -> Case:  # noqa: F811
    """Another number with the same e-mail, under the name of M. Lindqvist."""
    bought(say, "48-2000", "2", "M. Lindqvist")
    return opened(tom, "order:48-2000", message="And my other order?")


@pytest.fixture
def asked(his: Case, dana: User) -> Case:  # noqa: F811
    """A case about nothing but the e-mail: it points to both."""
    return opened(dana, "email:maya@example.com", message="Hello?")


def bought(tell: Say, order: str, number: str, name: str) -> None:
    tell("order.placed", {"number": order, "total": EUR, "customer_name": name},
         f"order:{order}", f"shop.customer:{number}", "email:maya@example.com", ago=20)  # fmt: skip


def whose(case: Case) -> Customer:
    found = Case.objects.get(pk=case.pk).customer
    assert found is not None
    return found
