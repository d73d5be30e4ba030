"""One case with a long life: what happened in it once, by the real verbs, happens again and again by SQL alone.

Its kinds, payloads and statements are those of the one round that was lived, each with ids and times of its own; facts
are told and retold through their one door.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import psycopg
from django.contrib.auth.models import User

from cases.apps import _news
from cases.models import Case, Commitment
from cases.promises.shapes import Promised
from cases.selectors import case_view
from cases.services import (
    Actor,
    asker_verify,
    case_open,
    commitment_keep,
    message_receive,
    message_send,
    note_add,
)
from connectors.host.services import facts_record
from connectors.host.signals import facts_recorded
from connectors.sdk import Row
from tests.questions.conftest import POLICIES
from tests.replay.scene import EUR, MAYA, PAID, Scene, look

EVERY = 10
"""Of so many events one is a fact version."""
WORDS = "Hello Maya,\n\nthank you for your patience. We will call you.\n\nKind regards,\nTom"

# Each copy of the round comes a step later than the one before it, under ids of its own.
COPIES = """
CREATE TEMP TABLE copy ON COMMIT DROP AS
SELECT e.id AS was, k, row_number() OVER (ORDER BY k, e.seq) AS n, e.at + k * %(step)s::interval AS at
FROM cases_event e, generate_series(1, %(rounds)s) k WHERE e.case_id = %(case)s AND e.seq BETWEEN %(first)s AND %(last)s
"""
NUMBERED = "ALTER TABLE copy ADD id bigint; UPDATE copy SET id = nextval(pg_get_serial_sequence('cases_event', 'id'))"
STATEMENTS = """
CREATE TEMP TABLE said ON COMMIT DROP AS SELECT s.id AS was, c.k, c.id AS event_id, c.at,
    nextval(pg_get_serial_sequence('cases_statement', 'id')) AS id
FROM cases_statement s JOIN copy c ON c.was = s.event_id
"""
WRITE = (
    "INSERT INTO cases_event (id, case_id, seq, kind, actor_kind, actor, at, prev_digest, digest, payload_digest)"
    " SELECT c.id, e.case_id, %(last)s + c.n, e.kind, e.actor_kind, e.actor, c.at, '', md5(c.id::text), md5(c.id::text)"
    " FROM copy c JOIN cases_event e ON e.id = c.was",
    "INSERT INTO cases_eventpayload (event_id, data, salt) SELECT c.id, p.data"
    " || CASE WHEN p.data ? 'statement' THEN jsonb_build_object('statement', s.id) ELSE '{}' END"
    " || CASE WHEN p.data ? 'commitment' THEN jsonb_build_object('commitment', 1000000 + c.k) ELSE '{}' END"
    " || CASE WHEN p.data ? 'as_of' THEN jsonb_build_object('as_of', c.at, 'at', c.at) ELSE '{}' END"
    " || CASE WHEN p.data ? 'due_at' THEN jsonb_build_object('due_at', c.at + interval '1 day') ELSE '{}' END,"
    " left(md5(c.id::text), 32) FROM copy c JOIN cases_eventpayload p ON p.event_id = c.was"
    " LEFT JOIN said s ON s.was::text = p.data ->> 'statement' AND s.k = c.k",
    "INSERT INTO cases_statement (id, case_id, event_id, words, channel, recipient_id, actor_kind, actor, at, claims,"
    " unchecked, said, kept, helped, recipients, answer_digest, as_of) SELECT n.id, s.case_id, n.event_id, s.words,"
    " s.channel, s.recipient_id, s.actor_kind, s.actor, n.at, s.claims, s.unchecked, s.said, s.kept, s.helped,"
    " s.recipients, s.answer_digest, n.at FROM said n JOIN cases_statement s ON s.id = n.was",
    "ANALYZE cases_event",
    "ANALYZE cases_eventpayload",
    "ANALYZE cases_statement",
)  # fmt: skip


def lived(owner: psycopg.Connection, tom: User, at: Callable[[int, str], datetime], events: int) -> Case:
    """A case of a hundred days with about so many events and fact versions."""
    order, who = f"order:48-{events}", Actor.person(tom)
    at(103, "08:00")
    scene = Scene()
    scene.rows = count(1000 * events)
    when = at(102, "08:00")
    for kind, data in POLICIES.items():
        scene.learns("policies", kind, data, [f"policy:{kind.split('.')[1]}"], when)
    scene.learns("shop", "order.placed", {"number": order[6:], "total": EUR, "customer_name": "Maya Lindqvist"},
                 [order, MAYA], at(101, "08:00"))  # fmt: skip
    scene.learns("finance", "payment.captured", PAID, [order, f"payment:pi_{events}"], when)
    scene.learns("finance", "refund.approved", {"amount": EUR}, [f"refund:re_{events}", f"payment:pi_{events}"], when)
    at(100, "08:00")
    case = case_open(question="refund-status", refs=[order], message="Where is my refund?", actor=who)
    asker_verify(case=case, how="order_and_email", actor=who)
    facts = events // EVERY
    told(scene, at, order, facts)
    at(8, "08:00")
    scene.asks(case, "shop", "finance", "policies")
    first = case.events.count() + 1
    _round(case, tom)
    last = case.events.count()
    rounds = max(1, (events - facts - first + 1) // (last - first + 1) - 1)
    given = {"case": case.pk, "first": first, "last": last, "rounds": rounds, "step": timedelta(days=7) / rounds}
    with owner.transaction():
        for statement in (COPIES, *NUMBERED.split("; "), STATEMENTS, *WRITE):
            owner.execute(_said(statement, given))
    at(0, "09:00")
    note_add(case=case, text="All is well", actor=who)
    return case


def told(scene: Scene, at: Callable[[int, str], datetime], order: str, facts: int) -> None:
    """So many fact versions over ninety days, the second half in place of the first. The case follows at the end."""
    rows = [
        Row("row", f"{order}-{n % (facts // 2)}", {
            "kind": "return.received", "data": {"by": f"Dock {n}"}, "refs": [f"return:{order[6:]}-{n % 9}", order],
            "occurred": at(99, "12:00").isoformat(),
        })
        for n in range(facts // 2 * 2)
    ]  # fmt: skip
    facts_recorded.disconnect(dispatch_uid="cases.news")
    try:
        size = max(1, len(rows) // 50)
        for day, start in enumerate(range(0, len(rows), size)):
            facts_record(source=scene.sources["warehouse"], rows=rows[start : start + size], how="poll",
                         started_at=at(98 - day, "12:00"))  # fmt: skip
    finally:
        facts_recorded.connect(_news, dispatch_uid="cases.news")


def _round(case: Case, tom: User) -> None:
    """What comes and goes in a case: she writes, he looks, notes, answers with a promise, and keeps it."""
    who = Actor.person(tom)
    message_receive(case=case, text="Any news of my refund?", channel="email")
    look(case, tom)
    note_add(case=case, text="She is waiting for finance", actor=who)
    view = case_view(case=case)
    message_send(case=case, text=WORDS, answer_digest=view.answer.digest, actor=who, recipient=MAYA[6:],
                 promises=[Promised("Call Maya", view.at + timedelta(days=1), phrase="We will call you")])  # fmt: skip
    commitment_keep(commitment=Commitment.objects.get(case=case, state="open"), why="Called", actor=who)


def _said(statement: str, given: dict[str, object]) -> str:
    """Temporary tables take no parameters, so values are written into the statement."""
    return statement % {k: f"'{v}'" if isinstance(v, timedelta) else v for k, v in given.items()}
