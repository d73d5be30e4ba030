"""The log of a source: its askings and what people and the host did to it, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.host.models import Check, SourceLog
from connectors.host.selectors.health_words import error_class
from connectors.host.selectors.moments import moment
from connectors.host.selectors.named import source_pk

READ_AT_MOST = 500
ONE_SPELL = timedelta(minutes=15)
"""Askings that are further apart are told apart, although they ended alike."""
HOW = {"poll": "Poll", "lookup": "Asked", "check": "Settings checked"}


@dataclass(frozen=True)
class LogEntry:
    """One line. Askings in a row that ended alike are one line: ``times`` of them since ``first_at``."""

    at: datetime
    level: str
    """info, warn or error."""
    text: str
    detail: str = ""
    by: str = ""
    mark: str = ""
    """What to name it by: ``check 1841``."""
    times: int = 1
    first_at: datetime | None = None


def source_log(name: str, *, at: datetime | None = None, everything: bool = False, limit: int = 40) -> list[LogEntry]:
    """What there is to read about one source: warnings and errors, and what people did; ``everything`` adds what went
    well. Raises BadMoment."""
    _, now = moment(at)
    pk = source_pk(name)
    lines = SourceLog.objects.filter(source=pk, at__lte=now).order_by("-at", "-pk")
    checks = Check.objects.filter(source=pk, learned_at__lte=now).order_by("-learned_at", "-pk")
    if not everything:
        checks = checks.exclude(outcome="ok")
    entries = [_line(line) for line in lines[: 2 * limit]]
    entries += _grouped(map(_check, checks[:READ_AT_MOST]))
    return sorted(entries, key=lambda e: e.at, reverse=True)[:limit]


def _line(line: SourceLog) -> LogEntry:
    return LogEntry(line.at, line.level, line.sentence, by=line.by, mark=line.what)


def _check(check: Check) -> LogEntry:
    mark = f"check {check.pk}"
    if check.outcome == "ok":
        return LogEntry(check.learned_at, "info", f"{HOW.get(check.how, check.how)}: answered.", mark=mark)
    level = "error" if error_class(check.outcome, check.reason) in ("refused", "malformed") else "warn"
    detail = "" if check.detail == check.reason else check.detail
    return LogEntry(check.learned_at, level, check.reason or check.outcome, detail, mark=mark)


def _grouped(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """Newest first, neighbours that say the same in one."""
    found: list[LogEntry] = []
    for entry in entries:
        last = found[-1] if found else None
        near = last is not None and (last.first_at or last.at) - entry.at <= ONE_SPELL
        if last is not None and near and (last.level, last.text) == (entry.level, entry.text):
            found[-1] = replace(last, times=last.times + 1, first_at=entry.at)
        else:
            found.append(entry)
    return found
