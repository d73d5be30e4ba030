-- Whoever asks the function that erases for more than the request or the rule allows gets nothing at all.

CREATE OR REPLACE FUNCTION public.erasure_ids(act jsonb, what text) RETURNS bigint[]
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $ids$
    SELECT coalesce(array_agg(DISTINCT i::bigint), '{}') FROM jsonb_array_elements_text(act -> 'rows' -> what) i
$ids$;

-- How many of the rows are not this customer's, and how many of the needles.
CREATE OR REPLACE FUNCTION public.erasure_beyond_request(act jsonb, customer bigint, needles text[]) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $request$
DECLARE
    members bigint[] := erasure_members(customer);
    pattern text[] := erasure_pattern(needles);
    events bigint[] := erasure_ids(act, 'event');
    facts bigint[];
    refs bigint[];
    bad bigint;
    strange bigint;
BEGIN
    SELECT array_agg(r.id) FILTER (WHERE r.what = 'fact'), array_agg(r.id) FILTER (WHERE r.what = 'ref')
    INTO facts, refs FROM erasure_reach(members) r;
    SELECT count(*) INTO bad FROM (
        SELECT k AS what, i::bigint AS id
        FROM jsonb_object_keys(act -> 'rows') k, jsonb_array_elements_text(act -> 'rows' -> k) i
        EXCEPT
        SELECT r.what, r.id FROM erasure_reach(members) r
    ) n WHERE NOT CASE n.what
        WHEN 'event' THEN EXISTS (
            SELECT FROM cases_eventpayload p WHERE p.event_id = n.id AND erasure_says(p.data::text, pattern))
        WHEN 'statement' THEN EXISTS (
            SELECT FROM cases_statement s WHERE s.id = n.id AND s.event_id = ANY (events))
        WHEN 'letter' THEN EXISTS (
            SELECT FROM cases_inmailwork w WHERE w.mail_id = n.id AND w.event_id = ANY (events))
        WHEN 'raw' THEN EXISTS (
            SELECT FROM host_rawrow r JOIN host_malformed m ON m.raw_id = r.id
            WHERE r.id = n.id AND erasure_says(r.body::text, pattern))
        WHEN 'delivery' THEN EXISTS (
            SELECT FROM host_inbound i WHERE i.id = n.id AND (erasure_says(erasure_text(i.body), pattern)
                OR erasure_says(i.headers::text, pattern) OR erasure_says(i.key, pattern)))
            OR (SELECT coalesce(bool_and(f.id = ANY (facts)), false) FROM host_inboundwork w
                JOIN host_fact f ON f.source_id = w.source_id AND f.learned_at = w.learned_at
                WHERE w.inbound_id = n.id)
        WHEN 'check' THEN EXISTS (
            SELECT FROM host_check c WHERE c.id = n.id AND erasure_says(c.reason || ' ' || c.detail, pattern))
            OR EXISTS (SELECT FROM host_checkref k WHERE k.check_row_id = n.id
                       AND (k.ref_id = ANY (refs) OR erasure_says(k.reason, pattern)))
        WHEN 'log' THEN EXISTS (
            SELECT FROM host_sourcelog l WHERE l.id = n.id AND erasure_says(l.sentence, pattern))
        ELSE false END;
    SELECT count(*) INTO strange FROM unnest(needles) n(needle)
    WHERE NOT EXISTS (SELECT FROM host_refvalue v WHERE v.id = ANY (refs) AND v.value = n.needle)
        AND NOT EXISTS (SELECT FROM customers_customer c WHERE c.id = ANY (members) AND c.name = n.needle)
        AND NOT EXISTS (SELECT FROM host_factpayload p WHERE p.fact_id = ANY (facts)
                        AND jsonb_path_exists(p.data, '$.** ? (@ == $n)', jsonb_build_object('n', n.needle)));
    RETURN bad + strange;
END
$request$;

-- How many of the rows are younger than the rule says, still needed, or under a legal hold.
CREATE OR REPLACE FUNCTION public.erasure_beyond_rule(act jsonb, cut timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $rule$
DECLARE
    pattern text[] := erasure_held_pattern();
    held bigint[] := ARRAY(SELECT h.id FROM erasure_held_rows() h WHERE h.what = 'case');
    bad bigint;
BEGIN
    SELECT count(*) INTO bad FROM (
        SELECT k AS what, i::bigint AS id
        FROM jsonb_object_keys(act -> 'rows') k, jsonb_array_elements_text(act -> 'rows' -> k) i
    ) n WHERE (n.what, n.id) IN (SELECT h.what, h.id FROM erasure_held_rows() h) OR NOT CASE n.what
        WHEN 'fact' THEN EXISTS (SELECT FROM host_fact f WHERE f.id = n.id AND f.learned_at < cut)
        WHEN 'raw' THEN EXISTS (SELECT FROM host_rawrow r WHERE r.id = n.id AND r.learned_at < cut
            AND NOT erasure_says(r.body::text, pattern))
        WHEN 'event' THEN EXISTS (SELECT FROM cases_event e JOIN cases_case c ON c.id = e.case_id
            WHERE e.id = n.id AND e.at < cut AND c.state = 'closed' AND c.id <> ALL (held))
        WHEN 'statement' THEN EXISTS (
            SELECT FROM cases_statement s WHERE s.id = n.id AND s.event_id = ANY (erasure_ids(act, 'event')))
        WHEN 'letter' THEN EXISTS (SELECT FROM cases_inmail m WHERE m.id = n.id AND m.arrived_at < cut)
        WHEN 'delivery' THEN EXISTS (SELECT FROM host_inbound i WHERE i.id = n.id AND i.received_at < cut
            AND NOT erasure_says(erasure_text(i.body), pattern))
        WHEN 'check' THEN EXISTS (SELECT FROM host_check c WHERE c.id = n.id AND c.learned_at < cut
            AND NOT erasure_says(c.reason || ' ' || c.detail, pattern))
        WHEN 'log' THEN EXISTS (SELECT FROM host_sourcelog l WHERE l.id = n.id AND l.at < cut
            AND NOT erasure_says(l.sentence, pattern))
        WHEN 'ref' THEN NOT EXISTS (
                SELECT FROM host_factref fr JOIN host_factpayload p ON p.fact_id = fr.fact_id WHERE fr.ref_id = n.id)
            AND NOT EXISTS (SELECT FROM cases_caseref c WHERE c.ref_id = n.id)
            AND NOT EXISTS (SELECT FROM customers_identity i WHERE i.ref_id = n.id AND i.to_at IS NULL)
        END;
    RETURN bad;
END
$rule$;

CREATE OR REPLACE FUNCTION public.erasure_check(act jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $check$
DECLARE
    cut timestamptz := (act ->> 'before')::timestamptz;
    needles text[] := coalesce(ARRAY(SELECT jsonb_array_elements_text(act -> 'needles')), '{}');
    wanted text;
    whom bigint;
    bad bigint;
BEGIN
    FOR wanted IN SELECT k FROM jsonb_object_keys(act -> 'rows') k LOOP
        IF wanted NOT IN ('fact', 'ref', 'raw', 'event', 'statement', 'letter', 'delivery', 'check', 'log') THEN
            RAISE EXCEPTION 'erasure: there is no kind of row %', wanted;
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM unnest(needles) n WHERE length(n) < 5) THEN
        RAISE EXCEPTION 'erasure: what a person is found by has at least five characters';
    END IF;
    IF act ->> 'request' IS NOT NULL THEN
        SELECT q.customer_id INTO whom FROM cases_erasurerequest q WHERE q.id = (act ->> 'request')::bigint
            AND q.state = 'approved' AND q.decided_by_id IS NOT NULL AND q.decided_by_id <> q.asked_by_id;
        IF whom IS NULL THEN
            RAISE EXCEPTION 'erasure: two people have not agreed on this request';
        END IF;
        IF erasure_members(whom) && erasure_held() THEN
            RAISE EXCEPTION 'erasure: a legal hold stands against it';
        END IF;
        bad := erasure_beyond_request(act, whom, needles);
    ELSIF act ->> 'rule' IS NOT NULL AND cut < now() - interval '1 day' THEN
        bad := erasure_beyond_rule(act, cut);
    ELSE
        RAISE EXCEPTION 'erasure: it needs a request, or a rule and a time that is a day ago at least';
    END IF;
    IF bad > 0 THEN
        RAISE EXCEPTION 'erasure: % of the rows are not covered by it', bad;
    END IF;
END
$check$;
