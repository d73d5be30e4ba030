"""``connector record``: ask, keep what came, mask it, write it, and see that it replays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import tomlkit

from connectors.conformance.checks.following import second_page
from connectors.host.services.trying import connector_trying
from connectors.sdk import Connector, Ref
from connectors.sdk.secrets import is_reference, names_secret, secret_resolve
from connectors.sdk.testing import ReplayServer
from workspace.connecting.console import ConsoleResult, console_run
from workspace.connecting.opening import Target
from workspace.connecting.recorder import RecordingTransport, recordings_made, recordings_made_up, recordings_write
from workspace.connecting.standins import StandIns


@dataclass
class Kept:
    """What was recorded. ``renamed`` are refs that were masked; ``problems`` say where a replay differs."""

    path: Path | None
    count: int
    refs: list[str]
    renamed: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems


def keep(target: Target, refs: Sequence[Ref], folder: Path, cursor: str | None = None) -> Kept:
    """Ask about each ref, and write the answers to a new file of the folder's recordings; the ledger learns the refs.

    Raises SourceError where the source can't be asked, NotAsked where it does not take such a ref, and LeaksSecret.
    """
    settings = target.settings()
    transport = RecordingTransport(bool(settings.get("internal", False)))
    connector = target.bound(transport)
    with connector_trying(connector):
        connector.check()
    if cursor is not None or connector.can("changes"):
        _changes(connector, cursor)
    sent = {str(ref): console_run(connector, ref) for ref in refs}
    auth = connector.auth(connector.settings)
    made = recordings_made(transport.kept, connector.settings.base_url, [*(auth.params() if auth else ())])
    standins = StandIns(keep=[ref.value for ref in refs])
    secrets = [secret_resolve(v) for n, v in settings.items() if names_secret(n) and is_reference(v)]
    about = "-".join(map(str, refs)) or "changes"
    path, count = recordings_write(folder / "recordings", about, made, standins, secrets)
    gone = _made_up_removed(folder / "recordings") if path else []
    masked = {str(ref): standins.text(str(ref)) for ref in refs}
    kept = Kept(path, count, list(masked.values()), {a: b for a, b in masked.items() if a != b})
    kept.problems += [f"{ref}: {found.status}" for ref, found in sent.items() if found.error]
    kept.problems += _replayed(target, folder, sent, masked)
    asked = [SimpleNamespace(**{"method": "GET", "params": {}, **one["request"]}) for one in made]
    _ledger(folder / "ledger.toml", kept.refs, gone, cursor, paged=second_page(asked) > 0)
    return kept


def _changes(connector: Connector, cursor: str | None) -> None:
    with connector_trying(connector):
        for since in dict.fromkeys((None, cursor)):
            list(connector.changes(since))


def _replayed(target: Target, folder: Path, sent: dict[str, ConsoleResult], masked: dict[str, str]) -> list[str]:
    """Where the recordings say something else than the source did."""
    problems = []
    for ref, before in sent.items():
        if before.error:
            continue
        server = ReplayServer(folder / "recordings")
        try:
            with server:
                after = console_run(target.bound(base_url=server.url, internal=True), masked[ref])
        except AssertionError as error:
            problems.append(f"{masked[ref]} does not replay: {error}")
            continue
        if _gist(before) != _gist(after):
            problems.append(f"{masked[ref]} replays as something else: {after.status}")
    return problems


def _gist(result: ConsoleResult) -> tuple[str, list[tuple[str, list[str], bool]]]:
    return result.outcome, [(row.type, [fact.kind for fact in row.facts], bool(row.problem)) for row in result.rows]


def _made_up_removed(folder: Path) -> list[str]:
    """Real answers are there now: what was made up goes. Gives the refs that it answered."""
    refs = []
    for path, answered in recordings_made_up(folder).items():
        path.unlink()
        refs += answered
    return refs


def _ledger(path: Path, refs: Sequence[str], gone: Sequence[str], cursor: str | None, *, paged: bool) -> None:
    """The ledger's [conformance] names what the recordings answer, and what they show is done; the rest of the file
    stays as it is."""
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.is_file() else "")
    own = document.setdefault("conformance", tomlkit.table())
    before = [str(ref) for ref in own.get("refs", [])]
    known = [ref for ref in before if ref not in gone or ref in refs]
    fresh = [ref for ref in refs if ref not in known]
    if gone and document.get("recordings", {}).get("status") == "todo":
        document["recordings"] = tomlkit.item({"status": "done"})
    if fresh or known != before:
        own["refs"] = tomlkit.array()
        own["refs"].extend([*known, *fresh])
        own["refs"].multiline(len(known) + len(fresh) > 3)
    if cursor is not None:
        own.setdefault("cursor", cursor)
    if paged := paged and document.get("paging", {}).get("status") != "done":
        document["paging"] = tomlkit.item({"status": "done"})
    if fresh or known != before or cursor is not None or paged:
        path.write_text(tomlkit.dumps(document), encoding="utf-8")
