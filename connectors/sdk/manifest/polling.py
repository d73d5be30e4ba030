"""What is new, for a manifest: by the time at which rows changed, or by a cursor that the source gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.sdk import paging
from connectors.sdk.errors import Unreadable
from connectors.sdk.manifest import reading, schema
from connectors.sdk.manifest.asking import ManifestConnector
from connectors.sdk.paging import ABSENT
from connectors.sdk.rows import Page

MOST_PAGES = 100_000
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class PollsByTime(ManifestConnector):
    """The cursor is the latest time at which a row changed, in UTC."""

    def changes(self, cursor: str | None) -> Iterator[Page]:
        spec = _spec(self.manifest)
        if cursor is None:
            yield Page((), self._now().isoformat())
            return
        newest = start = datetime.fromisoformat(cursor)
        since = self._write(spec, max(BEGINNING, self.reach_back(cursor)))
        last: datetime | None = None
        for sent, _ in self._pages(spec, {"cursor": since}, MOST_PAGES):
            for one in sent:
                changed = self._changed(spec, one)
                if changed and spec.oldest_first and last and changed < last:
                    raise Unreadable(f"{self.http.name} does not send its rows oldest first: set oldest_first = false.")
                last = changed or last
                newest = max(newest, changed) if changed else newest
            # A later page may hold an older row, unless the source says that it does not.
            yield Page(self._rows(spec.record, sent), (newest if spec.oldest_first else start).isoformat())
        if not spec.oldest_first:
            yield Page((), newest.isoformat())

    def cursor_at(self, since: datetime | None) -> str:
        return (since or BEGINNING).astimezone(UTC).isoformat()

    def _now(self) -> datetime:
        """The source's own clock, and ours where it is behind or the source does not say."""
        ours = datetime.now(UTC).replace(microsecond=0)
        answer = self.http.raw(*self._request(self.manifest.check, {}))
        try:
            theirs = parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return ours
        return min(ours, theirs)

    def _write(self, spec: schema.Changes, when: datetime) -> str:
        assert spec.updated is not None
        return reading.how(spec.updated, self.manifest.times).write(when, self.zone)

    def _changed(self, spec: schema.Changes, sent: Any) -> datetime | None:
        """When this row changed; never later than now, or one wrong clock would end the polling for good."""
        try:
            found = reading.moment(spec.updated, self.manifest.times, sent, self.zone)
        except (ValueError, AttributeError):
            return None
        if isinstance(found, date) and not isinstance(found, datetime):
            found = datetime(found.year, found.month, found.day, tzinfo=self.zone)
        return min(found.astimezone(UTC), datetime.now(UTC)) if found else None


class PollsByCursor(ManifestConnector):
    """The cursor is the source's own."""

    def changes(self, cursor: str | None) -> Iterator[Page]:
        spec = _spec(self.manifest)
        here, seen = spec.from_now if cursor is None else cursor, set[str]()
        while here not in seen:
            seen.add(here)
            path, params = self._request(spec, {"cursor": here})
            document = self.http.get(path, params)
            sent = paging.listed(document, spec.items, self.http.name)
            onward = paging.at(document, spec.cursor)
            if onward in (None, "", ABSENT):
                if sent or cursor is None:
                    raise Unreadable(f"{self.http.name} sent no cursor at {spec.cursor}.", f"none at {path}")
                onward = here
            here = str(onward)
            yield Page(() if cursor is None else self._rows(spec.record, sent), here)
            if cursor is None or not sent or (spec.more and paging.at(document, spec.more) is not True):
                return


class BackfillsByCursor(PollsByCursor):
    def cursor_at(self, since: datetime | None) -> str:
        """A cursor of the source's own can't be made for a time: everything is read again."""
        return _spec(self.manifest).from_start


def _spec(manifest: schema.Manifest) -> schema.Changes:
    assert manifest.changes is not None
    return manifest.changes
