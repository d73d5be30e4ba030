"""One asking of one source: its lookup, what it brought, and the check that says how it went. No database in here:
what is heard is stored by the writer, together with what other sources say at that moment."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils import timezone

from connectors.host.models import Source
from connectors.host.services.gathering import lanes
from connectors.host.services.gathering.opening import connector_open
from connectors.host.services.readings import row_fault, rows_checked
from connectors.host.services.recording import Asked, Batch, RefOutcome
from connectors.host.views import UNREAD
from connectors.sdk import Connector, Found, Ref, Row, SourceError, Unreadable
from connectors.sdk.calls import call
from connectors.sdk.secrets import told
from connectors.sdk.spans import Span, span
from connectors.sdk.transport import Place

log = logging.getLogger(__name__)
MAX_FOUND = 10_000
"""Of one lookup; a connector that never ends is not followed further."""
_SEVERITY = ("ok", "refused", "malformed", "unreachable")


@dataclass(frozen=True)
class Heard:
    """What one asking of one source brought; nothing of it is stored yet."""

    batch: Batch
    error: SourceError | None = None


@dataclass(frozen=True)
class Question:
    """One source, what it is asked about (ids and refs), and its place there, which is taken."""

    source: Source
    refs: Mapping[int, Ref]
    place: Place
    started_at: datetime
    """Since when its leases say that it is being asked."""
    late_after: datetime
    span: Span | None = None
    """Of the gathering that asks."""


def question_put(question: Question, then: Callable[[Heard | None], None]) -> bool:
    """Ask on the pool, on a thread that touches no database, and hand on what was heard (None where asking itself
    went wrong). False, at once, where the pool is full: nothing is asked then, and the place is given back."""
    if lanes.pool_submit(_ask, question, then):
        return True
    question.place.leave()
    return False


def _ask(question: Question, then: Callable[[Heard | None], None]) -> None:
    heard: Heard | None = None
    refs = [ref for _, ref in sorted(question.refs.items())]
    try:
        with question.place, span("ask", question.span, source=question.source.name, refs=len(refs)) as mark:
            heard = source_ask(
                source=question.source, refs=refs, started_at=question.started_at, late_after=question.late_after
            )
            mark.note(outcome=heard.batch.asked.outcome if heard.batch.asked else "", rows=len(heard.batch.rows))
            if heard.error is not None:
                raise heard.error  # the lane learns from it; what it said goes into the check
    except SourceError:
        pass
    except Exception:
        log.exception("Asking %s failed", question.source.name)
    finally:
        then(heard)


def source_ask(*, source: Source, refs: Sequence[Ref], started_at: datetime, late_after: datetime) -> Heard:
    """Ask one source about these refs. Never raises for what a source does: the error comes back beside what is to
    be recorded. After ``late_after`` the check is *late*."""
    found: list[Found] = []
    error: SourceError | None = None
    connector: Connector | None = None
    with call(source.source_limit_s) as this:
        try:
            connector = connector_open(source)
            for answer in islice(connector.lookup(list(refs)), MAX_FOUND):
                rows_checked(answer.rows)
                found.append(answer)
        except SourceError as problem:
            error = problem
        except Exception as problem:  # noqa: BLE001 an author's mistake is the source's failure, never ours
            log.exception("The connector of %s failed", source.name)
            error = Unreadable(
                f"{source.title} answered in a way that its connector can't read.",
                f"{type(problem).__name__}: {str(problem)[:500]}",
            )
    rows = [row for f in found for row in f.rows]
    outcomes = _outcomes(source, connector, refs, found, error)
    asked = Asked(
        took_ms=this.took_ms, late=timezone.now() > late_after, refs=tuple(outcomes),
        outcome=max((_worth(o.outcome) for o in outcomes), key=_SEVERITY.index, default="ok"),
        reason=error.sentence if error else "", detail=_detail(error),
    )  # fmt: skip
    return Heard(Batch(source, rows, "lookup", started_at, asked), error)


def _worth(outcome: str) -> str:
    return "ok" if outcome in ("found", "nothing") else outcome


def _detail(error: SourceError | None) -> str:
    if error is None:
        return ""
    body = f"\n{error.body}" if isinstance(error, Unreadable) and error.body else ""
    return error.detail + body


def _outcomes(
    source: Source, connector: Connector | None, refs: Sequence[Ref], found: Sequence[Found], error: SourceError | None
) -> list[RefOutcome]:
    """What is known of each ref: what was yielded, and for the rest why not."""
    by_ref: dict[Ref, list[Found]] = {}
    for f in found:
        by_ref.setdefault(f.ref, []).append(f)
    outcomes = []
    for ref in refs:
        answers = by_ref.get(ref)
        if answers:
            outcomes.append(_answered(source, connector, ref, answers))
        elif error is not None:
            covered = tuple(connector.covers.get(ref.scheme, ())) if connector and error.outcome == "nothing" else ()
            outcomes.append(RefOutcome(ref, error.outcome, error.outcome == "nothing", covered, error.sentence))
        else:
            outcomes.append(RefOutcome(ref, "malformed", reason=f"{source.title} gave no word about {ref}."))
    return outcomes


def _answered(source: Source, connector: Connector | None, ref: Ref, answers: Sequence[Found]) -> RefOutcome:
    rows: list[Row] = [row for f in answers for row in f.rows]
    kinds = [k for f in answers for k in (f.kinds if f.kinds is not None else ())]
    if connector and any(f.kinds is None for f in answers):
        kinds += connector.covers.get(ref.scheme, ())
    sound = [row for row in rows if not row_fault(row)]
    unread = len(sound) < len(rows)
    complete = all(f.complete for f in answers) and not unread
    said = UNREAD if unread else next((f.reason for f in answers if not f.complete and f.reason), "")
    reason = "" if complete else told(said) or f"{source.title} may not have shown everything about {ref}."
    return RefOutcome(
        ref, "found" if rows else "nothing", complete, tuple(dict.fromkeys(kinds)), reason,
        frozenset([(row.type, row.id) for row in sound]),
    )  # fmt: skip
