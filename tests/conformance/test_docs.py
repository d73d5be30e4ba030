"""docs/conformance.md lists every check as it is."""

from pathlib import Path

from connectors.conformance import conform  # noqa: F401  it declares the checks
from connectors.conformance.checking import CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def test_every_check_stands_in_the_docs_with_its_title() -> None:
    text = PAGE.read_text().partition("## The checks")[2]
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    expected = [f"| `{c.id}` | {c.title}{' ᴴ' if c.http else ''} |" for c in CHECKS.values()]
    assert rows == expected
