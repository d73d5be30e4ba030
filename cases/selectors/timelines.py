"""Pages of a case's timeline, on which earlier cases of the same customer scroll on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases import timeline as lines
from cases.errors import BadCursor, BadInput, CaseNotFound
from cases.fold import fold
from cases.kinds import QUIET
from cases.models import Case
from cases.selectors.case import case_evidence, case_view, question_title
from cases.selectors.memory import earlier_ids
from cases.selectors.rows import case_events, case_questions, case_refs, case_row
from cases.views import CaseView, TimelineEntry, TimelinePage
from connectors.host import selectors as host

MAX_PAGE = 200


def timeline(view: CaseView, *, domain: str = "", kind: str = "", cursor: str = "", limit: int = 50) -> TimelinePage:
    """One page of a view's timeline, newest first. Raises BadCursor, BadInput."""
    after = lines.cursor_read(cursor)[1] if cursor else None
    return lines.page(
        view.timeline, view.as_of, domain=domain, kind=kind, after=after, limit=limit_clean(limit), quiet=QUIET
    )


def timeline_page(
    *, case: Case | int | str, as_of: datetime | None = None, domain: str = "", kind: str = "", cursor: str = "",
    limit: int = 50, earlier: bool = False,
) -> TimelinePage:  # fmt: skip
    """The same without composing an answer. A cursor decides ``as_of``: every page shows one and the same moment.

    With ``earlier`` the customer's earlier cases follow the case's own entries, the latest first, each after a
    separator; facts that the case itself shows are not repeated. ``counts`` are of the case's own. Raises BadCursor,
    BadInput, CaseNotFound.
    """
    limit, after, place = limit_clean(limit), None, 0
    if cursor:
        as_of, after, place = lines.cursor_place(cursor)
    row = case_row(case)
    if as_of is not None:
        as_of, _ = host.moment(as_of)
    own, customer, as_of = _own(row, as_of)
    page = lines.page(
        own, as_of, domain=domain, kind=kind, after=None if place else after, limit=limit, quiet=QUIET
    )  # fmt: skip
    if not earlier or (page.next_cursor and not place):
        return page
    behind = earlier_ids(row, customer, as_of)
    if place and place not in behind:
        raise BadCursor("This cursor is not one of ours. Start again without it.", "cursor")
    rest = behind[behind.index(place) :] if place else behind
    shown = () if place else page.entries
    wanted = _Wanted(as_of, domain, kind, frozenset(e.id for e in own if e.type == "fact"))
    return _filled(page, shown, _behind(rest, after if place else None, wanted), limit)


def _own(row: Case, as_of: datetime | None) -> tuple[tuple[TimelineEntry, ...], int | None, datetime]:
    """A case's own entries, whose customer it was known to be, and the moment. That a review was asked for or signed is
    told by the reviews alone, to whoever may know."""
    asked = case_questions(row, as_of)
    found = case_evidence(asked[0], case_refs(row, as_of), as_of)
    events = case_events(row, found.as_of)
    told = [e for e in events if not e.kind.startswith("review.")]
    return lines.entries(found, told), fold(events).customer_id, found.as_of


@dataclass(frozen=True)
class _Wanted:
    """What a page takes of earlier cases. ``known`` are ids of entries that the case itself shows."""

    as_of: datetime
    domain: str
    kind: str
    known: frozenset[str]

    def __call__(self, entry: TimelineEntry) -> bool:
        if entry.id in self.known or (self.domain and entry.domain != self.domain):
            return False
        return entry.kind == self.kind if self.kind else entry.kind not in QUIET


Placed = tuple[lines.Key, int, TimelineEntry]


def _behind(cases: Sequence[int], start: lines.Key | None, wanted: _Wanted) -> Iterator[Placed]:
    """Entries of earlier cases with their places, after ``start`` in the first of them: each case a separator and what
    is wanted of it. The separator's key stands before all others of its case."""
    for id_ in cases:
        row = case_row(id_)
        mine = [e for e in _own(row, wanted.as_of)[0] if wanted(e)]
        if mine and start is None:
            title = question_title(case_questions(row, wanted.as_of)[0])
            yield (row.opened_at, "case", id_), id_, lines.separator(row.reference, title, row.opened_at)
        for entry in mine:
            if start is None or start[1] == "case" or lines.key(entry) < start:
                yield lines.key(entry), id_, replace(entry, case=row.reference)
        start = None


def _filled(page: TimelinePage, shown: Sequence[TimelineEntry], more: Iterator[Placed], limit: int) -> TimelinePage:
    """The page with what follows, up to its limit; its cursor says where to go on."""
    found = list(shown)
    place = (lines.key(found[-1]), 0) if found else None
    for key, id_, entry in more:
        if len(found) == limit and place is not None:
            return replace(page, entries=tuple(found), next_cursor=lines.cursor_make(page.as_of, *place))
        found.append(entry)
        place = (key, id_)
    return replace(page, entries=tuple(found), next_cursor=None)


def earlier_view(*, case: Case | int | str, before: str, as_of: datetime) -> tuple[CaseView, str | None] | None:
    """The customer's latest case before the one of the reference ``before`` (this case itself, or an earlier one), as
    it was at ``as_of``, and the reference to go on from; None where there is none. Raises CaseNotFound."""
    row = case_row(case)
    as_of, _ = host.moment(as_of)
    behind = earlier_ids(row, fold(case_events(row, as_of)).customer_id, as_of)
    if before != row.reference:
        if before not in map(str, behind):
            raise CaseNotFound(f"Case {before[:40]!r} is no earlier case of this customer.")
        behind = behind[behind.index(int(before)) + 1 :]
    if not behind:
        return None
    return case_view(case=behind[0], as_of=as_of), str(behind[0]) if len(behind) > 1 else None


def limit_clean(limit: object) -> int:
    """How many entries a page holds: 1 to 200. Raises BadInput."""
    try:
        number = int(str(limit))
    except ValueError:
        number = 0
    if not 1 <= number <= MAX_PAGE:
        raise BadInput(f"limit must be a number from 1 to {MAX_PAGE}.", "limit")
    return number
