"""read: facts that keep their schema, from the row alone."""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime
from types import FrameType
from typing import Any

from connectors.conformance.checking import check, fail, need
from connectors.conformance.subject import Subject, said
from connectors.sdk import Undone, kinds

_CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
_MODULES = ("time", "random", "_random", "socket", "_socket", "_uuid")


@check("facts-schema", "Every fact keeps the schema of its kind.")
def facts_schema(subject: Subject) -> None:
    need(subject.facts, "No recorded row says anything: record one that does.")
    for row, fact in subject.facts:
        why = kinds.problem(fact.kind, fact.data, fact.said)
        need(not why, f"{row.type} {row.id}: {why}")
        try:
            json.dumps(fact.data, allow_nan=False)
        except (TypeError, ValueError) as error:
            fail(f"{row.type} {row.id}: the data of {fact.kind} is not plain JSON: {error}.")


@check("facts-sentence", "Every fact has a sentence for the timeline.")
def facts_sentence(subject: Subject) -> None:
    for row, fact in subject.facts:
        text = kinds.sentence(fact.kind, fact.data, fact.said)
        need(text.strip() and "{" not in text and "None" not in text,
             f"{row.type} {row.id}: the sentence of {fact.kind} is {text!r:.80}: say it in words.")  # fmt: skip


@check("facts-refs", "Every fact has references, and each row can be found by one that joins.")
def facts_refs(subject: Subject) -> None:
    for row, fact in subject.facts:
        need(fact.refs, f"{row.type} {row.id}: {fact.kind} has no refs, so no case can ever find it.")
    for row in {id(r): r for r, _ in subject.facts}.values():
        refs = [ref for r, f in subject.facts if r is row for ref in f.refs]
        need(any(ref.joins for ref in refs) or any(ref.scheme == "policy" for ref in refs),
             f"{row.type} {row.id}: its refs only label ({', '.join(sorted({r.scheme for r in refs}))}): "
             "add the order, return, payment or refund that it belongs to.")  # fmt: skip


@check("facts-once", "One row says a kind once.")
def facts_once(subject: Subject) -> None:
    reader = subject.reader()
    for row in subject.rows:
        twice = [kind for kind, n in Counter(one.kind for one in said(reader, row)).items() if n > 1]
        need(not twice, f"{row.type} {row.id} says {', '.join(twice)} twice: yield a row for each record instead.")


@check("facts-undone", "What a row takes back is a kind that exists, and not said by the same row.")
def facts_undone(subject: Subject) -> None:
    reader = subject.reader()
    for row in subject.rows:
        for one in said(reader, row):
            sound = not isinstance(one, Undone) or one.kind in kinds.KINDS or not kinds.is_canonical_family(one.kind)
            need(sound, f"{row.type} {row.id}: Undone({one.kind!r}) names no known kind.")


@check("read-same-twice", "A row read twice says the same.")
def read_same_twice(subject: Subject) -> None:
    reader = subject.reader()
    for row in subject.rows:
        need(repr(said(reader, row)) == repr(said(reader, row)), f"Read twice, {row.type} {row.id} says two things: "
             "let read() use the row alone.")  # fmt: skip


@check("read-asks-nothing", "read() asks nobody.")
def read_asks_nothing(subject: Subject) -> None:
    reader = subject.reader()
    for row in subject.rows:
        said(reader, row)  # its way out fails the check by itself


@check("read-needs-no-lookup", "read() needs nothing that lookup left behind.")
def read_needs_no_lookup(subject: Subject) -> None:
    for row in subject.rows:
        said(subject.reader(), row)


@check("read-no-clock", "read() looks at no clock, no chance, no file and no network.")
def read_no_clock(subject: Subject) -> None:
    reader = subject.reader()
    for row in subject.rows:
        said(reader, row)  # zones and the like are loaded by now
        with _watched() as seen:
            said(reader, row)
        need(not seen, f"read() of {row.type} {row.id} calls {', '.join(sorted(seen))}: "
             "what it says must follow from the row alone.")  # fmt: skip


@check("read-body-unchanged", "read() leaves the row's body as it was.")
def read_body_unchanged(subject: Subject) -> None:
    reader = subject.reader()
    for row in subject.rows:
        before = deepcopy(row.body)
        said(reader, row)
        need(row.body == before, f"read() changes the body of {row.type} {row.id}: it is kept as evidence; copy it.")


@check("read-other-rows", "A row of another shape can't end the process.")
def read_other_rows(subject: Subject) -> None:
    reader = subject.reader()
    row = subject.rows[0]
    others: list[dict[str, Any]] = [{}, {"error": "no"}, dict.fromkeys(row.body), {key: [] for key in row.body}]
    for body in others:
        try:
            list(reader.read(type(row)(row.type, row.id, body, row.version)))
        except Exception:  # noqa: BLE001 kept as malformed, with the reason
            continue
        except BaseException as error:  # noqa: BLE001
            fail(f"read() of an unknown row raises {type(error).__name__}: raise a ValueError.")


@contextmanager
def _watched() -> Iterator[set[str]]:
    """The calls made inside that make an answer depend on more than its input."""
    seen: set[str] = set()
    before = sys.getprofile()

    def profile(frame: FrameType, event: str, called: Any) -> None:
        if event != "c_call":
            return
        name, owner = getattr(called, "__name__", ""), getattr(called, "__self__", None)
        kind = owner if isinstance(owner, type) else type(owner)
        if issubclass(kind, date) and ("datetime" if issubclass(kind, datetime) else "date", name) in _CLOCKS:
            seen.add(f"{kind.__name__}.{name}")
        module = getattr(called, "__module__", "") or getattr(kind, "__module__", "")
        if module in _MODULES or name in ("open", "urandom"):
            seen.add(f"{module}.{name}")

    collects = gc.isenabled()
    gc.disable()  # whoever listens to it may look at the clock
    sys.setprofile(profile)
    try:
        yield seen
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()


