"""Polling: on its schedule, in pieces, one at a time, behind those who look something up."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from connectors.host import errors
from connectors.host.models import Check, Lease, Source, SourceCursor
from connectors.host.selectors.reading import cursor_get
from connectors.host.services import source_cursor_reset, source_poll, source_poll_due, sources_due
from connectors.host.services.polling import pages, polling
from connectors.host.services.polling.alone import POLL
from connectors.host.services.refs import refs_intern
from connectors.sdk import Ref
from connectors.sdk.testing import say
from tests.database import TestDatabase
from tests.reading.conftest import log, save, state, texts
from tests.reading.notes import Book


def due_in() -> float:
    at = state().due_at
    assert at is not None
    return (at - timezone.now()).total_seconds()


def behind(book: Book, notes: int) -> None:
    """The source is polled for the first time; then this much is written."""
    assert source_poll(name="notes") == 0
    book.fill(notes)


def test_pages_are_read_to_the_end_and_only_the_last_proves_that_all_is_known(notes: Source, book: Book) -> None:
    behind(book, 5)
    before = Check.objects.count()
    assert source_poll(name="notes") == 5
    assert (state().cursor, Check.objects.count() - before) == ("5", 1)
    assert Check.objects.latest("id").outcome == "ok"


def test_the_next_poll_is_due_after_the_period_with_some_jitter(notes: Source) -> None:
    assert sources_due() == ["notes"]
    source_poll(name="notes")
    assert 53 < due_in() <= 60 and sources_due() == []
    assert state().moved_at is not None


def test_a_source_that_is_paused_is_not_polled(notes: Source, book: Book) -> None:
    Source.objects.update(paused=True)
    assert (sources_due(), source_poll(name="notes"), book.asked) == ([], 0, [])


def test_a_pause_stops_a_poll_at_its_next_page(notes: Source, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    behind(book, 6)
    take = pages.Pages.take

    def pausing(self: pages.Pages) -> pages.Taken | None:
        if len(book.asked) == 3:
            Source.objects.update(paused=True)
        return take(self)

    monkeypatch.setattr(pages.Pages, "take", pausing)
    source_poll(name="notes")
    assert state().cursor == "2" and len(texts()) == 2


def test_a_long_poll_is_cut_into_pieces_that_go_on_at_once(
    notes: Source, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind(book, 6)
    SourceCursor.objects.update(due_at=None)
    before = Check.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(polling, "PIECE_S", 0.0)
        assert [source_poll_due(name="notes") for _ in range(2)] == [True, True]
    assert (len(texts()), Check.objects.count()) == (4, before)
    assert source_poll_due(name="notes") is False
    assert (len(texts()), Check.objects.count()) == (6, before + 1)


def test_a_failure_backs_off_and_keeps_what_came_before_it(notes: Source, book: Book) -> None:
    behind(book, 4)
    book.fails = [say(200, {"rows": [book.notes["n0"], book.notes["n1"]], "cursor": 2, "more": True})]
    book.fails += [say(500, "no")] * 4
    source_poll(name="notes")
    assert (state().cursor, len(texts()), state().failures) == ("2", 2, 1)
    assert 45 < due_in() <= 60
    assert Check.objects.latest("id").outcome == "unreachable"


def test_a_source_that_asks_to_wait_is_left_alone_that_long_by_every_process(notes: Source, book: Book) -> None:
    behind(book, 2)
    book.fails = [say(429, "slow down", {"Retry-After": "900"})]
    source_poll(name="notes")
    assert 899 < due_in() <= 991
    assert cursor_get(notes).failures == 1 and cursor_get(notes).next_at == state().due_at


def test_two_polls_of_one_source_never_run_at_once(committed_db: TestDatabase, book: Book) -> None:
    source = save(book)
    with committed_db.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [POLL, source.pk])
        assert source_poll(name="notes") == 0 and book.asked == []
    source_poll(name="notes")
    assert book.asked == ["now"]


def test_the_cursor_is_set_by_hand_and_the_log_says_who_did_it(notes: Source, book: Book) -> None:
    behind(book, 3)
    source_poll(name="notes")
    source_cursor_reset(name="notes", cursor="1", by="Aino")
    assert state().cursor == "1" and sources_due() == ["notes"]
    source_poll(name="notes")
    assert (state().cursor, len(texts())) == ("3", 3)
    assert log()[-1] == "Cursor set from '3' to '1'."


def test_the_cursor_can_be_set_to_a_time(notes: Source, book: Book) -> None:
    book.fill(3)
    source_cursor_reset(name="notes", cursor=datetime(2026, 1, 1, tzinfo=UTC), by="Aino")
    assert source_poll(name="notes") == 3
    with pytest.raises(errors.BadMoment):
        source_cursor_reset(name="notes", cursor=timezone.now() + timedelta(days=1), by="Aino")


def test_a_reset_in_the_middle_of_a_poll_is_not_overwritten(
    notes: Source, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind(book, 6)
    take = pages.Pages.take

    def resetting(self: pages.Pages) -> pages.Taken | None:
        if len(book.asked) == 3:
            source_cursor_reset(name="notes", cursor="0", by="Aino")
        return take(self)

    with monkeypatch.context() as patch:
        patch.setattr(pages.Pages, "take", resetting)
        source_poll(name="notes")
    assert state().cursor == "0"
    source_poll(name="notes")
    assert (state().cursor, len(texts())) == ("6", 6)


@pytest.mark.alone
def test_reading_on_gives_way_while_many_look_something_up(
    notes: Source, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "GIVE_WAY_S", 0.3)
    now = timezone.now()
    for n, id_ in enumerate(refs_intern([Ref("order", str(n)) for n in range(3)]).values()):
        Lease.objects.create(
            source=notes, ref_id=id_, holder=str(n), started_at=now, expires_at=now + timedelta(seconds=9)
        )
    before = timezone.now()
    pages.give_way(notes)
    assert (timezone.now() - before).total_seconds() >= 0.3
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM host_lease")
    before = timezone.now()
    pages.give_way(notes)
    assert (timezone.now() - before).total_seconds() < 0.2
