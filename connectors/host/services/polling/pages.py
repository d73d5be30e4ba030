"""The pages of a source's changes, asked for one at a time, behind those who look something up."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from connectors.host.errors import UnknownConnector
from connectors.host.models import Source
from connectors.host.services.gathering.lanes import CALLS_AT_ONCE, lane_of
from connectors.host.services.gathering.opening import connector_open
from connectors.host.services.readings import is_sound, rows_checked
from connectors.sdk import BadSettings, Connector, Page, SourceError, Unreadable
from connectors.sdk.calls import call

log = logging.getLogger(__name__)
GIVE_WAY_S = 3.0


@dataclass(frozen=True)
class Taken:
    """One page, when the request for it started (aware), and how long it took."""

    page: Page
    started_at: datetime
    took_ms: int


class Pages:
    """A place of the source's lane is held only while a page is on its way, never while it is stored."""

    def __init__(self, source: Source, cursor: str | None) -> None:
        self.source, self.cursor = source, cursor
        self.connector: Connector | None = None
        self._pages: Iterator[Page] | None = None
        self._started_at = timezone.now()
        self._requests = 0

    def take(self) -> Taken | None:
        """The next page, or None where there is no more. Raises SourceError, Busy and NotNow among them."""
        if self._pages is not None:
            give_way(self.source)
        before = timezone.now()
        with lane_of(self.source).admit(), call(self.source.source_limit_s) as this:
            try:
                page = next(self._opened(), None)
                if page is not None:
                    rows_checked(page.rows)
                    if not isinstance(page.cursor, str) or not is_sound(page.cursor):
                        raise TypeError("A page needs a cursor: a text that can be kept.")
            except SourceError:
                raise
            except UnknownConnector as error:
                raise BadSettings(str(error)) from None
            except Exception as error:  # an author's mistake is the source's failure, never ours
                log.exception("Reading the changes of %s failed", self.source.name)
                sentence = f"{self.source.title} sends changes that its connector can't read."
                raise Unreadable(sentence, f"{type(error).__name__}: {str(error)[:500]}") from None
        # A page that was cut from an earlier answer is as old as that answer.
        if this.requests or not self._requests:
            self._started_at = before
        self._requests += this.requests
        return None if page is None else Taken(page, self._started_at, this.took_ms)

    def _opened(self) -> Iterator[Page]:
        if self._pages is None:
            self.connector = connector_open(self.source)
            if not self.connector.can("changes"):
                raise BadSettings(f"{self.source.title} can't be polled: its connector has no changes().")
            self._pages = iter(self.connector.changes(self.cursor))
        return self._pages


def cursor_at(source: Source, since: datetime | None) -> str:
    """The cursor from which a source tells what is new since then. Raises SourceError."""
    with lane_of(source).admit(), call(source.source_limit_s):
        try:
            return connector_open(source).cursor_at(since)
        except SourceError:
            raise
        except Exception as error:
            log.exception("The connector of %s gave no cursor", source.name)
            sentence = f"The connector of {source.title} can't say where {since or 'the beginning'} is."
            raise BadSettings(sentence, f"{type(error).__name__}: {str(error)[:500]}") from None


def give_way(source: Source) -> None:
    """Wait a moment while about as many look something up at this source as may, in any process."""
    until = time.monotonic() + GIVE_WAY_S
    while _looking_up(source) >= CALLS_AT_ONCE - 1 and time.monotonic() < until:
        time.sleep(0.25)


def _looking_up(source: Source) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT holder) FROM host_lease WHERE source_id = %s AND expires_at > clock_timestamp()",
            [source.pk],
        )
        return int(cursor.fetchone()[0])
