"""The one door of ingest: ``facts_record``, and the same for several sources at once."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from django.db import transaction

from connectors.host.models import Source
from connectors.host.registry import connector_class
from connectors.host.services.batches import Asked, Batch, Recorded, RefOutcome
from connectors.host.services.plan import NEVER, Key, RecordState, Said, Version, apply_row, retract, row_key
from connectors.host.services.readings import Reading, rows_read
from connectors.host.services.store import saving
from connectors.host.services.store.known import Coming, Covering, Known, Raws, RecordKey, records_find, states_lock
from connectors.host.services.store.learning import Learned, learn
from connectors.host.services.store.tables import NewRows, Statement
from connectors.host.signals import facts_recorded
from connectors.host.views import UNREAD
from connectors.sdk import Connector, Ref, Row

__all__ = ["Asked", "Batch", "Recorded", "RefOutcome", "facts_record", "facts_record_all"]
MISSES_TO_RETRACT = 2
MANY = 200
NOTIFY_AT_MOST = 400
"""Refs in one NOTIFY, whose payload may have 8,000 bytes; a larger batch sends several."""


@dataclass
class _Work:
    """One batch while it is recorded."""

    batch: Batch
    readings: list[tuple[RecordKey, Key, Reading]]
    asked: Asked | None
    new: list[Version] = field(default_factory=list)
    closed: list[Version] = field(default_factory=list)
    retracted: int = 0

    def refs(self) -> set[Ref]:
        """Refs that this batch brings news of; for a lookup also those that only confirm."""
        found = {ref for v in self.new if v.said for ref in v.said.fact.refs}
        if self.asked and self.asked.refs:
            found |= {ref for *_, r in self.readings for w in r.words if isinstance(w, Said) for ref in w.fact.refs}
            found |= {o.ref for o in self.asked.refs}
        return found


def facts_record(
    *,
    source: Source,
    rows: Sequence[Row],
    how: str,
    started_at: datetime,
    asked: Asked | None = None,
    cursor: str | None = None,
    connector: Connector | None = None,
) -> Recorded:
    """Store what a source said: idempotent, in one transaction, in any order, from any door.

    ``started_at`` (aware) is when our request started, or when the delivery was made: for sources that do
    not order their versions it decides which word is the latest. ``asked`` becomes a Check, and a complete
    lookup in it that misses a record twice in a row retracts that record. ``cursor`` moves with the facts it
    covers, or not at all. Rows that can't be read are kept as malformed and never raise.
    """
    return facts_record_all([Batch(source, rows, how, started_at, asked, cursor, connector)])[0]


def facts_record_all(batches: Sequence[Batch], *, also: Sequence[Statement] = ()) -> list[Recorded]:
    """Several batches, of several sources, in one transaction: all are stored or none is. Gives one Recorded each.

    The batches take effect in the order given, and each is what ``facts_record`` would make of it. ``also`` are
    statements that run in the transaction, behind the last of its own; whoever gives some ends the transaction around
    it where it fails. However many batches there are, the number of statements is the same.
    """
    with _collecting_later(sum(len(batch.rows) for batch in batches)):
        works = [_work(batch) for batch in batches]
        with transaction.atomic(savepoint=not also):
            return _record(works, also)


@contextmanager
def _collecting_later(rows: int) -> Iterator[None]:
    """A large batch makes many objects and no cycles: looking for some in all the process has would be wasted."""
    if rows < MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _work(batch: Batch) -> _Work:
    connector = batch.connector or _reader(batch.source)
    readings = rows_read(connector, batch.rows)
    placed = [
        ((batch.source.pk, r.row.type, r.row.id), row_key(r.row, batch.started_at, connector.orders_versions), r)
        for r in readings
    ]
    placed.sort(key=lambda one: one[1])
    return _Work(batch, placed, _honest(batch.asked, readings) if batch.asked else None)


def _reader(source: Source) -> Connector:
    """A connector that can read rows but is given no way out."""
    cls = connector_class(source.connector)
    connector = cls.__new__(cls)
    settings = cls.Settings.model_construct(**{**source.settings, "zone": source.zone})
    Connector.__init__(connector, settings, None)  # type: ignore[arg-type]
    return connector


def _honest(asked: Asked, readings: list[Reading]) -> Asked:
    """The asking, complete only where every row that it found could be read: the others may say anything."""
    unread = {(reading.row.type, reading.row.id) for reading in readings if reading.problems}
    refs = tuple(
        replace(o, complete=False, reason=o.reason or UNREAD) if o.complete and o.rows & unread else o
        for o in asked.refs
    )
    return replace(asked, refs=refs)


def _record(works: Sequence[_Work], also: Sequence[Statement]) -> list[Recorded]:
    coming = _coming(works)
    known = records_find(coming, _coverings(works))
    states, raws = states_lock(known, {known.ids[name]: one for name, one in coming.items()})
    misses: dict[int, dict[str, int]] = {}
    for number, work in enumerate(works):
        _apply(work, coming, known, states, known.missing.get(number, {}), misses)
    unkept = sum(len(one.bodies) for name, one in coming.items() if not states[known.ids[name]].same) - len(raws)
    refs = [work.refs() for work in works]
    learned = learn(
        refs=set().union(*refs), closed=[v.id for w in works for v in w.closed if v.id],
        cursors={w.batch.source.pk: w.batch.cursor for w in works if w.batch.cursor is not None},
        raws=unkept, facts=sum(len(work.new) for work in works), checks=sum(work.asked is not None for work in works),
        tick=unkept > 0 or any(work.new or work.closed or work.asked or _problems(work) for work in works),
    )  # fmt: skip
    return _write(works, refs, known, states, raws, misses, learned, also)


def _coming(works: Sequence[_Work]) -> dict[RecordKey, Coming]:
    """What the rows of each record come to."""
    found: dict[RecordKey, Coming] = {}
    for work in works:
        before = set(found)
        for name, key, reading in work.readings:
            one = found.get(name)
            if one is None:
                newest = key if reading.speaks else None
                found[name] = Coming(newest, key, reading.mark, {reading.digest})
                continue
            if reading.speaks:
                one.newest = max(one.newest or key, key)
            one.earliest = NEVER if name in before else min(one.earliest, key)
            one.mark = ""
            one.bodies.add(reading.digest)
    return found


def _coverings(works: Sequence[_Work]) -> list[Covering]:
    return [
        Covering(number, work.batch.source.pk, o.ref, o.kinds, o.rows)
        for number, work in enumerate(works) if work.asked
        for o in work.asked.refs if o.complete and o.outcome in ("found", "nothing") and o.kinds
    ]  # fmt: skip


def _problems(work: _Work) -> list[tuple[RecordKey, Reading]]:
    return [(name, reading) for name, _, reading in work.readings if reading.problems]


def _apply(
    work: _Work, coming: Mapping[RecordKey, Coming], known: Known, states: dict[int, RecordState],
    missing: dict[int, set[int]], misses: dict[int, dict[str, int]],
) -> None:  # fmt: skip
    """What one batch does to the states of records, and to the counts of lookups in a row that missed them."""
    for name, key, reading in work.readings:
        state = states[known.ids[name]]
        if state.same:
            state.key = key
        elif reading.speaks:
            new, closed = len(state.new), len(state.closed)
            unclear = frozenset(kind for kind, _ in reading.problems)
            apply_row(state, reading.digest, reading.words, key, unclear, coming[name].mark)
            for version in state.new[new:]:
                version.how = work.batch.how
                work.new.append(version)
            work.closed += state.closed[closed:]
    pk, outcomes = work.batch.source.pk, work.asked.refs if work.asked else ()
    found = {known.ids[pk, *row] for o in outcomes for row in o.rows if (pk, *row) in known.ids}
    for record_id, refs in missing.items():
        if record_id not in found:
            _miss(work, states[record_id], refs)
            misses[record_id] = states[record_id].misses
    for record_id in found:
        if states[record_id].misses:
            states[record_id].misses = misses[record_id] = {}


def _miss(work: _Work, state: RecordState, refs: set[int]) -> None:
    """A complete lookup did not show this record; the second time in a row it is gone."""
    closed = len(state.closed)
    state.misses = {**state.misses, **{str(r): state.misses.get(str(r), 0) + 1 for r in refs}}
    if max(state.misses.values()) >= MISSES_TO_RETRACT and retract(state, work.batch.started_at):
        work.retracted += 1
        work.closed += state.closed[closed:]
        state.misses = {}


def _write(
    works: Sequence[_Work], refs: Sequence[set[Ref]], known: Known, states: dict[int, RecordState], raws: Raws,
    misses: dict[int, dict[str, int]], learned: Learned, also: Sequence[Statement],
) -> list[Recorded]:  # fmt: skip
    rows = NewRows()
    statements = saving.misses_save(misses)
    recorded = [_recorded(work, mine, learned) for work, mine in zip(works, refs, strict=True)]
    if learned.at is not None:
        named = [(known.ids[name], reading) for work in works for name, _, reading in work.readings]
        readings = [(id_, reading) for id_, reading in named if not states[id_].same]
        saving.raws_add(rows, readings, raws, learned.raw_ids, learned.at)
        owners = {known.ids[name]: work.batch.source for work in works for name, _, _ in work.readings}
        changed = [(state, owners[state.id]) for state in states.values() if state.new]
        saving.versions_add(rows, changed, raws, learned.fact_ids, learned.refs, learned.at)
        statements += saving.closings((v for w in works for v in w.closed), learned.at)
        _checks(works, recorded, rows, learned)
        statements += saving.hours_save(_counts(works, recorded, known, raws, learned.at), learned.at)
    statements += saving.heads_save(rows, states.values())
    rows.insert([*statements, *_announce(works, recorded), *also])
    return recorded


def _recorded(work: _Work, refs: set[Ref], learned: Learned) -> Recorded:
    closed = {ref_id for v in work.closed for ref_id in learned.closed_refs.get(v.id or 0, ())}
    mine = [(ref, learned.refs[ref]) for ref in refs]
    problems = {(name, r.digest, kind) for name, r in _problems(work) for kind, _ in r.problems}
    return Recorded(
        learned_at=learned.at, new=len(work.new), closed=len(work.closed), malformed=len(problems),
        retracted=work.retracted, ref_ids=sorted({id_ for _, id_ in mine} | closed),
        leads={id_: ref for ref, id_ in mine if ref.joins},
    )  # fmt: skip


def _checks(works: Sequence[_Work], recorded: Sequence[Recorded], rows: NewRows, learned: Learned) -> None:
    ids = iter(learned.check_ids)
    for work, one in zip(works, recorded, strict=True):
        if work.asked is not None and learned.at is not None:
            one.check_id = next(ids)
            b = work.batch
            saving.check_add(rows, one.check_id, b.source, work.asked, b.how, b.started_at, learned.refs, learned.at)


def _counts(
    works: Sequence[_Work], recorded: Sequence[Recorded], known: Known, raws: Raws, at: datetime
) -> dict[int, tuple[int, int]]:
    """New versions and newly malformed ones, by source id; the malformed are stored on the way."""
    problems = [
        (work.batch.source, raws[known.ids[name], reading.digest], kind, reason)
        for work in works for name, reading in _problems(work) for kind, reason in reading.problems
    ]  # fmt: skip
    malformed = Counter(saving.malformed_save(problems, at)) if problems else Counter()
    new: Counter[int] = Counter()
    for work in works:
        new[work.batch.source.pk] += len(work.new)
    return {id_: (new[id_], malformed[id_]) for id_ in new}


def _announce(works: Sequence[_Work], recorded: Sequence[Recorded]) -> list[Statement]:
    """Tell every web process (NOTIFY is part of the transaction) and, once after commit, the floors above."""
    told = [(w, r) for w, r in zip(works, recorded, strict=True) if w.new or w.closed or w.asked]
    payloads = []
    for work, one in told:
        for start in range(0, max(len(one.ref_ids), 1), NOTIFY_AT_MOST):
            refs = one.ref_ids[start : start + NOTIFY_AT_MOST]
            payloads.append({"source": work.batch.source.name, "refs": refs})
    if told:
        names = list(dict.fromkeys(work.batch.source.name for work, _ in told))
        ids = sorted({id_ for _, one in told for id_ in one.ref_ids})
        new = {id_ for work, one in told if not _confirmed(work) for id_ in one.ref_ids}
        send = partial(facts_recorded.send_robust, Source, sources=names, ref_ids=ids)
        transaction.on_commit(partial(send, confirmed=[id_ for id_ in ids if id_ not in new]))
    return saving.notices(payloads)


def _confirmed(work: _Work) -> bool:
    """Whether the source said what it had said before, and nothing else."""
    asked = work.asked
    said = asked is not None and asked.outcome == "ok" and all(o.outcome == "found" for o in asked.refs)
    return said and not work.new and not work.closed and not work.retracted
