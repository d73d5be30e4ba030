"""Everything that a case rests on, as rows with their digests and the way to the anchors: up to any moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cases.answers import cited
from cases.chain import payload_digest
from cases.ledger.bundle import ERASED, FORMAT, MASKED, NOTE, is_internal
from cases.models import Anchor, Case, Event, Statement
from cases.selectors.case import case_view
from cases.selectors.ledger.anchored import keys_known, signed_of
from cases.selectors.ledger.kinds import HEADS, STATEMENTS
from cases.selectors.rows import case_row
from cases.views import CaseView
from connectors.host.selectors import facts_learned
from connectors.host.services.digests import (
    CHECKS,
    CLOSINGS,
    FACTS,
    RAW_ROWS,
    Kind,
    content_digest,
    digest_proofs,
    plain,
    rows_by_ids,
)

Hide = Callable[[Any], Any]
"""What a reader may see of some content: itself where that is all of it."""
Entry = dict[str, Any]


@dataclass(frozen=True)
class _Asked:
    as_of: datetime
    notes: bool
    hide: Hide
    reviews: bool


def case_bundle(
    *, case: Case | int | str, as_of: datetime | None = None, notes: bool = True, hide: Hide = lambda given: given,
    reviews: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """A case up to ``as_of`` (default: now) in the shape of ``cases.ledger.bundle``, not signed yet.

    Without ``notes`` the words meant for colleagues are left out, without ``reviews`` those of reviewers; ``hide``
    masks what its reader may not see. All leave the digests, so that everything still verifies. Raises CaseNotFound
    and the host's BadMoment.
    """
    row = case_row(case)
    view = case_view(case=row, as_of=as_of)
    asked = _Asked(view.as_of, notes, hide, reviews)
    facts = _facts(view, asked)
    days: set[str] = set()
    body = {
        "format": FORMAT, "case": row.reference, "as_of": plain(view.as_of), "notes": notes,
        "events": _events(row, asked), "facts": facts,
        "raw_rows": _entries(RAW_ROWS, {f["row"]["raw_id"] for f in facts}, asked),
        "checks": _entries(CHECKS, _checks(view), asked),
        "statements": _entries(STATEMENTS, _statements(row, asked), asked),
        "heads": _heads(row, asked), "answer": hide(view.answer.content()),
    }  # fmt: skip
    for name in ("facts", "raw_rows", "checks", "statements", "heads"):
        days |= {p["day"] for entry in body[name] for p in (entry.get("proof"), entry.get("closing_proof")) if p}
    anchors = [signed_of(a).as_json() for a in Anchor.objects.filter(day__in=days).order_by("day")]
    keys = [{"id": id_, "public": public} for id_, public in sorted(keys_known().items())]
    return {**body, "anchors": anchors, "keys": keys}


def _events(row: Case, asked: _Asked) -> list[Entry]:
    rows = Event.objects.filter(case=row, at__lte=asked.as_of).order_by("seq").select_related("payload")
    return [_event(event, asked) for event in rows.iterator(500)]


def _event(event: Event, asked: _Asked) -> Entry:
    fixed = {
        "case": event.case_id, "seq": event.seq, "kind": event.kind, "actor": [event.actor_kind, event.actor],
        "at": plain(event.at), "prev_digest": event.prev_digest, "payload_digest": event.payload_digest,
    }  # fmt: skip
    entry: Entry = {"row": fixed, "digest": event.digest}
    payload = getattr(event, "payload", None)
    if payload is None or payload_digest(payload.salt, payload.data) != event.payload_digest:
        return {**entry, "left_out": ERASED}
    if event.kind.startswith("review.") and not asked.reviews:
        return {**entry, "left_out": NOTE}
    return entry | _content(payload.data, payload.salt, asked, internal=is_internal(event.kind))


def _content(data: Any, salt: str, asked: _Asked, *, internal: bool = False) -> Entry:
    """Content with its salt, or why it is left out; a masked one is told as far as its reader may see it."""
    if internal and not asked.notes:
        return {"left_out": NOTE}
    shown = asked.hide(data)
    return {"content": data, "salt": salt} if shown == data else {"left_out": MASKED, "shown": shown}


def _facts(view: CaseView, asked: _Asked) -> list[Entry]:
    matter = {r for r in (*view.evidence.refs, *view.refs) if r.is_matter}
    learned = facts_learned(refs=sorted(matter), until=asked.as_of)
    known = {f.id: f for f in (*learned, *view.evidence.facts, *view.evidence.superseded.values())}
    ids = {*known, *cited(view.answer)}
    proofs, closed = _proofs(FACTS, ids), _closings(ids, asked.as_of)
    found = []
    for row in rows_by_ids(FACTS, ids):
        fixed = {name: row[name] for name in ("id", *FACTS.fixed)}
        content = {"data": row["data"], "said": row["said"], "refs": row["refs"]}
        entry: Entry = {"row": fixed, "proof": proofs.get(row["id"]), **closed.get(row["id"], {})}
        if row["id"] in known:
            one = known[row["id"]]
            entry |= {"source": one.source, "record": asked.hide([one.record_type, one.record_id])}
        gone = row["salt"] is None or bool(FACTS.check and FACTS.check(row))
        found.append(entry | ({"left_out": ERASED} if gone else _content(content, row["salt"], asked)))
    return found


def _closings(ids: Iterable[int], as_of: datetime) -> dict[int, Entry]:
    until = plain(as_of)
    rows = [r for r in rows_by_ids(CLOSINGS, list(ids)) if r["superseded_at"] and r["superseded_at"] <= until]
    proofs = _proofs(CLOSINGS, [r["id"] for r in rows], {r["id"]: r["superseded_at"] for r in rows})
    return {r["id"]: {"closing": r, "closing_proof": proofs.get(r["id"])} for r in rows}


def _entries(kind: Kind, ids: Iterable[int], asked: _Asked) -> list[Entry]:
    """Rows of a kind whose salts stand in the digests of their days."""
    rows = rows_by_ids(kind, list(ids))
    proofs = _proofs(kind, [row["id"] for row in rows], {row["id"]: row[kind.at] for row in rows})
    found = []
    for row in rows:
        proof = proofs.get(row["id"])
        salt = proof.pop("salt") if proof else ""
        content = {name: row[name] for name in kind.content}
        entry: Entry = {"row": {name: row[name] for name in ("id", *kind.fixed)}, "proof": proof,
                        "content_digest": content_digest(salt, content) if proof else ""}  # fmt: skip
        if proof and kind.leaf(row, salt).hex() != proof["leaf"]:
            found.append({**entry, "content_digest": "", "left_out": ERASED})
        else:
            found.append(entry | _content(content, salt, asked))
    return found


def _proofs(kind: Kind, ids: Iterable[int], times: Mapping[int, str] | None = None) -> dict[int, Entry]:
    """By id; the day is that of ``times``, else of the row's own."""
    times = times or {row["id"]: row[kind.at] for row in rows_by_ids(kind, list(ids))}
    days: dict[date, list[int]] = {}
    for id_ in ids:
        days.setdefault(datetime.fromisoformat(times[id_]).astimezone(UTC).date(), []).append(id_)
    found: dict[int, Entry] = {}
    for day, mine in days.items():
        found |= digest_proofs(kind.name, day, mine)
    return found


def _checks(view: CaseView) -> set[int]:
    return {check.id for check in view.evidence.checks}


def _statements(row: Case, asked: _Asked) -> list[int]:
    return list(Statement.objects.filter(case=row, at__lte=asked.as_of).values_list("pk", flat=True))


def _heads(row: Case, asked: _Asked) -> list[Entry]:
    """What the chain ended with on each anchored day up to the moment's own, which has more than the bundle may."""
    last: dict[date, Entry] = {}
    rows = Event.objects.filter(case=row, at__lte=asked.as_of).order_by("seq")
    for seq, digest, at in rows.values_list("seq", "digest", "at"):
        last[at.astimezone(UTC).date()] = {"id": row.pk, "seq": seq, "digest": digest}
    found = []
    for day, head in last.items():
        proof = digest_proofs(HEADS.name, day, [row.pk]).get(row.pk)
        if proof and HEADS.leaf(head, "").hex() == proof["leaf"]:
            found.append({"row": head, "proof": proof})
    return found
