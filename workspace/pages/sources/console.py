"""The test console of one source: what it sends about a reference beside what a rep would see. Nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.host.selectors.uses import ref_lately_found
from connectors.host.services import source_get
from connectors.host.services.sources_asking import pool_wait
from workspace.connecting.console import ConsoleResult, console_run
from workspace.pages.sources import wording

WAIT_S = 6.0
ASK_S = 5.0


@dataclass(frozen=True)
class Shown:
    """What came of one try: a result, or a sentence that says why there is none."""

    ref: str
    result: ConsoleResult | None = None
    sentence: str = ""


def suggestion(name: str) -> str:
    """A reference that this source knew lately, to begin with; empty where there is none."""
    return ref_lately_found(name)


def mark_of(name: str) -> tuple[str, str]:
    """Its mark, for what a rep would see."""
    return wording.mark(source_get(name).domain)


def shown(name: str, scheme: str, value: str) -> Shown:
    """Ask the source, in the bounded pool, and wait for a few seconds at most."""
    ref = f"{scheme.strip()}:{value.strip()}"
    source = source_get(name)
    if not value.strip():
        return Shown("", sentence="Write the reference to ask about.")

    def run() -> Any:
        try:
            return console_run(source, ref, limit_s=ASK_S)
        except ValueError as error:  # it is no reference, or the source can't be asked about it
            return str(error)

    found = pool_wait(run, WAIT_S)
    if found is None:
        return Shown(ref, sentence=f"{source.title} has not answered within {WAIT_S:g} seconds.")
    return Shown(ref, sentence=found) if isinstance(found, str) else Shown(ref, found)


__all__ = ["Shown", "mark_of", "shown", "suggestion"]
