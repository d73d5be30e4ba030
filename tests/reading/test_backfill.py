"""Backfill: the past, page by page, beside polling; stopped and gone on with at any instant."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from connectors.host.errors import BadBackfill
from connectors.host.models import Backfill, Source, SourceCursor
from connectors.host.selectors.reading import backfill_view
from connectors.host.services import (
    backfill_cancel,
    backfill_get,
    backfill_pause,
    backfill_resume,
    backfill_start,
    backfill_work,
    backfills_due,
    source_poll,
)
from connectors.host.services.backfills import work
from connectors.host.services.polling.pages import Pages
from connectors.sdk.testing import say
from tests.reading.conftest import log, save, texts
from tests.reading.notes import Book

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


def begin(rate: int = 6000) -> int:
    return backfill_start(source="notes", since=JANUARY, pages_a_minute=rate, by="Aino").pk


def now_due() -> None:
    Backfill.objects.filter(state__in=("waiting", "running")).update(due_at=timezone.now())


def run(id_: int, pieces: int = 50) -> Backfill:
    for _ in range(pieces):
        backfill_work(backfill_id=id_)
        now_due()
    return Backfill.objects.get(pk=id_)


def test_it_reads_all_pages_and_ends_where_the_source_has_no_more(notes: Source, book: Book) -> None:
    book.fill(7)
    done = run(begin(), 2)
    assert (done.state, done.pages, done.rows, done.new, done.cursor) == ("done", 4, 7, 7, "7")
    assert len(texts()) == 7 and "7 new facts" in log()[-1]


def test_it_ends_where_polling_began(notes: Source, book: Book, fast: None) -> None:
    book.fill(4)
    source_poll(name="notes")
    book.write("later", "a later note")
    done = run(begin(), 5)
    assert (done.state, done.rows) == ("done", 4)
    source_poll(name="notes")
    assert len(texts()) == 5 and SourceCursor.objects.get().cursor == "5"


def test_what_is_known_already_is_no_news(notes: Source, book: Book) -> None:
    source_poll(name="notes")
    book.fill(4)
    source_poll(name="notes")
    assert run(begin()).new == 0


def test_it_is_paused_between_two_pages_and_goes_on_behind_the_last(notes: Source, book: Book, fast: None) -> None:
    book.fill(6)
    id_ = begin()
    backfill_work(backfill_id=id_)
    backfill_pause(source="notes", by="Aino")
    now_due()
    assert (run(id_, 3).rows, backfills_due()) == (2, [])
    backfill_resume(source="notes", by="Aino")
    assert run(id_).state == "done" and book.asked == ["0", "2", "4", "6"]


def test_a_pause_while_a_page_is_on_its_way_drops_that_page(
    notes: Source, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.fill(6)
    id_ = begin()
    take = Pages.take

    def pausing(self: Pages) -> object:
        found = take(self)
        Backfill.objects.update(state="paused")
        return found

    monkeypatch.setattr(Pages, "take", pausing)
    assert backfill_work(backfill_id=id_) is False
    assert (texts(), Backfill.objects.get().rows, book.asked) == ({}, 0, ["0"])


def test_the_rate_is_kept(notes: Source, book: Book) -> None:
    book.fill(6)
    id_ = begin(rate=10)
    assert backfill_work(backfill_id=id_) is False
    row = Backfill.objects.get(pk=id_)
    assert row.due_at is not None
    assert (row.pages, round((row.due_at - timezone.now()).total_seconds())) == (1, 6)


def test_one_at_a_time_for_a_source(notes: Source) -> None:
    begin()
    with pytest.raises(BadBackfill, match="under way already"):
        begin()
    backfill_cancel(source="notes", by="Aino")
    begin()


def test_a_failure_is_told_with_its_reason_and_tried_again_later(notes: Source, book: Book, fast: None) -> None:
    book.fill(4)
    id_ = begin()
    backfill_work(backfill_id=id_)
    book.fails = [say(500, "no")] * 4
    now_due()
    assert backfill_work(backfill_id=id_) is False
    row = Backfill.objects.select_related("source").get(pk=id_)
    assert (row.failures, row.state, backfills_due()) == (1, "running", [])
    assert "It is tried again by itself" in backfill_view(row).sentence


def test_many_failures_in_a_row_pause_it_and_say_so(notes: Source, book: Book) -> None:
    id_ = begin()
    Backfill.objects.update(failures=work.MAX_FAILURES - 1)
    book.fails = [say(500, "no")] * 9
    backfill_work(backfill_id=id_)
    row = backfill_get(source="notes")
    assert row.state == "paused" and "10 times in a row. Nothing is lost" in row.reason
    book.fails = []
    book.fill(2)
    backfill_resume(source="notes")
    assert run(id_).state == "done" and len(texts()) == 2


def test_credentials_that_are_refused_pause_it_at_once(notes: Source, book: Book) -> None:
    id_ = begin()
    book.fails = [say(401, "who are you")] * 2
    backfill_work(backfill_id=id_)
    assert backfill_get(source="notes").state == "paused" and "reconnect" in log()[-1]


def test_a_source_that_asks_to_wait_is_not_polled_meanwhile_either(notes: Source, book: Book) -> None:
    id_ = begin()
    book.fails = [say(429, "slow down", {"Retry-After": "900"})]
    backfill_work(backfill_id=id_)
    poll, mine = SourceCursor.objects.get().due_at, Backfill.objects.get().due_at
    assert poll is not None and mine is not None
    assert min(poll, mine) > timezone.now() + timedelta(seconds=895)


def test_a_source_that_is_paused_has_its_backfill_waiting(notes: Source, book: Book) -> None:
    id_ = begin()
    Source.objects.update(paused=True)
    assert (backfills_due(), backfill_work(backfill_id=id_), book.server.asked) == ([], False, [])


def test_only_a_connector_that_can_find_a_time_is_backfilled(db: None, book: Book) -> None:
    save(book, "mute", "silent")
    with pytest.raises(BadBackfill, match=r"cursor_at"):
        backfill_start(source="mute", since=None)


@pytest.mark.parametrize("rate", [0, -1, 6001])
def test_a_rate_that_can_not_be_is_refused(notes: Source, rate: int) -> None:
    with pytest.raises(BadBackfill, match="pages_a_minute"):
        begin(rate)
