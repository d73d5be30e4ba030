"""The demo warehouse: what came back, when, and how the inspection went. It is asked by return number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import Field

from connectors import sdk
from connectors.sdk import Connector, Fact, Found, Missing, Page, Ref, Row, times

KINDS = {"in_transit": "return.dispatched", "received": "return.received", "inspected": "return.inspected"}
STATES = ("announced", *KINDS)
RESULTS = {"pass": "passed", "fail": "failed"}


class Settings(sdk.Settings):
    api_key: str = Field(description="The warehouse's key (X-Api-Key), as env:… or file:…")


class DemoWarehouse(Connector):
    title = "Demo warehouse"
    domain = "warehouse"
    Settings = Settings
    accepts = ("return",)
    patterns = {"return": r"RMA-\d{4,8}"}
    covers = {"return": tuple(KINDS.values())}

    @classmethod
    def headers(cls, settings: Any) -> dict[str, str]:
        return {"X-Api-Key": settings.api_key}

    def check(self) -> str:
        self.http.get("/v2/changes", {"since": "now"})
        return "The warehouse answers and takes the key."

    def lookup(self, refs: Sequence[Ref]) -> Iterable[Found]:
        for ref in refs:
            try:
                sent = self.http.get(self.http.path("/v2/returns/{rma}", rma=ref.value))
            except Missing:
                yield Found(ref)
            else:
                yield Found(ref, [self._row(sent)])

    def changes(self, cursor: str | None) -> Iterator[Page]:
        since, _, skipped = (cursor or "now").partition("+")
        offset, total = int(skipped or 0), int(skipped or 0) + 1
        while offset < total:
            sent = self.http.get("/v2/changes", {"since": since, "offset": offset, "limit": 50})
            rows = [self._row(r) for r in sent["rows"]]
            offset, total = offset + max(sent["count"], 1), sent["total"]
            # The number to go on from covers all pages: before the last one, reading goes on within this list.
            yield Page(rows, str(sent["last"]) if offset >= total else f"{since}+{offset}")

    def cursor_at(self, since: datetime | None) -> str:
        return "0"  # its changes have numbers and no dates, so all of them are read again

    def read(self, row: Row) -> Iterable[Fact]:
        body, refs = row.body, [Ref("return", row.body["rma"])]
        logged = {entry["state"]: entry for entry in body["log"]}
        for state in STATES[: STATES.index(body["state"]) + 1]:
            entry = logged.get(state, {})
            at = self._when(entry)
            if state in KINDS:
                # A state that the log skips is known only because a later one implies it.
                yield Fact(KINDS[state], data_of(state, entry, body), refs, at, implied=not entry)
            elif entry:
                said = "Warehouse told to expect the return"
                yield Fact("demo_warehouse.announced", {}, refs, at, said=said)

    def _row(self, sent: Any) -> Row:
        return Row("return", sent["rma"], sent)

    def _when(self, entry: Any) -> datetime | date | None:
        """The warehouse's own wall clock, or a day where it noted no more."""
        if "at" in entry:
            return times.instant(entry["at"], self.zone)
        return date.fromisoformat(entry["date"]) if "date" in entry else None


def data_of(state: str, entry: Any, body: Any) -> dict[str, Any]:
    known: dict[str, Any] = {name: entry[name] for name in ("by", "carrier", "tracking") if entry.get(name)}
    if state == "inspected":
        known |= {"result": RESULTS[body["result"]], **{n: body[n] for n in ("grade", "reason") if body[n]}}
    return known
