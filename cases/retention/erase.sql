-- The one way past the guards of history. ``act``: request (id of a request that two people have agreed on) or rule and
-- before (a time); rows: ids by kind of row; needles: what identifies the person, for rows that no
-- ref leads to. It checks all of it, takes the content, and writes who, when, why and how much in the same transaction.

-- True while the function below runs, in its own transaction alone, which it has written down.
CREATE OR REPLACE FUNCTION public.erasure_under_way() RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $way$
BEGIN
    IF coalesce(current_setting('throughline.erasing', true), '') = '' THEN
        RETURN false;
    END IF;
    RETURN EXISTS (SELECT FROM cases_erasure e WHERE e.id = current_setting('throughline.erasing')::bigint
                   AND e.counts IS NULL AND e.xact = (pg_current_xact_id()::text)::bigint);
END
$way$;

-- An offer that was answered is not changed, but for this.
CREATE OR REPLACE TRIGGER cases_offer_guard BEFORE INSERT OR UPDATE OR DELETE ON public.cases_handover
    FOR EACH ROW WHEN (NOT public.erasure_under_way()) EXECUTE FUNCTION cases_offer_guard();

-- Rows that have no salt of their own have one in the digest of their day. It goes, too: the digest stays.
CREATE OR REPLACE FUNCTION public.erasure_salts(run bigint) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $salts$
DECLARE
    part record;
BEGIN
    FOR part IN
        SELECT p.id, r.row, array_position(p.ids, r.row) AS place
        FROM cases_erasedrow r JOIN host_digestpart p ON length(p.salts) > 0 AND p.ids @> ARRAY[r.row] AND p.kind = ANY (
            CASE r.what
                WHEN 'host_rawrow' THEN '{raw_rows}' WHEN 'host_malformed' THEN '{malformed}'
                WHEN 'host_inbound' THEN '{deliveries}' WHEN 'host_check' THEN '{checks}'
                WHEN 'host_sourcelog' THEN '{source_log}' WHEN 'cases_statement' THEN '{statements}'
                WHEN 'cases_inmail' THEN '{letters}'
                WHEN 'customers_merge' THEN '{merges,merges_ended}' WHEN 'cases_access' THEN '{access}' ELSE '{}' END::text[])
        WHERE r.erasure_id = run
    LOOP
        UPDATE host_digestpart SET salts = overlay(salts PLACING decode(repeat('00', 16), 'hex')
            FROM (part.place - 1) * 16 + 1 FOR 16) WHERE id = part.id;
    END LOOP;
END
$salts$;

CREATE OR REPLACE FUNCTION public.history_erase(act jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $erase$
DECLARE
    run bigint;
    tick timestamptz;
    facts bigint[] := erasure_ids(act, 'fact');
    raws bigint[] := erasure_ids(act, 'raw');
    events bigint[] := erasure_ids(act, 'event');
    statements bigint[] := erasure_ids(act, 'statement');
    letters bigint[] := erasure_ids(act, 'letter');
    refs bigint[] := erasure_ids(act, 'ref');
    deliveries bigint[] := erasure_ids(act, 'delivery');
    checks bigint[] := erasure_ids(act, 'check');
    logs bigint[] := erasure_ids(act, 'log');
    merges bigint[];
    grants bigint[];
    looks bigint[];
    needles text[] := coalesce(ARRAY(SELECT jsonb_array_elements_text(act -> 'needles')), '{}');
    gone CONSTANT text := 'erased';
    found jsonb;
BEGIN
    -- A legal hold is set before this and seen, or after it: never while it runs.
    LOCK TABLE cases_legalhold IN SHARE MODE;
    PERFORM erasure_check(act);
    UPDATE host_clock SET last = greatest(clock_timestamp(), last + interval '1 microsecond') WHERE id = 1
        RETURNING last INTO tick;
    INSERT INTO cases_erasure (request_id, rule, before, asked_by, done_by, why, at, xact)
    SELECT (act ->> 'request')::bigint, coalesce(act ->> 'rule', ''), (act ->> 'before')::timestamptz,
        coalesce(q.asked_by_id::text, ''), coalesce(q.decided_by_id::text, ''),
        left(coalesce(q.why, act ->> 'why', ''), 300), tick, (pg_current_xact_id()::text)::bigint
    FROM (SELECT) one LEFT JOIN cases_erasurerequest q ON q.id = (act ->> 'request')::bigint
    RETURNING id INTO run;
    PERFORM set_config('throughline.erasing', run::text, true);

    -- Only what still has content is erased, so that nothing is named twice.
    facts := ARRAY(SELECT p.fact_id FROM host_factpayload p WHERE p.fact_id = ANY (facts));
    raws := ARRAY(SELECT r.id FROM host_rawrow r WHERE r.id = ANY (raws) AND r.digest NOT LIKE 'erased-%');
    events := ARRAY(SELECT p.event_id FROM cases_eventpayload p WHERE p.event_id = ANY (events));
    statements := ARRAY(SELECT s.id FROM cases_statement s WHERE s.id = ANY (statements) AND s.words <> '');
    letters := ARRAY(SELECT m.id FROM cases_inmail m WHERE m.id = ANY (letters) AND m.raw_digest <> gone);
    deliveries := ARRAY(SELECT i.id FROM host_inbound i WHERE i.id = ANY (deliveries) AND length(i.body) > 0);
    refs := ARRAY(SELECT v.id FROM host_refvalue v WHERE v.id = ANY (refs) AND v.value NOT LIKE 'erased-%');
    DELETE FROM host_factpayload WHERE fact_id = ANY (facts);
    UPDATE host_fact SET superseded_at = tick, closed_as = gone WHERE id = ANY (facts) AND superseded_at IS NULL;
    UPDATE host_facthead SET fact_id = NULL WHERE fact_id = ANY (facts);
    UPDATE host_record SET seen = '' WHERE id IN (SELECT f.record_id FROM host_fact f WHERE f.id = ANY (facts));
    UPDATE host_rawrow SET body = '{}', url = '', digest = 'erased-' || replace(gen_random_uuid()::text, '-', '')
        WHERE id = ANY (raws);
    UPDATE host_malformed SET reason = gone, refs = '{}' WHERE raw_id = ANY (raws);
    UPDATE host_inbound SET body = '', headers = '{}', key = CASE WHEN erasure_named(key, needles)
        THEN 'erased-' || replace(gen_random_uuid()::text, '-', '') ELSE key END WHERE id = ANY (deliveries);
    UPDATE host_inboundwork SET state = gone, due_at = NULL, leased_until = NULL, rung_at = NULL, reason = ''
        WHERE inbound_id = ANY (deliveries);
    UPDATE host_check SET reason = '', detail = '' WHERE id = ANY (checks);
    UPDATE host_checkref SET reason = '' WHERE check_row_id = ANY (checks) AND reason <> '';
    UPDATE host_sourcelog SET sentence = 'The words of this entry were erased.' WHERE id = ANY (logs);
    DELETE FROM cases_eventpayload WHERE event_id = ANY (events);
    UPDATE cases_statement SET words = '', claims = '[]', unchecked = '[]', said = '[]', kept = '[]',
        recipients = '[]', answer_digest = '', recipient_id = NULL WHERE id = ANY (statements);
    UPDATE cases_inmail SET raw = '', raw_digest = gone, content_digest = encode(sha256(convert_to(
            content_digest, 'UTF8')), 'hex'), message_id = 'sha256:' || encode(sha256(convert_to(message_id, 'UTF8')),
            'hex') WHERE id = ANY (letters);
    UPDATE cases_mailfile SET name = '', digest = gone WHERE mail_id = ANY (letters);
    UPDATE cases_handover SET why = gone, packet = '{}', answer = ''
        WHERE case_id IN (SELECT e.case_id FROM cases_event e WHERE e.id = ANY (events) AND e.kind = 'case.opened');
    merges := ARRAY(SELECT m.id FROM customers_merge m JOIN cases_erasurerequest q
        ON q.id = (act ->> 'request')::bigint AND erasure_members(q.customer_id) && ARRAY[m.keep_id, m.other_id]);
    UPDATE customers_merge SET why = gone, ended_why = CASE WHEN ended_why IS NOT NULL THEN gone END
        WHERE id = ANY (merges);
    grants := ARRAY(SELECT g.id FROM access_accessgrant g WHERE act ->> 'request' IS NOT NULL
        AND g.case_id IN (SELECT e.case_id FROM cases_event e WHERE e.id = ANY (events)));
    UPDATE access_accessgrant SET why = gone, answer = CASE WHEN answer IS NOT NULL THEN gone END
        WHERE id = ANY (grants);
    looks := ARRAY(SELECT a.id FROM cases_access a JOIN cases_erasurerequest q ON q.id = (act ->> 'request')::bigint
        WHERE a.why <> '' AND (a.customers && erasure_members(q.customer_id)
            OR a.cases && ARRAY(SELECT DISTINCT e.case_id FROM cases_event e WHERE e.id = ANY (events))));
    UPDATE cases_access SET why = gone WHERE id = ANY (looks);
    -- Facts whose words are gone must not go on telling whom they were about.
    IF act ->> 'request' IS NOT NULL THEN
        DELETE FROM host_factref fr USING host_refvalue v WHERE fr.fact_id = ANY (facts) AND v.id = fr.ref_id
            AND v.id <> ALL (refs) AND v.scheme NOT IN
                ('order', 'return', 'payment', 'refund', 'invoice', 'credit_note', 'dispute', 'shipment', 'policy');
        -- What their source tells anew is another record: nothing of it is joined to what was erased.
        UPDATE host_record r SET record_id = 'erased-' || replace(gen_random_uuid()::text, '-', ''), misses = '{}'
            WHERE (r.id IN (SELECT f.record_id FROM host_fact f WHERE f.id = ANY (facts))
                OR r.id IN (SELECT w.record_id FROM host_rawrow w WHERE w.id = ANY (raws)))
            AND NOT EXISTS (SELECT FROM host_fact f JOIN host_factpayload p ON p.fact_id = f.id
                            WHERE f.record_id = r.id)
            AND NOT EXISTS (SELECT FROM host_rawrow w WHERE w.record_id = r.id AND w.digest NOT LIKE 'erased-%');
    END IF;
    IF EXISTS (SELECT FROM host_factref fr JOIN host_factpayload p ON p.fact_id = fr.fact_id
               WHERE fr.ref_id = ANY (refs)) THEN
        RAISE EXCEPTION 'erasure: a ref is still carried by a fact that stays';
    END IF;
    UPDATE host_refvalue SET value = 'erased-' || replace(gen_random_uuid()::text, '-', '') WHERE id = ANY (refs);

    INSERT INTO cases_erasedrow (erasure_id, what, row)
    SELECT run, n.what, n.id FROM (
        SELECT 'host_malformed' AS what, m.id FROM host_malformed m WHERE m.raw_id = ANY (raws)
        UNION ALL SELECT 'host_fact', unnest(facts)
        UNION ALL SELECT 'host_rawrow', unnest(raws)
        UNION ALL SELECT 'cases_event', unnest(events)
        UNION ALL SELECT 'cases_statement', unnest(statements)
        UNION ALL SELECT 'cases_inmail', unnest(letters)
        UNION ALL SELECT 'host_inbound', unnest(deliveries)
        UNION ALL SELECT 'host_check', unnest(checks)
        UNION ALL SELECT 'host_sourcelog', unnest(logs)
        UNION ALL SELECT 'host_refvalue', unnest(refs)
        UNION ALL SELECT 'customers_merge', unnest(merges)
        UNION ALL SELECT 'access_accessgrant', unnest(grants)
        UNION ALL SELECT 'cases_access', unnest(looks)
    ) n;
    PERFORM erasure_salts(run);
    SELECT coalesce(jsonb_object_agg(n.what, n.many), '{}') INTO found
    FROM (SELECT r.what, count(*) AS many FROM cases_erasedrow r WHERE r.erasure_id = run GROUP BY r.what) n;
    UPDATE cases_erasurerequest SET state = 'done' WHERE id = (act ->> 'request')::bigint;
    UPDATE cases_erasure SET counts = found WHERE id = run;
    PERFORM set_config('throughline.erasing', '', true);
    RETURN jsonb_build_object('erasure', run, 'at', tick, 'counts', found);
END
$erase$;

-- What the planner remembers of a table's values is made anew, or it would go on holding some that have gone.
CREATE OR REPLACE FUNCTION public.history_forgotten() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $forgotten$
DECLARE
    wide record;
BEGIN
    FOR wide IN SELECT DISTINCT s.tablename FROM pg_stats s JOIN pg_tables t USING (schemaname, tablename)
                WHERE s.schemaname = 'public' AND t.tableowner = current_user
                AND EXISTS (SELECT FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
                            JOIN pg_type y ON y.oid = a.atttypid WHERE c.oid = s.tablename::regclass
                            AND y.typcategory NOT IN ('N', 'D', 'B', 'T'))
    LOOP
        EXECUTE format('ANALYZE %I', wide.tablename);
    END LOOP;
END
$forgotten$;
