"""Running the checks: as a list of results, or as a class of tests."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import connectors.conformance.checks  # noqa: F401  it declares them
from connectors.conformance.checking import CHECKS, Check, Failed, NotHere
from connectors.conformance.subject import Subject, subject_of
from connectors.sdk import Connector

Status = Literal["passed", "failed", "exempt", "not applicable"]


@dataclass(frozen=True)
class Result:
    """``why`` is what to do where it failed, and the reason where it is exempt or does not apply."""

    id: str
    title: str
    status: Status
    why: str = ""
    took_ms: int = 0


def conform(subject: Subject, only: Collection[str] = ()) -> Iterator[Result]:
    """The result of every check, or of those whose id, or its first word, is in ``only``, as they end."""
    for one in CHECKS.values():
        if not only or one.id in only or one.group in only:
            yield run(subject, one)


def run(subject: Subject, one: Check) -> Result:
    """One check. Never raises for what the connector does."""
    began = time.monotonic()

    def result(status: Status, why: str = "") -> Result:
        return Result(one.id, one.title, status, why, round(1000 * (time.monotonic() - began)))

    if one.id in subject.ledger.exempt:
        return result("exempt", subject.ledger.exempt[one.id])
    if one.http and not subject.is_http:
        return result("not applicable", f"It asks over no HTTP: its transport is {subject.ledger.transport}.")
    try:
        one.run(subject)
    except NotHere as reason:
        return result("not applicable", str(reason))
    except Failed as failure:
        return result("failed", str(failure))
    except Exception as error:  # noqa: BLE001 whatever an author's code does, the other checks still run
        return result("failed", f"It raises {type(error).__name__}: {str(error)[:500]}")
    return result("passed")


def suite(cls: type[Connector], **places: str) -> type:
    """A test class with one test per check. ``TestAcme = suite(Acme)`` is the whole test file of a connector.

    ``places`` as in Subject: ``suite(Warehouse, database="postgres://…")``.
    """
    subject = subject_of(cls, places=places)
    tests: dict[str, Any] = {f"test_{one.id.replace('-', '_')}": _test(subject, one) for one in CHECKS.values()}
    return type(f"Test{cls.__name__}", (), {**tests, "__doc__": f"What {cls.title} is held to."})


def _test(subject: Subject, one: Check) -> Any:
    def test(self: object) -> None:
        settle(run(subject, one))

    test.__doc__ = one.title
    return test


def settle(result: Result) -> None:
    """Tell pytest how a check ended."""
    import pytest  # the suite runs without it, from the command line

    if result.status == "failed":
        pytest.fail(f"{result.title}\n{result.why}", pytrace=False)
    if result.status != "passed":
        pytest.skip(f"{result.status}: {result.why}")
