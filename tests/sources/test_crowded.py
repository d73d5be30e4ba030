"""Many people who ask slow sources at once: a few are served, the others are told at once, and pages stay free."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection
from django.test import Client

from connectors.sdk.testing import Server, hang
from tests.database import TestDatabase
from tests.sources.conftest import make, person


def test_forty_consoles_of_hung_sources_hold_no_more_than_a_few_threads(committed_db: TestDatabase) -> None:
    with Server(hang()) as slow:
        for n in range(4):
            make(f"s{n}", settings={"base_url": slow.url}, source_limit_s=1.0)
        ines = person("integrator")

        def press(n: int) -> tuple[float, str]:
            began, own = time.monotonic(), Client()
            own.cookies = ines.cookies
            page = own.post(f"/sources/s{n % 4}/console/", {"scheme": "return", "value": "R-1"})
            connection.close()
            return time.monotonic() - began, page.content.decode()

        with ThreadPoolExecutor(8) as web:
            found: list[Any] = list(web.map(press, range(40)))
    assert sum("Too many questions are under way" in text for _, text in found) >= 4
    assert sum("did not answer within 1 s" in text for _, text in found) >= 4
