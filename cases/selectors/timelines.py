"""Pages of a case's timeline."""

from __future__ import annotations

from datetime import datetime

from cases import timeline as lines
from cases.errors import BadInput
from cases.kinds import QUIET
from cases.models import Case
from cases.selectors.case import case_evidence
from cases.selectors.rows import case_events, case_questions, case_refs, case_row
from cases.views import CaseView, TimelinePage
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
    limit: int = 50,
) -> TimelinePage:  # fmt: skip
    """The same without composing an answer. A cursor decides ``as_of``: every page shows one and the same moment."""
    after = None
    if cursor:
        as_of, after = lines.cursor_read(cursor)
    row = case_row(case)
    if as_of is not None:
        as_of, _ = host.moment(as_of)
    asked = case_questions(row, as_of)
    found = case_evidence(asked[0], case_refs(row, as_of), as_of)
    entries = lines.entries(found, case_events(row, found.as_of))
    return lines.page(
        entries, found.as_of, domain=domain, kind=kind, after=after, limit=limit_clean(limit), quiet=QUIET
    )


def limit_clean(limit: object) -> int:
    """How many entries a page holds: 1 to 200. Raises BadInput."""
    try:
        number = int(str(limit))
    except ValueError:
        number = 0
    if not 1 <= number <= MAX_PAGE:
        raise BadInput(f"limit must be a number from 1 to {MAX_PAGE}.", "limit")
    return number
