"""A process that stores facts and prints its memory in MiB: ``python -m tests.bench.remember FACTS AT AT``."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workspace.settings")
os.environ["DEBUG"] = ""  # Django keeps what it asked of the database where it debugs

import django  # noqa: E402

django.setup()

import psutil  # noqa: E402

from connectors.host import registry  # noqa: E402
from connectors.host.models import Source  # noqa: E402
from tests.bench.test_ingest import BATCH, Ledger, refunds, tell  # noqa: E402


def main(facts: int, at: set[int]) -> None:
    registry._discovered = lambda: ({"ledger": Ledger}, {})  # type: ignore[assignment]
    source = Source.objects.get(name="ledger")
    for stored in range(0, facts, BATCH):
        tell(source, refunds(stored + 10_000_000, BATCH))
        if stored + BATCH in at:
            print(psutil.Process().memory_info().rss // 2**20, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), set(map(int, sys.argv[2:])))
