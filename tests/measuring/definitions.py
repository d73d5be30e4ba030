"""The definitions in docs/trust.md, made from the code. ``python -m tests.measuring.definitions`` writes them anew."""

from __future__ import annotations

import textwrap
from pathlib import Path

from cases.measuring import MEASURES, Measure
from cases.views.measured_words import goal_words

PAGE = Path(__file__).parents[2] / "docs/trust.md"
BEGIN, END = "<!-- definitions -->", "<!-- end of definitions -->"
WAY = {"up": "more is better", "down": "less is better", "none": "neither more nor less is better"}


def definitions() -> str:
    return "\n".join(_one(m) for m in MEASURES)


def _one(m: Measure) -> str:
    goal = f"Goal: {goal_words(m)}; {WAY[m.direction]}." if m.goal is not None else f"No goal; {WAY[m.direction]}."
    said = textwrap.fill(f"`{m.name}`. {m.definition}", 120, break_long_words=False)
    lines = [f"### {m.title}", "", said, "", f"- Formula: {m.formula}", f"- {goal}"]
    if m.by_source:
        lines.append(f"- By source: {m.by_source}")
    if m.efficiency:
        lines.append("- Speed: shown beside the others, never alone")
    return "\n".join([*lines, ""])


def written(text: str) -> str:
    """The page with today's definitions."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n\n{definitions()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
