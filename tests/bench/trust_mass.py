"""Very many cases with the events of their life, written by SQL alone: sixteen to a case, over a year, by four teams.

The same seed gives the same numbers. What goes wrong does so at the rates that a house of this kind would know: three
answers in a hundred do not hold, every fifth case changes hands, every tenth customer comes back.
"""

from __future__ import annotations

from datetime import datetime

import psycopg

PER_CASE = 16
FIRST = 1_000_000
"""Ids of cases begin here; an event's id is ``64 * case + seq``."""

CASES = """
CREATE TEMP TABLE mass ON COMMIT DROP AS
SELECT %(first)s + n AS id, %(ends)s::timestamptz - (%(n)s - n) * (%(span)s::interval / %(n)s) AS opened,
    (ARRAY['refunds', 'deliveries', 'returns', 'payments'])[1 + n %% 4] AS team,
    (ARRAY['refund-status', 'order-status', 'return-status', 'refund-status', 'double-charge', 'cancellation'])
        [1 + n / 4 %% 6] AS question,
    (ARRAY['finance', 'warehouse', 'shop'])[1 + (random() * 2.99)::int %% 3] AS source, 2 * (n::float / %(n)s) AS late,
    random() AS a, random() AS b, random() AS c, random() AS d, random() AS e, random() AS f, random() AS g,
    random() AS h, random() AS i, random() AS j, random() * interval '50 minutes' AS wait
FROM generate_series(1, %(n)s) n
"""
# Each row: when, after the case was opened, of which kind, by whom, with what.
EVENTS = """
CREATE TEMP TABLE planned ON COMMIT DROP AS
SELECT c.id AS case_id, e.ord, c.opened + e.after AS at, e.kind, e.actor_kind, e.data FROM mass c, LATERAL (
    SELECT 0 AS ord, interval '0' AS after, 'case.opened' AS kind, 'customer' AS actor_kind,
        jsonb_build_object('team', team, 'question', question, 'message', 'Where is it?', 'state', 'open', 'owner',
            %(owner)s) AS data
    UNION ALL SELECT 1, wait, 'case.viewed', 'person', '{"live": true}'
    UNION ALL SELECT 2, wait + interval '1 s', 'answer.shown', 'person', jsonb_build_object('content',
        jsonb_build_object('state', CASE WHEN b < 0.03 - late / 100 THEN 'conflict' ELSE 'partial' END, 'gaps',
        CASE WHEN a < 0.55 - late / 8 THEN jsonb_build_array(jsonb_build_array(source, 'It did not answer.', true))
        ELSE '[]'::jsonb END))
    UNION ALL SELECT 3, wait + interval '4 s' + a * interval '200 s', 'answer.shown', 'person', jsonb_build_object(
        'content', jsonb_build_object('state', 'answered', 'gaps', CASE WHEN a < 0.08 THEN jsonb_build_array(
        jsonb_build_array(source, 'It is down.', true)) ELSE '[]'::jsonb END))
    UNION ALL SELECT 4, wait + interval '220 s', 'answer.changed', 'rule', jsonb_build_object('state', 'answered',
        'disagreed', '["finance", "warehouse"]'::jsonb, 'gave_way', jsonb_build_array(
        CASE WHEN c < 0.7 THEN 'warehouse' ELSE 'finance' END)) WHERE b < 0.03 - late / 100
    UNION ALL SELECT 5, wait + interval '300 s', 'draft.warned', 'person', jsonb_build_object('found',
        jsonb_build_array(jsonb_build_object('key', 'k1', 'by', 'facts', 'sources', jsonb_build_array(source))))
        WHERE d < 0.09
    UNION ALL SELECT 6, wait + interval '5 min' + e * interval '9 min', 'message.out', 'person', jsonb_build_object(
        'claims', '["refund.paid"]'::jsonb, 'helped', CASE WHEN e < 0.018 THEN 'sympathy' WHEN e < 0.1 THEN 'question'
        ELSE 'fact' END, 'undated', CASE WHEN f BETWEEN 0.38 AND 0.4 THEN 1 ELSE 0 END, 'against',
        CASE WHEN d < 0.012 THEN '["k1"]'::jsonb ELSE '[]'::jsonb END, 'used', jsonb_build_array(
        jsonb_build_object('fact', 1, 'source', 'finance', 'within', g > 0.02),
        jsonb_build_object('fact', 2, 'source', source, 'within', h > 0.09 - late / 40)))
    UNION ALL SELECT 7, wait + interval '20 min', 'handover.accepted', 'person', jsonb_build_object('owner', %(owner)s)
        WHERE i < 0.2
    UNION ALL SELECT 8, wait + interval '40 min', 'owner.changed', 'person', jsonb_build_object('owner', %(owner)s)
        WHERE i < 0.04
    UNION ALL SELECT 9, wait + interval '15 min', 'commitment.made', 'person', jsonb_build_object('commitment', c.id,
        'due_at', to_jsonb(c.opened + wait + interval '2 days'), 'promise_owner', %(owner)s) WHERE f < 0.35
    UNION ALL SELECT 10, wait + interval '2 days 1 min', 'commitment.late', 'rule', jsonb_build_object('commitment',
        c.id) WHERE f < 0.03 - late / 100
    UNION ALL SELECT 11, wait + CASE WHEN f < 0.03 - late / 100 THEN interval '3 days' ELSE g * interval '40 hours' END
        + interval '16 min', CASE WHEN f < 0.002 THEN 'commitment.broken' ELSE 'commitment.kept' END, 'person',
        jsonb_build_object('commitment', c.id) WHERE f < 0.35
    UNION ALL SELECT 12, wait + interval '3 days' * h + interval '1 hour', 'message.in', 'customer',
        '{"text": "And now?"}' WHERE j < 0.14 - late / 30
    UNION ALL SELECT 13, wait + interval '3 days' * h + interval '2 hours', 'message.out', 'person',
        '{"claims": [], "helped": "commitment", "used": [], "against": [], "undated": 0}' WHERE j < 0.14 - late / 30
    UNION ALL SELECT 14, wait + interval '4 days', 'told.broken', 'rule', jsonb_build_object('keys', '["k2"]'::jsonb,
        'sources', jsonb_build_array(source), 'statement', 64 * c.id) WHERE a > 0.975 + late / 100
    UNION ALL SELECT 15, wait + interval '1 hour' + h * interval '4 days', 'state.changed', 'person',
        '{"state": "closed"}' WHERE g < 0.93
    UNION ALL SELECT 16, wait + n * interval '41 s', 'case.viewed', 'person', '{"live": true}'
        FROM generate_series(1, 9) n
) e
"""
NUMBERED = """
CREATE TEMP TABLE numbered ON COMMIT DROP AS SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY at, ord) AS seq,
    row_number() OVER (PARTITION BY case_id, kind ORDER BY at, ord) AS nth FROM planned
"""
WRITE = (
    "INSERT INTO cases_case (id, opened_at, channel, state, owner_id) SELECT id, opened, 'email', 'open', %(owner)s"
    " FROM mass",
    "INSERT INTO cases_casequestion (case_id, name, main, added_at) SELECT id, question, true, opened FROM mass",
    "INSERT INTO cases_event (id, case_id, seq, kind, actor_kind, actor, at, prev_digest, digest, payload_digest)"
    " SELECT 64 * case_id + seq, case_id, seq, kind, actor_kind, CASE actor_kind WHEN 'person' THEN %(owner)s::text"
    " ELSE '' END, at, '', md5(seq::text), md5(seq::text) FROM numbered",
    "INSERT INTO cases_eventpayload (event_id, data, salt) SELECT 64 * case_id + seq, data, left(md5(seq::text), 32)"
    " FROM numbered",
    "INSERT INTO cases_statement (id, case_id, event_id, words, channel, actor_kind, actor, at, claims, unchecked,"
    " said, kept, helped, recipients, answer_digest, as_of) SELECT 64 * case_id + nth - 1, case_id, 64 * case_id + seq,"
    " 'It is on its way.', 'email', 'person', %(owner)s::text, at, '[]', '[]', '[]', '[]', data ->> 'helped', '[]', '',"
    " at FROM numbered WHERE kind = 'message.out'",
)


def fill(owner: psycopg.Connection, events: int, ends: datetime, user: int, span: str = "52 weeks") -> int:
    """About so many events, the last cases opened at ``ends``; gives how many there are."""
    given = {"n": max(1, events // PER_CASE), "first": FIRST, "ends": ends, "span": span, "owner": user}
    with owner.transaction():
        owner.execute("SELECT setseed(0.25)")
        for statement in (CASES, EVENTS, NUMBERED, *WRITE):
            owner.execute(_said(statement, given))
    for table in ("cases_event", "cases_eventpayload", "cases_statement", "cases_case"):
        owner.execute(f"ANALYZE {table}")
    row = owner.execute("SELECT count(*) FROM cases_event").fetchone()
    assert row is not None
    return int(row[0])


def _said(statement: str, given: dict[str, object]) -> str:
    """Temporary tables take no parameters, so values are written into the statement."""
    quoted = {k: f"'{v}'" if isinstance(v, str | datetime) else str(v) for k, v in given.items()}
    return (statement % quoted) if "%(" in statement else statement
