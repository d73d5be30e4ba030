"""The same rows by dlt, merged by key; run by the Python of dlt's own environment: ``URL ROWS``. Prints seconds."""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

import dlt

T0 = datetime(2026, 11, 9, 10, tzinfo=UTC)


def rows(count: int) -> list[dict[str, str]]:
    return [
        {"id": f"r{n}", "order": f"o{n // 3}", "amount": f"{n % 90 + 1}.90", "currency": "EUR", "state": "paid",
         "paid_at": (T0 + timedelta(seconds=n % 80_000)).isoformat(), "method": "card", "last4": "4242"}
        for n in range(count)
    ]  # fmt: skip


def main(url: str, count: int) -> None:
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            "bench", pipelines_dir=folder, destination=dlt.destinations.postgres(url), dataset_name="dlt_bench"
        )
        load = {"table_name": "refund", "write_disposition": "merge", "primary_key": "id"}
        pipeline.run(rows(100), **load)  # the schema is made before the clock runs
        began = time.perf_counter()
        pipeline.run(rows(count), **load)
        print(time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
