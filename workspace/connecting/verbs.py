"""What ``manage.py connector`` does, one function for each verb: each gives what to say and whether all is well."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from connectors.conformance import SubjectError, conform, subject_of
from connectors.conformance.plugin import find
from connectors.host.selectors.connectors import connector_classes, connector_folder, connector_problems
from connectors.host.services.trying import connector_trying
from connectors.sdk import Ref
from workspace.connecting.console import ConsoleResult, ConsoleRow, NotAsked, console_run, plain
from workspace.connecting.keeping import Kept, keep
from workspace.connecting.mapping import RawLine
from workspace.connecting.opening import Target

MARK = "●"
MARKS = {"passed": "✓", "failed": "✗", "exempt": "–", "not applicable": " "}
SIDE_BY_SIDE = 100
"""Columns of a terminal from which both sides stand beside each other."""


class WrongUse(Exception):
    """What was asked for can't be done so; the sentence says how."""


@dataclass(frozen=True)
class Told:
    """What to say: ``text`` for people, ``data`` for programs; ``ok`` is False where the connector or source fails."""

    ok: bool
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


def listed() -> Told:
    """Every connector, and those that can't be loaded."""
    classes, problems = connector_classes(), connector_problems()
    lines = [f"{slug:18} {cls.title}  ({cls.domain}; {_ways(cls)})" for slug, cls in sorted(classes.items())]
    lines += [f"{slug:18} can't be loaded: {why}" for slug, why in sorted(problems.items())]
    rows = [
        {"slug": slug, "title": cls.title, "domain": cls.domain, "accepts": list(cls.accepts),
         "folder": str(connector_folder(slug) or "")}
        for slug, cls in sorted(classes.items())
    ]  # fmt: skip
    return Told(not problems, "\n".join(lines), {"connectors": rows, "problems": problems})


def checked(target: Target) -> Told:
    """Do the settings work? Raises SourceError where they do not."""
    with connector_trying(target.bound()) as (connector, this):
        sentence = connector.check()
    return Told(True, f"{sentence} ({this.took_ms} ms)", {"sentence": sentence, "took_ms": this.took_ms})


def tried(target: Target, ref: str) -> Told:
    """One reference, both sides of it."""
    try:
        result = console_run(target.bound(), Ref.parse(ref))
    except (NotAsked, ValueError) as error:
        raise WrongUse(str(error)) from None
    return Told(result.ok, shown(result), plain(result))


def recorded(target: Target, refs: Sequence[str], into: str | None, cursor: str | None) -> Told:
    """Recordings of what the source answers about these refs, masked."""
    if not refs and cursor is None:
        raise WrongUse("Say what to ask about, e.g. order:48-1193; several references may be given.")
    folder = Path(into) if into else connector_folder(target.slug)
    if folder is None or not folder.is_dir():
        raise WrongUse("This connector's folder is not on disk here: say where it is, --into path.")
    try:
        found = [Ref.parse(ref) for ref in refs]
        kept = keep(target, found, folder, cursor)
    except (NotAsked, ValueError) as error:
        raise WrongUse(str(error)) from None
    return Told(kept.ok, kept_text(kept), {**asdict(kept), "path": str(kept.path or "")})


def conformed(
    name: str, only: Collection[str], places: Mapping[str, str], say: Callable[[str], None] = lambda line: None
) -> Told:
    """The suite over one connector; ``say`` is given each line as it is known."""
    try:
        known = connector_classes().get(name)
        subject = subject_of(known, name, places) if known else find(name, dict(places))
    except SubjectError as error:
        raise WrongUse(str(error)) from None
    results = []
    for one in conform(subject, only):
        results.append(one)
        why = f": {one.why}" if one.status in ("failed", "exempt") else ""
        if one.status != "not applicable":
            say(f"{MARKS[one.status]} {one.id:24} {one.title}{f'  [{one.status}{why}]' if why else ''}")
    if not results:
        raise WrongUse(f"No check is named {', '.join(only)}: see docs/conformance.md.")
    count = {status: sum(r.status == status for r in results) for status in MARKS}
    said = ", ".join(f"{n} {status}" for status, n in count.items() if n or status == "failed")
    data = {"connector": subject.slug, **count, "results": [asdict(one) for one in results]}
    return Told(not count["failed"], f"{subject.slug}: {said}.", data)


def shown(result: ConsoleResult) -> str:
    """Both sides of a console's result, beside each other where the terminal is wide enough."""
    lines = [result.status]
    if result.detail and result.error:
        lines += ["", textwrap.shorten(result.detail, 800)]
    for row in result.rows:
        lines += ["", f"{row.type} {row.id}", *_sides(row, shutil.get_terminal_size().columns)]
    if result.rows:
        lines += ["", f"{MARK} marks what the facts rest on. Nothing was saved."]
    return "\n".join(lines)


def kept_text(kept: Kept) -> str:
    """What was recorded, and what to do next."""
    if kept.path is None:
        lines = ["Everything that was asked is recorded already; nothing was written."]
    else:
        lines = [f"Wrote {kept.count} {'answer' if kept.count == 1 else 'answers'} to {kept.path}."]
    lines += [f"Asked about: {', '.join(kept.refs) or 'changes alone'}."]
    lines += [f"{ref} is recorded as {masked}." for ref, masked in kept.renamed.items()]
    lines += kept.problems or ["Replayed, it says the same as the source did."]
    lines.append("Look through it before you share it: masking knows names of fields, not what people write in notes.")
    return "\n".join(lines)


def _ways(cls: Any) -> str:
    ways = [way for way in ("lookup", "changes", "receive") if cls.can(way)]
    return ", ".join([*ways, *(f"action {name}" for name in cls.actions())])


def _sides(row: ConsoleRow, columns: int) -> list[str]:
    left = [_raw(line) for line in row.lines]
    right = [line for fact in row.facts for line in _fact(fact)]
    right += [f"✗ {row.problem}"] if row.problem else []
    right = right or ["(says nothing)"]
    if columns < SIDE_BY_SIDE:
        return ["  what it sent", *left, "  what a rep would see", *(f"  {line}" for line in right)]
    half = columns // 2
    right = [part for line in right for part in textwrap.wrap(line, half - 4, subsequent_indent="  ") or [""]]
    rows = max(len(left), len(right))
    pairs = zip(left + [""] * (rows - len(left)), right + [""] * (rows - len(right)), strict=True)
    head = f"{'  what it sent':{half}}what a rep would see"
    return [head, *(f"{a[: half - 2]:{half}}{b}".rstrip() for a, b in pairs)]


def _raw(line: RawLine) -> str:
    key = f"{line.key}: " if line.key else ""
    return f"{MARK if line.mapped else ' '} {'  ' * line.indent}{key}{line.text}"


def _fact(fact: Any) -> list[str]:
    when = fact.when.isoformat(sep=" ") if fact.when else "time not told"
    refs = ", ".join(fact.refs)
    implied = " (implied)" if fact.implied else ""
    return [" · ".join(filter(None, fact.words)), f"  {when}{implied} · {fact.kind}", *([f"  {refs}"] if refs else [])]
