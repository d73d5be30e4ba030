"""Whatever the order, the batches and the duplicates: the same current state, and the same past."""

import contextlib
import random
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connectors.host.models import Fact, FactHead, RawRow, Record
from connectors.host.selectors import evidence, moment
from connectors.host.services import Asked, Batch, RefOutcome, facts_record_all
from connectors.host.services.readings import Reading
from connectors.sdk import Ref, Row
from tests.database import TestDatabase
from tests.examples import examples
from tests.host.conftest import T0, make_source, row, says, tell

SEEDS = [Ref("order", f"o{n}") for n in range(3)]
a_few = settings(
    max_examples=examples(8), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@contextlib.contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _row(record: int, version: int, kinds: list[int], amount: int, undo: bool) -> Row:
    """One version of a record: some milestones, a holding, or an undoing, on the record's own order."""
    said = []
    for kind in kinds:
        name = ["refund.submitted", "refund.paid", "order.changed"][kind]
        data = {"status": f"s{amount}"} if kind == 2 else {"amount": {"amount": f"{amount}.00", "currency": "EUR"}}
        said.append(says(name, data=data, refs=[f"order:o{record}"]))
    return row(*said, id=f"r{record}", version=version, undone=["refund.submitted"] if undo and 0 not in kinds else [])


SAME = [_row(n, 7, [0, 2], 1, False) for n in (0, 1)]
MISSED = Asked(took_ms=1, refs=(RefOutcome(SEEDS[0], "nothing", True, ("refund.submitted", "refund.paid")),))

versions = st.builds(
    lambda *parts: parts,
    st.lists(st.sampled_from([0, 1, 2]), max_size=3, unique=True), st.integers(1, 3), st.booleans(),
)  # fmt: skip
histories = st.lists(st.tuples(st.integers(0, 2), versions), min_size=1, max_size=8).map(
    lambda found: [_row(record, n, *v) for n, (record, v) in enumerate(found)]
)


def state() -> list[tuple[str, str, str]]:
    found = [f for seed in SEEDS for f in evidence(seeds=[seed]).facts]
    return sorted((f.record_id, f.kind, str(f.data)) for f in found)


@given(histories, st.randoms(use_true_random=False), st.lists(st.integers(1, 4), min_size=12, max_size=12))
@a_few
def test_any_order_batching_and_duplication_ends_in_the_same_state(
    db: None, rows: list[Row], seed: random.Random, sizes: list[int]
) -> None:
    with undone():
        source = make_source("ordered", "ordered")
        for n, one in enumerate(rows):
            tell(source, one, after=n)
        wanted = state()
    with undone():
        source = make_source("ordered", "ordered")
        mixed = rows + seed.sample(rows, k=min(3, len(rows)))
        seed.shuffle(mixed)
        start = 0
        for n, size in enumerate(sizes):
            tell(source, *mixed[start : start + size], after=n, how=["poll", "push", "lookup"][n % 3])
            start += size
        tell(source, *mixed[start:], after=99)
        assert state() == wanted


def everything() -> tuple[list[object], ...]:
    """All that is stored of records and facts, but for ids, salts and our own times."""
    records = {r.pk: r for r in Record.objects.all()}
    heads = []
    for h in FactHead.objects.all():
        r = records[h.record_id]
        carried = (h.order_no, h.started_at) == (r.order_no, r.since)
        heads.append((r.record_id, h.kind, h.versions, h.order_no, r.started_at if carried else h.started_at,
                      h.fact and h.fact.version))  # fmt: skip
    facts = Fact.objects.values_list(
        "record__record_id",
        "kind",
        "version",
        "order_no",
        "started_at",
        "how",
        "closed_as",
        "payload__data",
        "raw__digest",
    )
    return (
        sorted([(r.record_id, r.order_no, r.started_at, sorted(r.misses.values())) for r in records.values()], key=str),
        sorted(heads, key=str), sorted(facts, key=str),
        sorted(RawRow.objects.values_list("record__record_id", "digest"), key=str),
    )  # fmt: skip


sayings = st.builds(lambda record, said: _row(record, 7, *said), st.integers(0, 1), versions)
tellings = st.lists(
    st.tuples(st.lists(st.one_of(sayings, st.sampled_from(SAME)), max_size=3), st.integers(0, 6), st.booleans()),
    min_size=2, max_size=9,
)  # fmt: skip


ALONE, WITH_HOLDING = _row(0, 7, [0], 1, False), _row(0, 7, [0, 2], 1, False)


@example([([ALONE], 1, False), ([WITH_HOLDING], 0, False), ([ALONE], 1, False)], "ledger")  # a late row's holding
@example([([ALONE], 1, False), ([WITH_HOLDING], 0, False), ([ALONE], 2, False)], "ledger")
@given(tellings, st.sampled_from(["ledger", "ordered"]))
@settings(a_few, max_examples=examples(8))
def test_the_short_way_for_a_row_that_comes_again_ends_as_the_long_way_does(
    db: None, told: list[tuple[list[Row], int, bool]], connector: str
) -> None:
    ends = []
    for mark in (Reading.mark, property(lambda _: "")):  # without a mark no row is known to be the same
        with undone(), mock.patch.object(Reading, "mark", mark):
            source = make_source(connector, connector)
            for rows, after, missed in told:
                tell(source, *rows, after=after, asked=MISSED if missed else None)
            ends.append(everything())
    assert ends[0] == ends[1]


@given(tellings)
@a_few
def test_many_batches_at_once_end_as_one_after_the_other_does(
    db: None, told: list[tuple[list[Row], int, bool]]
) -> None:
    ends = []
    for at_once in (False, True):
        with undone():
            source = make_source()
            batches = [Batch(source, rows, "poll", T0 + timedelta(seconds=after)) for rows, after, _ in told]
            for group in [batches] if at_once else [[b] for b in batches]:
                facts_record_all(group)
            ends.append(everything())
    assert ends[0] == ends[1]


@given(rows=histories)
@a_few
def test_every_view_of_the_past_stays_what_it_was(db: None, rows: list[Row]) -> None:
    with undone():
        source = make_source("ledger", "ledger")
        seen: list[tuple[datetime, list[tuple[int, str]]]] = []
        for n, one in enumerate(rows):
            tell(source, one, after=[5, 1, 9, 3][n % 4] + n)
            as_of, _ = moment()
            seen.append((as_of, [(f.id, str(f.data)) for s in SEEDS for f in evidence(seeds=[s], as_of=as_of).facts]))
        for as_of, then in seen:
            assert [(f.id, str(f.data)) for s in SEEDS for f in evidence(seeds=[s], as_of=as_of).facts] == then


def test_what_a_reader_could_not_see_yet_never_turns_up_in_its_past(committed_db: TestDatabase) -> None:
    """Two real connections: the slow writer ticks first and commits last; the quick one has to wait for it."""
    source = make_source()
    ticked, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            tell(source, row(says(amount="1.00"), id="slow"))
            ticked.set()
            finish.wait(10)
        connection.close()

    def quick() -> None:
        tell(source, row(says(amount="2.00"), id="quick"))
        connection.close()

    writers = [threading.Thread(target=slow), threading.Thread(target=quick)]
    writers[0].start()
    assert ticked.wait(10)
    writers[1].start()
    as_of, _ = moment()
    before = evidence(seeds=[SEEDS[1]], as_of=as_of).facts
    finish.set()
    for writer in writers:
        writer.join(10)
    assert before == evidence(seeds=[SEEDS[1]], as_of=as_of).facts == ()
    learned = dict(Fact.objects.values_list("record__record_id", "learned_at"))
    assert as_of < learned["slow"] < learned["quick"]


def test_a_cut_connection_leaves_no_half_written_fact(committed_db: TestDatabase) -> None:
    source = make_source()
    with pytest.raises(OperationalError), transaction.atomic():
        tell(source, row(says()))
        with committed_db.connect() as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        evidence(seeds=SEEDS)
    connection.close()
    assert Fact.objects.count() == 0
    assert tell(source, row(says())).new == 1
