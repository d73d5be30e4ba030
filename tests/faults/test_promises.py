"""The clock of promises stands still over a due time, its worker is killed: told once, as soon as somebody works."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.house import House

pytestmark = pytest.mark.faults
STILL_S, LATE = 8.0, "commitment.late"


def promised(home: House, case: str, seconds: float) -> int:
    due = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    return int(home.api("POST", f"cases/{case}/commitments/", {"what": "Call back", "due_at": due})["id"])


def told(home: House, promise: int, kind: str = LATE) -> int:
    query = (
        "SELECT count(*) FROM cases_event e JOIN cases_eventpayload p ON p.event_id = e.id"
        " WHERE e.kind = %s AND (p.data ->> 'commitment')::bigint = %s"
    )
    return int(home.ask(query, kind, promise))


def alerts(home: House, promise: int) -> int:
    return int(home.ask("SELECT count(*) FROM cases_alert WHERE key = %s", f"promise.{promise}.late"))


def test_beat_is_stopped_over_a_due_time_and_the_owner_is_told_once_when_it_is_back(
    home: House, seconds: dict[str, float]
) -> None:
    case = home.api("POST", "cases/", {"question": "refund-status", "refs": ["order:P-1"]})["reference"]
    home.kill("beat")
    time.sleep(STILL_S)  # what it had rung for is done, or worthless by now
    promise = promised(home, case, 2)
    time.sleep(STILL_S)
    before = told(home, promise)
    home.start("beat")
    assert before == 0
    seconds["told after"] = home.wait(lambda: told(home, promise) == 1)
    time.sleep(4)
    assert (told(home, promise), alerts(home, promise)) == (1, 1)


def test_a_worker_is_killed_while_many_promises_fall_due_and_each_is_told_once(
    home: House, seconds: dict[str, float]
) -> None:
    case = home.api("POST", "cases/", {"question": "refund-status", "refs": ["order:P-2"]})["reference"]
    made = [promised(home, case, 6) for _ in range(12)]
    home.wait(lambda: sum(told(home, p) for p in made) > 0)
    home.kill("worker")
    home.start("worker")
    seconds["all told after"] = home.wait(lambda: all(told(home, p) for p in made))
    time.sleep(4)
    assert [(told(home, p), alerts(home, p)) for p in made] == [(1, 1)] * 12
