-- What is held about some people, found by refs. Read by the list that a person sees before, and by the function that
-- erases, so that both speak of the same rows.

-- Everybody who is one person with one of these, by merges that stand.
CREATE OR REPLACE FUNCTION public.erasure_same(customers bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $same$
    WITH RECURSIVE same(id) AS (
        SELECT unnest(customers)
        UNION
        SELECT CASE WHEN m.keep_id = same.id THEN m.other_id ELSE m.keep_id END
        FROM same JOIN customers_merge m ON m.to_at IS NULL AND same.id IN (m.keep_id, m.other_id)
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM same
$same$;

CREATE OR REPLACE FUNCTION public.erasure_members(customer bigint) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $members$
    SELECT erasure_same(ARRAY[customer])
$members$;

-- A fact that also names a person who is none of them is about somebody else, too.
CREATE OR REPLACE FUNCTION public.erasure_foreign(fact bigint, ours bigint[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $foreign$
    SELECT EXISTS (
        SELECT FROM host_factref x JOIN host_refvalue v ON v.id = x.ref_id
        WHERE x.fact_id = fact AND (v.scheme = 'email' OR v.scheme LIKE '%.customer') AND x.ref_id <> ALL (ours))
$foreign$;

-- Kinds of row: fact, ref, raw, case, event, statement, letter.
CREATE OR REPLACE FUNCTION public.erasure_reach(members bigint[]) RETURNS TABLE (what text, id bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $reach$
#variable_conflict use_column
DECLARE
    -- What leads on: matters, and numbers that one person has.
    leads CONSTANT text[] := '{order,return,payment,refund,invoice,credit_note,dispute,shipment,phone,iban}';
    shared CONSTANT text[] := '{policy,market,channel,category,brand,product,sku,country,region}';
    ours bigint[];
    mine bigint[];
    facts bigint[] := '{}';
    fresh bigint[];
    matters bigint[] := '{}';
    more bigint[];
    files bigint[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT i.ref_id), '{}') INTO ours
    FROM customers_identity i WHERE i.customer_id = ANY (members);
    SELECT coalesce(array_agg(r), '{}') INTO mine FROM unnest(ours) r WHERE NOT EXISTS (
        SELECT FROM customers_identity o WHERE o.ref_id = r AND o.customer_id <> ALL (members));
    SELECT array_agg(DISTINCT fr.fact_id) INTO fresh
    FROM host_factref fr WHERE fr.ref_id = ANY (mine) AND NOT erasure_foreign(fr.fact_id, ours);
    WHILE fresh IS NOT NULL LOOP
        facts := facts || fresh;
        -- What a fact of somebody else carries is theirs, too, and leads no further.
        SELECT array_agg(DISTINCT fr.ref_id) INTO more
        FROM host_factref fr JOIN host_refvalue v ON v.id = fr.ref_id AND v.scheme = ANY (leads)
        WHERE fr.fact_id = ANY (fresh) AND fr.ref_id <> ALL (matters) AND NOT EXISTS (
            SELECT FROM host_factref o WHERE o.ref_id = fr.ref_id AND erasure_foreign(o.fact_id, ours));
        matters := matters || coalesce(more, '{}');
        SELECT array_agg(DISTINCT n.fact_id) INTO fresh FROM (
            SELECT fr.fact_id FROM host_factref fr WHERE fr.ref_id = ANY (coalesce(more, '{}'))
            UNION
            SELECT f.id FROM host_fact f
            WHERE f.record_id IN (SELECT g.record_id FROM host_fact g WHERE g.id = ANY (fresh))
        ) n WHERE n.fact_id <> ALL (facts) AND NOT erasure_foreign(n.fact_id, ours);
    END LOOP;
    SELECT coalesce(array_agg(c.id), '{}') INTO files FROM cases_case c
    WHERE c.customer_id = ANY (members) OR c.customer_id IS NULL AND EXISTS (
        SELECT FROM cases_caseref r WHERE r.case_id = c.id AND r.ref_id = ANY (mine));
    RETURN QUERY SELECT 'fact', f FROM unnest(facts) f;
    RETURN QUERY SELECT 'case', c FROM unnest(files) c;
    RETURN QUERY SELECT 'event', e.id FROM cases_event e WHERE e.case_id = ANY (files);
    RETURN QUERY SELECT 'statement', s.id FROM cases_statement s WHERE s.case_id = ANY (files);
    RETURN QUERY SELECT 'letter', w.mail_id FROM cases_inmailwork w WHERE w.case_id = ANY (files) OR lower(w.sender) IN (
        SELECT v.value FROM host_refvalue v WHERE v.id = ANY (mine) AND v.scheme = 'email');
    RETURN QUERY SELECT 'raw', r.id FROM host_rawrow r
    WHERE r.record_id IN (SELECT f.record_id FROM host_fact f WHERE f.id = ANY (facts)) AND NOT EXISTS (
        SELECT FROM host_fact o WHERE o.raw_id = r.id AND o.id <> ALL (facts));
    RETURN QUERY SELECT 'ref', n.r FROM (
        SELECT unnest(mine)
        UNION SELECT fr.ref_id FROM host_factref fr WHERE fr.fact_id = ANY (facts)
        UNION SELECT cr.ref_id FROM cases_caseref cr WHERE cr.case_id = ANY (files)
        UNION SELECT s.recipient_id FROM cases_statement s WHERE s.case_id = ANY (files) AND s.recipient_id IS NOT NULL
    ) n(r) JOIN host_refvalue v ON v.id = n.r
    WHERE v.scheme <> ALL (shared)
      AND NOT EXISTS (SELECT FROM customers_identity i WHERE i.ref_id = n.r AND i.customer_id <> ALL (members))
      AND NOT EXISTS (SELECT FROM cases_caseref o WHERE o.ref_id = n.r AND o.case_id <> ALL (files))
      AND NOT EXISTS (SELECT FROM host_factref o JOIN host_factpayload p ON p.fact_id = o.fact_id
                      WHERE o.ref_id = n.r AND o.fact_id <> ALL (facts));
END
$reach$;

-- What legal holds keep: whom, which rows, and what names them.
CREATE OR REPLACE FUNCTION public.erasure_held() RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $held$
    SELECT erasure_same(ARRAY(SELECT h.customer_id FROM cases_legalhold h WHERE h.lifted_at IS NULL))
$held$;

CREATE OR REPLACE FUNCTION public.erasure_held_pattern() RETURNS text[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $pattern$
    SELECT erasure_pattern(array_agg(n.value)) FROM (
        SELECT v.value FROM customers_identity i JOIN host_refvalue v ON v.id = i.ref_id
        WHERE i.customer_id = ANY (erasure_held())
        UNION SELECT c.name FROM customers_customer c WHERE c.id = ANY (erasure_held()) AND c.name LIKE '% %'
    ) n WHERE length(n.value) >= 5
$pattern$;

-- Kinds of row: fact, raw, delivery, check, case, letter.
CREATE OR REPLACE FUNCTION public.erasure_held_rows() RETURNS TABLE (what text, id bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $rows$
#variable_conflict use_column
DECLARE
    people CONSTANT bigint[] := erasure_held();
    refs bigint[];
    facts bigint[];
BEGIN
    IF people = '{}' THEN
        RETURN;
    END IF;
    refs := ARRAY(SELECT i.ref_id FROM customers_identity i WHERE i.customer_id = ANY (people));
    facts := ARRAY(SELECT r.id FROM erasure_reach(people) r WHERE r.what = 'fact'
                   UNION SELECT fr.fact_id FROM host_factref fr WHERE fr.ref_id = ANY (refs));
    RETURN QUERY SELECT 'fact', f FROM unnest(facts) f;
    RETURN QUERY SELECT r.what, r.id FROM erasure_reach(people) r WHERE r.what IN ('case', 'letter');
    RETURN QUERY SELECT 'raw', r.id FROM host_rawrow r
    WHERE r.record_id IN (SELECT f.record_id FROM host_fact f WHERE f.id = ANY (facts));
    RETURN QUERY SELECT 'delivery', w.inbound_id FROM host_inboundwork w
    WHERE (w.source_id, w.learned_at) IN (
        SELECT f.source_id, f.learned_at FROM host_fact f WHERE f.id = ANY (facts) AND f.how = 'push');
    RETURN QUERY SELECT 'check', k.check_row_id FROM host_checkref k WHERE k.ref_id = ANY (refs);
END
$rows$;
