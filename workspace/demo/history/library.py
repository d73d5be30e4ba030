"""What the demo's systems said at a moment of the past, read by their connectors and recorded by the one door."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from connectors.contrib.demo_finance.connector import DemoFinance
from connectors.contrib.demo_shop import reading
from connectors.contrib.demo_shop.connector import DemoShop
from connectors.contrib.demo_warehouse.connector import DemoWarehouse
from connectors.contrib.policies.connector import FAMILIES
from connectors.host.services import Asked, Batch, RefOutcome, facts_record_all
from connectors.sdk import Ref, Row
from workspace.demo.prepare import SOURCES
from workspace.demo.seed.documents import documents
from workspace.demo.seed.tales import Past
from workspace.demo.seed.write import finance_entries, shop_order, warehouse_row
from workspace.demo.systems.policy import rendered

POLICIES = ("returns", "refunds", "cancellations", "delivery")
KNOWN_BEFORE = timedelta(days=7)
"""So long before it is in force a new version of a document stands in the library."""
SPARE = timedelta(minutes=5)
"""For what is written meanwhile."""
Answer = tuple[Ref, list[Row], tuple[str, ...]]


class Library:
    """Answers as the systems would have, about one order at a time. ``sources`` are the saved ones, by name.

    The documents are everybody's: who asks within their limit is not told anew.
    """

    def __init__(self, sources: Mapping[str, Any], today: date) -> None:
        self.sources = sources
        self._documents = documents(today)
        self._policy_asked: datetime | None = None

    def ask(self, story: Past, at: datetime, down: Collection[str] = ()) -> None:
        """Every source is asked about everything that the order leads to; those that are ``down`` do not answer."""
        was = story.then(at)
        answers = {"shop": self._shop(was), "warehouse": self._warehouse(was), "finance": self._finance(was)}
        limit = timedelta(seconds=SOURCES["policy"]["freshness_s"]) - SPARE
        if self._policy_asked is None or at - self._policy_asked > limit:
            answers["policy"], self._policy_asked = self._policy(at), at
        chance = story.rng
        facts_record_all([
            self._batch(name, found, at, chance.randrange(60, 700), name in down)
            for name, found in answers.items() if found
        ])  # fmt: skip

    def _batch(self, name: str, found: list[Answer], at: datetime, took_ms: int, down: bool) -> Batch:
        source = self.sources[name]
        if down:
            why = f"{source.title} could not be reached."
            refs = tuple(RefOutcome(ref, "unreachable", reason=why) for ref, *_ in found)
            asked = Asked(took_ms=10_000, outcome="unreachable", reason=why, late=True, refs=refs)
            return Batch(source, [], "lookup", at, asked)
        refs = tuple(
            RefOutcome(ref, "found" if rows else "nothing", True, kinds, rows=frozenset((r.type, r.id) for r in rows))
            for ref, rows, kinds in found
        )
        rows = {(row.type, row.id): row for _, some, _ in found for row in some}
        return Batch(source, list(rows.values()), "lookup", at, Asked(took_ms=took_ms, refs=refs))

    def _shop(self, was: Past) -> list[Answer]:
        rows = list(reading.rows_of(shop_order(was)))
        asked = [Ref("order", was.number), Ref("payment", was.payment), Ref("email", was.person.email),
                 Ref("demo_shop.customer", was.person.id), *(Ref("return", r.number) for r in was.returns)]  # fmt: skip
        return [(ref, rows, tuple(DemoShop.covers[ref.scheme])) for ref in asked]

    def _warehouse(self, was: Past) -> list[Answer]:
        return [
            (Ref("return", r.number), [Row("return", r.number, warehouse_row(r))],
             tuple(DemoWarehouse.covers["return"])) for r in was.returns
        ]  # fmt: skip

    def _finance(self, was: Past) -> list[Answer]:
        rows = [Row(entry["entry"], entry["id"], entry) for entry in finance_entries(was)]
        return [(Ref("payment", was.payment), rows, tuple(DemoFinance.covers["payment"]))]

    def _policy(self, at: datetime) -> list[Answer]:
        return [(Ref("policy", name), self._versions(name, at), (f"policy.{name}",)) for name in POLICIES
                if name in FAMILIES]  # fmt: skip

    def _versions(self, family: str, at: datetime) -> list[Row]:
        there = [(terms, text) for terms, text in self._documents if terms["kind"] == f"policy.{family}"]
        known = [one for one in there if date.fromisoformat(one[0]["in_force_from"]) <= (at + KNOWN_BEFORE).date()]
        url = str(self.sources["policy"].settings["base_url"]).rstrip("/")
        found = []
        for n, (terms, text) in enumerate(known):
            told = dict(terms)
            if n + 1 == len(known):
                told.pop("in_force_to", None)  # nobody knew yet that it would end
            markdown = rendered({"terms": json.dumps(told, ensure_ascii=False), "text": text})[0]  # type: ignore[arg-type]
            name, version = told["document"], told["version"]
            body = {"document": name, "version": version, "markdown": markdown}
            found.append(Row("policy", f"{name}@{version}", body, url=f"{url}/documents/{name}?version={version}"))
        return found
