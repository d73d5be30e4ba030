"""The pages of the documentation, and the code blocks in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("connectors/contrib/*/README.md")), *sorted(ROOT.glob("examples/**/README.md")),
]  # fmt: skip
_FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^\1```$", re.M | re.S)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Block:
    """One fenced block. ``line`` is where it begins in its page."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def words(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(*languages: str, page: Path | None = None) -> list[Block]:
    """Those in these languages (all without one), in their order."""
    return [
        Block(one, words(one)[: found.start()].count("\n") + 1, found[2].strip(), found[3])
        for one in ([page] if page else PAGES)
        for found in _FENCE.finditer(words(one))
        if not languages or found[2].strip() in languages
    ]


def prose(page: Path) -> str:
    """A page without its blocks."""
    return _FENCE.sub("", words(page))


def spans(page: Path) -> list[str]:
    """Code inside sentences and tables."""
    return _SPAN.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """What a link may name after #, as the usual readers of Markdown make it from headings."""
    found = re.findall(r"^#+ (.+)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
