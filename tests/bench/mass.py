"""Very many stored facts, with the shape that ingest gives them, written by SQL alone into the tables as they are.

Per second of the past one fact version: twenty to an order, every tenth a second version of its record, from four
sources, all but the first polled each minute, and asked for every fifth fact. A delivery came with every fiftieth, and
ten orders make a customer with one case. So ten times the facts are ten times the past, and a day holds what it held.
"""

from collections.abc import Sequence

import psycopg

STEP = 500_000
FIRST = 100_000_000
"""Ids of what is made here begin at it, or at a part of it; those of real rows lie behind all of them."""
BEHIND = 10**11
PER_ORDER, PER_CUSTOMER = 20, 200
SAID = """'{"amount": {"amount": "12.90", "currency": "EUR"}}'"""
NAME = "initcap(left(digest, 1) || 'a' || substr(digest, 2, 5) || ' ' || right(digest, 8))"
# n is a fact version, rec its record, src its source, at when it was learned.
ROWS = """
(SELECT n, n - (n % 10 = 9)::int AS rec, ('{sources}'::bigint[])[1 + n / 10 % 4] AS src,
        '{ends}'::timestamptz - ({stop} - n) * interval '1 second' AS at, md5(n::text) || md5((-n)::text) AS digest
 FROM generate_series({low}::bigint, {high}) n) n
"""
FACTS = (
    "host_refvalue (id, scheme, value) SELECT 2 * n + 1, 'refund', 's' || n FROM {rows} WHERE n = rec",
    "host_refvalue (id, scheme, value) SELECT 2 * n, 'order', 'q' || n FROM {rows} WHERE n % 20 = 0",
    "host_refvalue (id, scheme, value) SELECT 2 * n + 2, 'email', 'c' || n || '@example.com' FROM {rows}"
    " WHERE n % 200 = 0",
    "host_record (id, source_id, record_type, record_id, started_at, since, seen, misses)"
    " SELECT n, src, 'refund', 's' || n, at, at, digest, '{{}}' FROM {rows} WHERE n = rec",
    "host_rawrow (id, record_id, body, digest, url, learned_at) SELECT n, rec, jsonb_build_object('id', 's' || rec,"
    " 'order', 'q' || n / 20 * 20, 'amount', '12.90', 'currency', 'EUR', 'state', 'paid', 'paid_at', at,"
    " 'method', 'card', 'last4', '4242'), digest, '', at FROM {rows}",
    "host_fact (id, record_id, source_id, raw_id, kind, version, started_at, occurred, sort_at, how, implied,"
    " payload_digest, learned_at, superseded_at, closed_as) SELECT n, rec, src, n, 'refund.paid', 1 + n - rec, at,"
    " at - interval '1 hour', at - interval '1 hour', 'poll', false, digest, at,"
    " CASE WHEN n % 10 = 8 THEN at + interval '1 second' END, CASE WHEN n % 10 = 8 THEN 'replaced' END FROM {rows}",
    "host_factpayload (fact_id, data, said, salt) SELECT n, {said}, '', left(digest, 32) FROM {rows}",
    "host_factref (fact_id, ref_id, place) SELECT n, r.id, r.place FROM {rows}, LATERAL (VALUES"
    " (2 * (n / 20 * 20), 0), (2 * rec + 1, 1), (CASE WHEN n % 20 = 0 THEN 2 * (n / 200 * 200) + 2 END, 2))"
    " r(id, place) WHERE r.id IS NOT NULL",
    "host_facthead (record_id, kind, fact_id, versions, started_at) SELECT n, 'refund.paid', n + (n % 10 = 8)::int,"
    " 1 + (n % 10 = 8)::int, at FROM {rows} WHERE n = rec",
)
CHECKS = (
    "host_check (id, source_id, how, started_at, took_ms, late, outcome, reason, detail, learned_at)"
    " SELECT 10 * n + 9, src, 'lookup', at, 20 + n % 200, false, CASE n % 485 WHEN 0 THEN 'unreachable' ELSE 'ok' END,"
    " CASE n % 485 WHEN 0 THEN 'It can''t be reached.' ELSE '' END, '', at FROM {rows} WHERE n % 5 = 0",
    "host_checkref (check_row_id, source_id, ref_id, outcome, complete, kinds, reason, learned_at)"
    " SELECT 10 * n + 9, src, 2 * (n / 20 * 20), CASE n % 485 WHEN 0 THEN 'unreachable' ELSE 'found' END,"
    " n % 485 <> 0, '{{refund.paid}}', '', at FROM {rows} WHERE n % 5 = 0",
    "host_check (id, source_id, how, started_at, took_ms, late, outcome, reason, detail, learned_at)"
    " SELECT 10 * n + s.place, s.id, 'poll', at, 20 + n % 200, false, 'ok', '', '', at"
    " FROM {rows}, unnest('{sources}'::bigint[]) WITH ORDINALITY s(id, place) WHERE n % 60 = 0 AND place > 1",
    "host_sourcehour (source_id, hour, new, malformed, last_at) SELECT src, date_trunc('hour', at), count(*), 0,"
    " max(at) FROM {rows} GROUP BY 1, 2 ON CONFLICT (source_id, hour) DO UPDATE SET new = host_sourcehour.new"
    " + EXCLUDED.new, last_at = EXCLUDED.last_at",
    "host_inbound (id, source_id, key, headers, body, received_at) SELECT n, src, 'msg_' || digest,"
    " '{{\"content-type\": \"application/json\"}}', convert_to(repeat(digest, 6), 'UTF8'), at FROM {rows}"
    " WHERE n % 50 = 0",
    "host_inboundwork (inbound_id, source_id, state, attempts, reason, new, malformed, done_at, learned_at)"
    " SELECT n, src, 'done', 1, '', 1, 0, at, at FROM {rows} WHERE n % 50 = 0",
)
CASES = (
    "customers_customer (id, name, learned_at) SELECT n, {name}, at FROM {rows} WHERE n % 200 = 0",
    "customers_identity (id, ref_id, customer_id, from_at) SELECT n, 2 * n + 2, n, at FROM {rows} WHERE n % 200 = 0",
    "customers_link (identity_id, fact_id, learned_at) SELECT n, n, at FROM {rows} WHERE n % 200 = 0",
    "cases_case (id, opened_at, channel, state, owner_id, customer_id) SELECT n, at, 'email',"
    " CASE WHEN n % 2000 = 0 THEN 'open' ELSE 'closed' END, {owner}, n FROM {rows} WHERE n % 200 = 0",
    "cases_casequestion (case_id, name, main, added_at) SELECT n, 'refund-status', true, at FROM {rows}"
    " WHERE n % 200 = 0",
    "cases_caseref (case_id, ref_id, added_at) SELECT n, 2 * n, at FROM {rows} WHERE n % 200 = 0",
    "cases_event (id, case_id, seq, kind, actor_kind, actor, at, prev_digest, digest, payload_digest) SELECT"
    " n, n, 1, 'case.opened', 'rule', 'bench', at, '', digest, digest FROM {rows} WHERE n % 200 = 0",
    "cases_eventpayload (event_id, data, salt) SELECT n, '{{}}', left(digest, 32) FROM {rows} WHERE n % 200 = 0",
    "cases_casesummary (case_id, person, question, situation, answer_state, answer_digest, headline, refreshed_at,"
    " ref_ids) SELECT n, {name}, 'refund-status', 'paid', 'answered', digest, 'Paid.', at,"
    " ARRAY(SELECT 2 * (n + o) + 1 FROM generate_series(0, 19) o WHERE o % 10 < 9) || ARRAY[2 * n, 2 * n + 2]"
    " FROM {rows} WHERE n % 200 = 0",
)
NUMBERED = (
    "host_refvalue", "host_record", "host_rawrow", "host_fact", "host_check", "host_inbound", "customers_customer",
    "customers_identity", "cases_case", "cases_event",
)  # fmt: skip


def fill(owner: psycopg.Connection, facts: int, sources: Sequence[int], user: int) -> None:
    """So many fact versions with all that belongs to them, the latest a minute old; then what autovacuum would do."""
    ends = owner.execute("SELECT now() - interval '1 minute'").fetchone()
    assert ends is not None
    text = "{" + ",".join(map(str, sources)) + "}"
    for low in range(FIRST, FIRST + facts, STEP):
        high = min(low + STEP, FIRST + facts) - 1
        rows = ROWS.format(sources=text, ends=ends[0].isoformat(), stop=FIRST + facts, low=low, high=high)
        for sql in (*FACTS, *CHECKS, *CASES):
            owner.execute("INSERT INTO " + sql.format(rows=rows, sources=text, said=SAID, name=NAME, owner=user))
        owner.commit()
    for table in NUMBERED:
        owner.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {BEHIND})")
    owner.commit()
    owner.autocommit = True
    owner.execute("VACUUM ANALYZE")
