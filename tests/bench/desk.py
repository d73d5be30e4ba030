"""A process that works with one database and says how long each thing took: ``python -m tests.bench.desk FACTS URL``.

It prints its sources' ids and its user's, then reads lines ``name number`` and answers each with the seconds that the
work took when it came first, and the least when it came thrice again (for what can be done only once, the same).
"""

import base64
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

SECRET = "whsec_" + base64.b64encode(b"t" * 32).decode()
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workspace.settings")
    os.environ |= {"DEBUG": "", "TALLY_HOOK": SECRET}  # Django keeps what it asked of the database where it debugs

    import django

    django.setup()

import requests  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402

from cases.actors import Actor  # noqa: E402
from cases.models import Case  # noqa: E402
from cases.selectors import case_view, search, timeline_page  # noqa: E402
from cases.services import case_open  # noqa: E402
from connectors.host import registry  # noqa: E402
from connectors.host.models import Source  # noqa: E402
from connectors.host.selectors import (  # noqa: E402
    age_series,
    deliveries_counts,
    deliveries_list,
    evidence,
    malformed_list,
    moment,
    source_log,
    sources_health,
)
from connectors.host.selectors.uses import ref_lately_found  # noqa: E402
from connectors.host.services import deliveries_work, delivery_store, gather, source_poll, source_save  # noqa: E402
from connectors.sdk import Connector, Fact, Ref, Row, StandardWebhooks  # noqa: E402
from tests.bench.mass import FIRST, PER_ORDER  # noqa: E402
from tests.bench.test_ingest import BATCH, Ledger, refunds, tell  # noqa: E402
from tests.faults.tally import Tally  # noqa: E402

Work = Callable[[], object]
TERMS = {"document": "RF-12", "title": "Refunds", "version": "1", "zone": "Europe/Helsinki", "refund_days": 3,
         "in_force_from": "2024-01-01", "applies_from": "order.placed", "bank_days": {"card": [5, 10]}}  # fmt: skip


class Shelf(Ledger):
    """Whose facts are stored in mass; it is not asked."""

    accepts = ()


class Book(Connector):
    """What the answers' rules are read from."""

    title, domain, accepts = "Book", "policy", ("policy",)

    def check(self) -> str:
        return "It works."

    def read(self, row: Row) -> Iterator[Fact]:
        yield Fact("policy.refunds", row.body, [Ref("policy", "refunds")])


CONNECTORS: dict[str, type[Connector]] = {"ledger": Shelf, "tally": Tally, "book": Book}
PLACES = 64
"""So many orders, spread over all that is stored, take turns."""
PUSHED = 100


class Desk:
    def __init__(self, facts: int, url: str) -> None:
        self.facts, self.url = facts, url
        registry._discovered = lambda: (CONNECTORS, {})  # type: ignore[assignment]
        nowhere = "http://127.0.0.1:1"
        self.sources = [self._source(f"ledger-{n}", "ledger", nowhere, poll_s=60.0 if n else None) for n in range(4)]
        tell(self._source("book", "book", nowhere), [Row("document", "RF-12", TERMS)])
        self._source("tally", "tally", url, poll_s=60.0)
        self._source("pushed", "tally", url, webhook_secret="env:TALLY_HOOK")
        self.user, _ = get_user_model().objects.get_or_create(username="bench")
        self._cases: dict[int, Case] = {}
        self._told = 0

    def _source(self, name: str, connector: str, url: str, poll_s: float | None = None, **more: str) -> Source:
        settings = {"base_url": url, "internal": True, **more}
        return source_save(name=name, title=name.title(), connector=connector, domain="finance", freshness_s=60,
                           poll_s=poll_s, settings=settings)  # fmt: skip

    def _order(self, number: int) -> Ref:
        at = FIRST + self.facts * (number % PLACES) // PLACES // PER_ORDER * PER_ORDER
        return Ref("order", f"q{at}")

    def _case(self, number: int) -> Case:
        place = number % PLACES
        if place not in self._cases:
            ref = self._order(place)
            self._cases[place] = case_open(
                question="refund-status", refs=[ref], actor=Actor.rule("bench"), owner=self.user
            )
        return self._cases[place]

    # -- each gives the work whose time is taken; what comes before it is not -----------------------------

    def do_ingest_of_a_batch(self, number: int) -> Work:
        rows = refunds(number * BATCH, BATCH)
        return lambda: tell(self.sources[0], rows)

    def do_replay_of_a_batch(self, number: int) -> Work:
        return self.do_ingest_of_a_batch(number)

    def do_poll_step_with_100_rows(self, number: int) -> Work:
        requests.post(f"{self.url}/grow", json={"rows": 100}, timeout=5).raise_for_status()
        return self._poll

    def do_poll_step_without_news(self, number: int) -> Work:
        return self._poll

    def _poll(self) -> None:
        source_poll(name="tally")

    def do_deliveries_kept_and_read(self, number: int) -> Work:
        bodies = []
        for n in range(number * PUSHED, (number + 1) * PUSHED, 10):
            body = json.dumps({"rows": [{"n": 10_000_000 + n + i} for i in range(10)]}).encode()
            bodies.append((StandardWebhooks().sign(f"key-{n}", datetime.now(UTC), body, [SECRET]), body))

        def work() -> None:
            for headers, body in bodies:
                delivery_store(source="pushed", headers={k.lower(): v for k, v in headers.items()}, body=body)
            assert deliveries_work() == len(bodies)

        return work

    def do_gathering_of_a_matter(self, number: int) -> Work:
        refs = [self._order(number)]

        def work() -> None:
            asking = gather(seeds=refs, force=True)
            assert asking.wait_told(10)
            assert asking.asked == 2 and not asking.rejected

        return work

    def do_evidence_of_a_matter(self, number: int) -> Work:
        def work() -> None:
            assert len(evidence(seeds=[self._order(number)]).facts) == 18

        return work

    def do_evidence_as_of_a_past_day(self, number: int) -> Work:
        past = moment()[1] - timedelta(days=3)
        return lambda: evidence(seeds=[self._order(number)], as_of=past)

    def do_timeline_of_a_case(self, number: int) -> Work:
        case = self._case(number)
        return lambda: timeline_page(case=case)

    def do_page_of_a_case(self, number: int) -> Work:
        case = self._case(number)
        return lambda: case_view(case=case)

    def do_health_of_all_sources(self, number: int) -> Work:
        return sources_health

    def do_rest_of_a_sources_page(self, number: int) -> Work:
        name = f"ledger-{number % 4}"

        def work() -> None:
            age_series(name)
            source_log(name)
            malformed_list(source=name, limit=5)
            deliveries_counts(source=name)
            deliveries_list(source=name, limit=8)
            ref_lately_found(name)

        return work

    def do_search_by_ref(self, number: int) -> Work:
        return lambda: search(self._order(number).value)

    def do_search_by_the_beginning_of_a_ref(self, number: int) -> Work:
        return lambda: search(self._order(number).value[:6])


ONCE = ("ingest_of_a_batch", "poll_step_with_100_rows", "deliveries_kept_and_read")
NAMES = tuple(name.removeprefix("do_") for name in vars(Desk) if name.startswith("do_"))


def main() -> None:
    desk = Desk(int(sys.argv[1]), sys.argv[2])
    print(json.dumps([[source.pk for source in desk.sources], desk.user.pk]), flush=True)
    for line in sys.stdin:
        name, number = line.split()
        work = getattr(desk, f"do_{name}")(int(number))
        took = []
        for _ in range(1 if name in ONCE else 4):
            began = time.perf_counter()
            work()
            took.append(time.perf_counter() - began)
        print(took[0], min(took[1:] or took), flush=True)


if __name__ == "__main__":
    main()
