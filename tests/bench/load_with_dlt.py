"""The same rows by dlt, merged by key; run by the Python of dlt's own environment: ``URL ROWS``. Prints seconds."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt  # noqa: E402

T0 = datetime(2026, 11, 9, 10, tzinfo=UTC)


def rows(count: int) -> list[dict[str, object]]:
    """What ingest keeps of a row: the fact, its references, and the row itself."""
    return [
        {"id": f"r{n}", "kind": "refund.paid", "occurred": T0 + timedelta(seconds=n % 80_000),
         "refs": [{"scheme": "order", "value": f"o{n // 3}"}, {"scheme": "refund", "value": f"r{n}"}],
         "data": {"amount": {"amount": f"{n % 90 + 1}.90", "currency": "EUR"}},
         "raw": {"id": f"r{n}", "order": f"o{n // 3}", "amount": f"{n % 90 + 1}.90", "currency": "EUR",
                 "state": "paid", "paid_at": str(n % 80_000), "method": "card", "last4": "4242"}}
        for n in range(count)
    ]  # fmt: skip


@dlt.resource(
    name="fact", write_disposition={"disposition": "merge", "strategy": "scd2"}, merge_key="id",
    columns={"data": {"data_type": "json"}, "raw": {"data_type": "json"}},
)  # fmt: skip
def facts(count: int) -> Iterator[list[dict[str, object]]]:
    """Versioned by dlt's own means: slowly changing dimensions of the second type."""
    for start in range(0, count, 1000):
        yield rows(count)[start : start + 1000] if count <= 1000 else ROWS[start : start + 1000]


ROWS: list[dict[str, object]] = []


def main(url: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        destination = dlt.destinations.postgres(url)
        pipeline = dlt.pipeline("bench", pipelines_dir=folder, destination=destination, dataset_name="dlt_bench")
        pipeline.run(facts(100))  # the schema is made before the clock runs
        ROWS.extend(rows(count))
        began = time.perf_counter()
        pipeline.run(facts(count))
        print(time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
