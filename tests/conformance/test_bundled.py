"""Every connector that is found, against every check."""

from collections.abc import Callable

import pytest

from connectors.conformance import Subject
from connectors.conformance.checking import CHECKS
from connectors.conformance.running import run
from connectors.host.registry import connector_classes


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("slug", sorted(connector_classes()))
def test_it_conforms(subject: Callable[[str], Subject], slug: str, check: str) -> None:
    result = run(subject(slug), CHECKS[check])
    if result.status == "exempt":
        pytest.skip(f"{slug}: {result.why}")
    assert result.status != "failed", f"{result.title} {result.why}"
