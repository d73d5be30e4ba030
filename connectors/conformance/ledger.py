"""A connector's quality ledger: what is done, to do or exempt and why, and what its recordings were made of.

    [lookup]
    status = "done"                      # done, todo or exempt; the latter two with why
    [conformance]
    refs = ["order:48-1193"]             # what the recordings answer
    settings = { database = "erp" }      # settings that the recordings need; secrets are made up by the suite
    cursor = "127"                       # from which the recorded changes were read
    transport = "http"                   # or files, database, or none where nobody is asked
    fixture = "recordings/drop"          # files: copied, and put in place of {fixture} in settings
    environment = { DROP = "{fixture}" } # variables that the connector needs while it is looked at
    exempt = { paging-second-page = "the source has no pages" }
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROWS = ("check", "lookup", "changes", "receive", "actions", "recordings", "paging", "hostile-data")
"""What every ledger must speak of."""
STATUSES = ("done", "todo", "exempt")
TRANSPORTS = ("http", "files", "database", "none")
_KNOWN = {"refs", "settings", "cursor", "transport", "fixture", "environment", "exempt"}


@dataclass(frozen=True)
class Ledger:
    """``problems`` are sentences on what can't be used; the rest is read as well as it can be."""

    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    refs: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    cursor: str | None = None
    transport: str = "http"
    fixture: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def status(self, row: str) -> str:
        return str(self.rows.get(row, {}).get("status", ""))


def ledger_read(path: Path) -> Ledger:
    """The ledger in this file; an empty one, with a problem, where it is not there or is no TOML."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Ledger(problems=("There is no ledger.toml: add one with a row for each of " + ", ".join(ROWS) + ".",))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Ledger(problems=(f"ledger.toml is no TOML: {error}.",))
    own = found.pop("conformance", {})
    problems = [f"ledger.toml: {problem}" for problem in (*_rows(found), *_own(own))]
    if problems and not isinstance(own, dict):
        own = {}
    return Ledger(
        rows={name: row for name, row in found.items() if isinstance(row, dict)},
        refs=tuple(map(str, own.get("refs", ()))), settings=dict(own.get("settings", {})), cursor=own.get("cursor"),
        transport=str(own.get("transport", "http")), fixture=str(own.get("fixture", "")),
        environment=dict(own.get("environment", {})),
        exempt={str(k): str(v) for k, v in dict(own.get("exempt", {})).items()}, problems=tuple(problems),
    )  # fmt: skip


def _rows(found: Mapping[str, Any]) -> list[str]:
    problems = [f"add a row [{name}] with its status." for name in ROWS if name not in found]
    for name, row in found.items():
        status = row.get("status") if isinstance(row, dict) else None
        if status not in STATUSES:
            problems.append(f"[{name}] needs status = done, todo or exempt.")
        elif status != "done" and not str(row.get("why", "")).strip():
            problems.append(f"[{name}] is {status}: say why.")
    return problems


def _own(own: Any) -> list[str]:
    if not isinstance(own, dict):
        return ["[conformance] must be a table."]
    problems = [f"[conformance] has no {name!r}; it has {', '.join(sorted(_KNOWN))}." for name in own.keys() - _KNOWN]
    if own.get("transport", "http") not in TRANSPORTS:
        problems.append(f"[conformance] transport must be one of {', '.join(TRANSPORTS)}.")
    for name, why in dict(own.get("exempt", {})).items():
        if not str(why).strip():
            problems.append(f"[conformance] exempt: say why {name} does not apply.")
    return problems
