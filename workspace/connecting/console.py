"""The test console: ask a source for one reference, and see what it sent beside what a rep would see. Saves nothing.

    result = console_run(source_get("warehouse"), "return:RMA-77120")
    result.status            # "Found 1 row with 3 facts in 12 ms."
    result.rows[0].lines     # the raw row, line by line, with the values that made facts marked
    result.rows[0].facts     # the sentences, with time and references
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.host.services.readings import Reading, rows_read
from connectors.host.services.trying import Tryable, connector_trying
from connectors.sdk import Connector, Fact, Found, Ref, Row, SourceError, Undone, Unreadable, kinds
from connectors.sdk.secrets import told
from workspace.connecting.mapping import RawLine, mapped_paths, raw_lines
from workspace.pages.present import titles

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ConsoleFact:
    """One fact as a rep would see it: the sentence, and what stands beside it. ``when`` is an instant, a day, or None
    where the source does not say."""

    kind: str
    sentence: str
    beside: str
    when: datetime | date | None
    refs: tuple[str, ...]
    data: Mapping[str, Any]
    implied: bool = False
    undone: bool = False

    @property
    def words(self) -> titles.Said:
        return self.sentence, self.beside


@dataclass(frozen=True)
class ConsoleRow:
    """One row. ``problem`` says why it, or a part of it, can't be read. ``mapped`` are the paths of the values that the
    facts rest on, as in ``lines.0.amount``."""

    type: str
    id: str
    body: Mapping[str, Any]
    facts: tuple[ConsoleFact, ...]
    problem: str
    mapped: frozenset[str]
    url: str = ""

    @property
    def lines(self) -> list[RawLine]:
        """The body as indented lines of JSON, each with whether its value is mapped."""
        return raw_lines(self.body, self.mapped)


@dataclass(frozen=True)
class ConsoleResult:
    """What came of it. ``outcome`` is found, nothing, refused, unreachable or malformed; ``status`` one sentence."""

    ref: str
    outcome: str
    took_ms: int
    status: str
    rows: tuple[ConsoleRow, ...] = ()
    error: str = ""
    """One sentence for people; empty where the source answered."""
    detail: str = ""
    """More for whoever repairs it, secrets masked."""
    complete: bool = True
    reason: str = ""
    """Why the source may not have shown everything."""

    @property
    def ok(self) -> bool:
        """True where the source answered and everything it sent could be read."""
        return not self.error and not any(row.problem for row in self.rows)


def console_run(source: Tryable, ref: str | Ref, *, limit_s: float = 10.0) -> ConsoleResult:
    """Ask a stored source, or a bound connector, about one reference. Never raises for what a source does.

    Raises ValueError, with a sentence, where ``ref`` is no reference or the source can't be asked about it.
    """
    asked = ref if isinstance(ref, Ref) else Ref.parse(ref)
    took_ms, found, readings, error = 0, [], [], None
    try:
        with connector_trying(source, limit_s) as (connector, this):
            _askable(connector, asked)
            try:
                found = [f for f in connector.lookup([asked]) if f.ref == asked]
            finally:
                took_ms = this.took_ms
            readings = [(r, connector) for r in rows_read(connector, [row for f in found for row in f.rows])]
    except SourceError as problem:
        error = problem
    except NotAsked:
        raise
    except Exception as problem:  # noqa: BLE001 an author's mistake is shown, as it would be to a rep
        log.info("The connector failed in the console", exc_info=True)
        said = f"{type(problem).__name__}: {str(problem)[:500]}"
        error = Unreadable("The source answered in a way that its connector can't read.", said)
    if error is None and not found:
        error = Unreadable(f"The connector gave no word about {asked}: yield one Found per reference.")
    if error is not None:
        return _failed(asked, took_ms, error)
    return _answered(asked, took_ms, found, tuple(_row(connector, r) for r, connector in readings))


class NotAsked(ValueError):
    """The source can't be asked about this; the sentence says about what it can."""


def _askable(connector: Connector, ref: Ref) -> None:
    if not connector.can("lookup"):
        raise NotAsked("This source can't be asked; it only tells what is new. See its last changes instead.")
    if ref.scheme not in connector.accepts:
        raise NotAsked(f"This source can't be asked about {ref.scheme!r}. It takes: {', '.join(connector.accepts)}.")


def _failed(ref: Ref, took_ms: int, error: SourceError) -> ConsoleResult:
    body = f"\n{error.body}" if isinstance(error, Unreadable) and error.body else ""
    return ConsoleResult(
        str(ref), error.outcome, took_ms, f"{error.sentence} ({took_ms} ms)",
        error="" if error.outcome == "nothing" else error.sentence, detail=error.detail + body,
    )  # fmt: skip


def _answered(ref: Ref, took_ms: int, found: Sequence[Found], rows: tuple[ConsoleRow, ...]) -> ConsoleResult:
    complete = all(f.complete for f in found)
    reason = told(next((f.reason for f in found if f.reason), "")) if not complete else ""
    facts, bad = sum(len(r.facts) for r in rows), sum(bool(r.problem) for r in rows)
    if rows:
        status = f"Found {_count(len(rows), 'row')} with {_count(facts, 'fact')} in {took_ms} ms."
        status += f" {_count(bad, 'row')} can't be read in full." if bad else ""
    else:
        status = f"The source says that it has nothing about {ref}, in {took_ms} ms."
    if not complete:
        status += f" It may not have shown everything{': ' + reason if reason else '.'}"
    return ConsoleResult(
        str(ref), "found" if rows else "nothing", took_ms, status, rows, complete=complete, reason=reason
    )


def _row(connector: Connector, reading: Reading) -> ConsoleRow:
    problem = " ".join(f"{kind}: {why}" if kind and not why.startswith(kind) else why for kind, why in reading.problems)
    mapped = mapped_paths(connector, reading.row) if reading.said else frozenset()
    facts = tuple(_fact(one) for one in reading.said)
    return ConsoleRow(reading.row.type, reading.row.id, reading.body, facts, problem, mapped, reading.row.url)


def _fact(one: Fact | Undone) -> ConsoleFact:
    if isinstance(one, Undone):
        return ConsoleFact(one.kind, f"Not so after all: {one.kind}", "", None, (), {}, undone=True)
    sentence, beside = titles.said(one.kind, one.data, kinds.sentence(one.kind, one.data, one.said))
    return ConsoleFact(one.kind, sentence, beside, one.occurred, tuple(map(str, one.refs)), one.data, one.implied)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")


def plain(result: ConsoleResult) -> dict[str, Any]:
    """The result as plain JSON values, e.g. for ``--json``."""
    rows = [
        {"type": r.type, "id": r.id, "body": r.body, "mapped": sorted(r.mapped), "problem": r.problem, "url": r.url,
         "facts": [{**vars(f), "when": f.when.isoformat() if f.when else None, "refs": list(f.refs)} for f in r.facts]}
        for r in result.rows
    ]  # fmt: skip
    whole = {**vars(result), "rows": rows, "ok": result.ok}
    return dict(json.loads(json.dumps(whole, default=str)))


__all__ = ["ConsoleFact", "ConsoleResult", "ConsoleRow", "NotAsked", "Row", "console_run", "plain"]
