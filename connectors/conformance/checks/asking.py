"""lookup: one answer per reference, the same twice, and sound whatever the reference or the page holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connectors.conformance.checking import NotHere, check, fail, need
from connectors.conformance.servers import Change, Replay, fields_added, pages_doubled, pages_emptied
from connectors.conformance.subject import Outcome, Subject, ask, said
from connectors.sdk import Fact, Ref, SourceError
from connectors.sdk.kinds import KINDS, is_canonical_family
from connectors.sdk.testing import Asked, Server, say

TAILS = ("+x", "/../x", " x", "?a=b&c=d#e", "%2e%2e%2f", "ä☃🎁", "{0}")
"""Put at the end of a reference that the recordings know."""


@check("lookup-found", "Every ref of the ledger is answered over the recordings, and one at least has rows.")
def lookup_found(subject: Subject) -> None:
    need(subject.telling, "Record a ref that the source knows.")


@check("lookup-one-each", "lookup yields one Found for each ref that was asked, and for no other.")
def lookup_one_each(subject: Subject) -> None:
    refs = [one for one in subject.refs if subject.found]  # what can't be asked one by one is told once
    with subject.opened() as connector:
        outcome = ask(connector, refs)
    if outcome.error:
        fail(f"lookup of all refs at once ends in {type(outcome.error).__name__}: {outcome.error}")
    got = [one.ref for one in outcome.found]
    for ref in refs:
        need(got.count(ref) == 1, f"lookup yields {got.count(ref)} Found for {ref}: yield one for each ref asked.")
    stray = sorted(map(str, set(got) - set(refs)))
    need(not stray, f"lookup yields a Found for {', '.join(stray)}, which nobody asked about: use the ref as given.")


@check("lookup-same-twice", "The same question brings the same rows and facts, so recording them twice does nothing.")
def lookup_same_twice(subject: Subject) -> None:
    first, again = _told(subject), _told(subject)
    for ref in first:
        need(first[ref][0] == again[ref][0], f"Asked twice about {ref}, the rows differ: "
             "take type, id, body and version from the source alone.")  # fmt: skip
        need(first[ref][1] == again[ref][1], f"Asked twice about {ref}, the facts differ: read from the row alone.")


@check("lookup-rows", "Every row has a type, an id and a body that the host can keep.")
def lookup_rows(subject: Subject) -> None:
    for row in subject.rows:
        for name, text, limit in (("type", row.type, 100), ("id", row.id, 300), ("url", row.url, 2000)):
            need(isinstance(text, str) and len(text) <= limit and "\0" not in text and (text or name == "url"),
                 f"A row's {name} is {text!r:.60}: it must be a text of up to {limit} characters.")  # fmt: skip
        need(isinstance(row.body, dict), f"The body of {row.type} {row.id} must be an object, as the source sent it.")
        need(row.version is not None or not subject.cls.orders_versions,
             f"orders_versions is True, but {row.type} {row.id} has no version.")  # fmt: skip


@check("lookup-distinct", "Two rows of one answer are never the same record with different contents.")
def lookup_distinct(subject: Subject) -> None:
    for one in subject.found:
        seen: dict[tuple[str, str], Any] = {}
        for row in one.rows:
            before = seen.setdefault((row.type, row.id), (row.body, row.version))
            need(before == (row.body, row.version) or row.version is not None,
                 f"{row.type} {row.id} comes twice with different contents: give each record its own id.")  # fmt: skip


@check("lookup-covers", "What a lookup says it covers are kinds that exist, and recordings show one of them.")
def lookup_covers(subject: Subject) -> None:
    covered = {kind for kinds in subject.cls.covers.values() for kind in kinds}
    for one in subject.found:
        kinds = one.kinds if one.kinds is not None else subject.cls.covers.get(one.ref.scheme, ())
        covered |= set(kinds)
        unknown = [k for k in kinds if k not in KINDS and ("." not in k or is_canonical_family(k))]
        need(not unknown, f"The Found for {one.ref} covers {', '.join(unknown)}, which is no known kind.")
    if not covered:
        raise NotHere("It covers nothing: nothing is ever told as absent because of it.")
    shown = {fact.kind for _, fact in subject.facts}
    need(shown & covered, "No recording holds a fact of a kind in covers: record one, or correct covers.")


@check("lookup-incomplete", "Where an answer is not complete, it says why.")
def lookup_incomplete(subject: Subject) -> None:
    for one in subject.found:
        need(one.complete or one.reason.strip(), f"Found({one.ref}, complete=False) needs a reason for the rep.")


@check("lookup-ref-values", "A ref with +, /, a space or an emoji reaches the source whole, and stays in its place.",
       http=True)  # fmt: skip
def lookup_ref_values(subject: Subject) -> None:
    for ref in subject.telling:
        plain = list(_places(_asked_about(subject, ref), ref.value))
        for tail in TAILS:
            other = Ref(ref.scheme, ref.value + tail)
            requests = _asked_about(subject, other)
            shape = [request.raw_path.count("/") for request in requests][:1]
            before = [place[0] for place in plain][:1]
            if not plain or not requests:
                continue
            need(shape == before, f"A ref that ends in {tail!r} changes the path to {requests[0].raw_path!r}: "
                 'use self.http.path("/orders/{number}", number=ref.value).')  # fmt: skip
            whole = any(True for _ in _places(requests, other.value))
            need(whole, f"A ref that ends in {tail!r} does not reach the source whole: {requests[0].target!r}. "
                 "Put it into paths with self.http.path, and into queries with params.")  # fmt: skip


@check("lookup-empty-page", "An empty page is an answer.", http=True)
def lookup_empty_page(subject: Subject) -> None:
    for outcome in _bent(subject, pages_emptied):
        _no_crash(outcome, "the lists of an answer are empty")


@check("lookup-duplicate-rows", "A record told twice in one answer changes nothing.", http=True)
def lookup_duplicate_rows(subject: Subject) -> None:
    before = {(row.type, row.id) for one in subject.found for row in one.rows}
    after = set()
    for outcome in _bent(subject, pages_doubled):
        _no_crash(outcome, "a record is told twice")
        after |= {(row.type, row.id) for one in outcome.found for row in one.rows}
    need(after <= before, "Records told twice become other rows: make a row's id from the source's id alone.")


@check("lookup-new-field", "A field that nobody knows changes no fact.", http=True)
def lookup_new_field(subject: Subject) -> None:
    known = {(row.type, row.id) for row in subject.rows}
    for outcome in _bent(subject, fields_added):
        _no_crash(outcome, "the source adds a field")
        need(all("zz_new" not in repr(f.data) for one in outcome.found for row in one.rows
                 for f in said(subject.reader(), row) if isinstance(f, Fact)),
             "A new field in the source's answers turns up in facts: take known fields, one by one.")  # fmt: skip
        stray = {(row.type, row.id) for one in outcome.found for row in one.rows} - known
        need(not stray, "A new field in the source's answers makes other rows.")


def _told(subject: Subject) -> dict[Ref, tuple[str, str]]:
    """Rows and facts of each ref as text, wherever the recordings are served."""
    told = {}
    with subject.opened() as connector:
        for ref in subject.refs:
            rows = [row for one in ask(connector, [ref]).found for row in one.rows]
            facts = [said(connector, row) for row in rows]
            here = str(connector.settings.base_url)
            told[ref] = (repr(rows).replace(here, ""), repr(facts).replace(here, ""))
    return told


def _bent(subject: Subject, change: Change) -> Iterator[Outcome]:
    for ref in subject.telling:
        with Replay(subject.recordings, change=change) as server:
            yield ask(subject.connector(server.url), [ref])


def _no_crash(outcome: Outcome, when: str) -> None:
    error = outcome.error
    if error is not None and not isinstance(error, SourceError):
        fail(f"When {when}, lookup raises {type(error).__name__}: {error}. Answer with no rows, or raise Unreadable.")


def _asked_about(subject: Subject, ref: Ref) -> list[Asked]:
    """What a source that knows nothing is asked about a ref."""
    with Server(say(404, {"error": "There is none."})) as server:
        outcome = ask(subject.connector(server.url), [ref])
    _no_crash(outcome, f"it is asked about {ref}")
    return list(server.asked)


def _places(requests: list[Asked], value: str) -> Iterator[tuple[int, Asked]]:
    """The requests that carry a value whole: in the path, a parameter, or the body."""
    for request in requests:
        carried = [request.path, *map(str, _flat(request.params.values())), request.body.decode("utf-8", "replace")]
        if any(value in text or json.dumps(value)[1:-1] in text for text in carried):
            yield request.raw_path.count("/"), request


def _flat(values: Any) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


@check("lookup-unknown-ref", "A ref that means nothing to the source breaks nothing.", http=True)
def lookup_unknown_ref(subject: Subject) -> None:
    if not subject.cls.can("lookup"):
        raise NotHere("It is never asked: it defines no lookup.")
    for scheme in subject.cls.accepts:
        for value in ("0", "ÄÖ/☃+🎁", "' OR 1=1 --", "x" * 300, "ines+shop@mail.example"):
            _asked_about(subject, Ref(scheme, value))
