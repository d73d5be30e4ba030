"""However polls, backfills and pushes of the same rows mix, and wherever they are interrupted: the same facts."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.host.models import Backfill, Fact, Source, SourceCursor
from connectors.host.services import (
    backfill_start,
    backfill_work,
    facts_record,
    import_create,
    import_work,
    source_cursor_reset,
    source_poll,
)
from connectors.host.services.backfills import work as backfills
from connectors.host.services.imports import work as imports
from connectors.host.services.polling import polling
from connectors.sdk import Row
from tests.examples import examples
from tests.reading.conftest import save, state, texts
from tests.reading.notes import Book

names = itertools.count()
STEPS = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 4)), st.tuples(st.just("push"), st.integers(0, 4)),
    st.tuples(st.sampled_from(["poll", "backfill", "reset", "poll cut", "backfill cut"]), st.integers(0, 3)),
)  # fmt: skip


class Cut(BaseException):
    """The process ends here: nothing below may catch it."""


@contextmanager
def cut(module: object, name: str, after: int) -> Iterator[None]:
    """The process ends when this is called once more than ``after`` times, half of the times behind it."""
    real, calls = getattr(module, name), itertools.count()

    def cutting(*args: object, **kwargs: object) -> object:
        n = next(calls)
        if n == after:
            raise Cut
        result = real(*args, **kwargs)
        if n == after - 1 and after % 2:
            raise Cut
        return result

    setattr(module, name, cutting)
    try:
        yield
    except Cut:
        pass
    finally:
        setattr(module, name, real)


def do(step: str, n: int, source: Source, book: Book, backfill: int) -> None:
    note = f"n{n}"
    if step == "write":
        book.write(note, f"version {len(book.log)}")
    elif step == "push" and note in book.notes:
        facts_record(source=source, rows=[Row("note", note, book.notes[note])], how="push", started_at=timezone.now())
    elif step == "reset":
        read = int(state(source.name).cursor or 0)  # what lies between here and a later place is not read
        source_cursor_reset(name=source.name, cursor=str(min(n, read)), by="Aino")
    elif step.startswith("poll"):
        with cut(polling, "facts_record", n if "cut" in step else 999):
            source_poll(name=source.name)
    elif step.startswith("backfill"):
        Backfill.objects.update(due_at=None)
        with cut(backfills, "facts_record", n if "cut" in step else 999):
            backfill_work(backfill_id=backfill)


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12))
def test_any_mix_of_poll_push_and_backfill_ends_in_what_the_source_holds(
    db: None, book: Book, steps: list[tuple[str, int]]
) -> None:
    book.notes, book.log = {}, []
    source = save(book, f"notes-{next(names)}")
    SourceCursor.objects.filter(source=source).update(cursor="0")
    backfill = backfill_start(source=source.name, since=None, pages_a_minute=6000).pk
    for step, n in steps:
        do(step, n, source, book, backfill)
    do("poll", 0, source, book, backfill)
    for _ in range(20):
        do("backfill", 0, source, book, backfill)
    assert texts(source.name) == {id_: note["text"] for id_, note in book.notes.items()}
    assert Backfill.objects.get(pk=backfill).state == "done"
    versions = Fact.objects.filter(source=source).values_list("record__record_id", "payload__data__text")
    assert len(versions) == len(set(versions))


@settings(max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 3), max_size=4), size=st.integers(1, 4))
def test_an_import_may_be_interrupted_anywhere(db: None, book: Book, cuts: list[int], size: int) -> None:
    source = save(book, f"file-{next(names)}")
    text = "id,order,text\n" + "".join(f'n{n % 7},o1,"line\n{n}"\n' for n in range(11))
    made = import_create(
        source=source.name, name="notes.csv", data=iter([text.encode()]),
        mapping={"rows": {"type": "note", "id": "{id}"}},
    )  # fmt: skip
    before, imports.BATCH_LINES = imports.BATCH_LINES, size
    try:
        for after in cuts:
            with cut(imports, "facts_record_all", after):
                import_work(import_id=made.pk)
        while import_work(import_id=made.pk, seconds=0):
            pass
    finally:
        imports.BATCH_LINES = before
    made.refresh_from_db()
    assert (made.state, made.line, made.new) == ("done", 23, 11)
    assert texts(source.name) == {f"n{n % 7}": f"line\n{n}" for n in range(11)}
    assert Fact.objects.filter(source=source).count() == 11
