-- Whether a text names somebody: whole words, in any letter case, spacing and Unicode form, and as JSON, addresses, forms
-- and letters escape them. Letters inside another word, or digits inside another number, are somebody else's.

CREATE OR REPLACE FUNCTION public.erasure_folded(said text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $folded$
BEGIN
    IF octet_length(said) = char_length(said) THEN
        RETURN lower(said);
    END IF;
    -- Apostrophes and dashes as a keyboard has them; what nobody sees goes.
    said := translate(normalize(said, NFKC), U&'\2019\02BC\2010\2011\2012\2013\00AD\200B\200C\200D\2060\FEFF', '''''----');
    RETURN replace(lower(upper(lower(said))), 'ß', 'ss');
END
$folded$;

-- The words of bytes, whatever they are.
CREATE OR REPLACE FUNCTION public.erasure_text(body bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $text$
BEGIN
    RETURN convert_from(body, 'UTF8');
EXCEPTION WHEN OTHERS THEN
    RETURN encode(body, 'escape');
END
$text$;

-- One character of a folded text as a regular expression: plain, and as it is escaped.
CREATE OR REPLACE FUNCTION public.erasure_letter(one text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $letter$
    SELECT CASE
        WHEN one ~ '^\s$' THEN '(?:[[:space:]+,_]|\\[nrt]|\\u00a0|&nbsp;|[%=](?:20|09|0a|0d|c2[%=]a0))+'
        ELSE '(?:' || CASE one WHEN 'ß' THEN 'ss' ELSE '\\?' || regexp_replace(one, '([^[:alnum:]])', '\\\1') END || (
            SELECT string_agg(DISTINCT '|' || way, '') FROM (
                VALUES (one), (upper(one)), (normalize(one, NFD)), (normalize(upper(one), NFD))
            ) n(v), LATERAL (
                SELECT string_agg(CASE WHEN c ~ '[a-zA-Z0-9]' THEN lower(c)
                        ELSE '\\u' || lpad(to_hex(ascii(c)), 4, '0') END, '' ORDER BY place),
                    string_agg(CASE WHEN c ~ '[a-zA-Z0-9]' THEN lower(c)
                        ELSE regexp_replace(encode(convert_to(c, 'UTF8'), 'hex'), '(..)', '[%=]\1', 'g') END,
                        '' ORDER BY place),
                    string_agg(CASE WHEN c ~ '[a-zA-Z0-9]' THEN lower(c)
                        ELSE '&#(?:' || ascii(c) || '|x' || to_hex(ascii(c)) || ');' END, '' ORDER BY place)
                FROM regexp_split_to_table(n.v, '') WITH ORDINALITY s(c, place)
            ) e(json, hex, html), unnest(ARRAY[json, hex, html]) way
        ) || ')' END
$letter$;

-- A telephone's number with or without its country, however it is spaced; and in fewer steps, for a first look.
CREATE OR REPLACE FUNCTION public.erasure_phone(digits text, abroad boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $phone$
    SELECT '(?:^|[^0-9])(?:(?:00)?' || string_agg(way, '|0' || gap) || ')(?:$|[^0-9])'
    FROM (SELECT '(?:[[:space:]()./-]|%20){0,3}') g(gap), LATERAL (
        SELECT left(regexp_replace(substr(digits, 1 + skip), '(.)', '\1' || gap, 'g'), -length(gap))
        FROM generate_series(0, CASE WHEN abroad AND length(digits) > 9 THEN 3 ELSE 0 END) skip ORDER BY skip
    ) w(way) GROUP BY gap
$phone$;

-- Two regular expressions for all of them, NULL for none: one that is quick and finds too much, and the one that counts.
-- Before and after stands no letter and no digit, but for what an escape ends with; before and after an e-mail nothing
-- that would make it another.
CREATE OR REPLACE FUNCTION public.erasure_pattern(needles text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $pattern$
    SELECT ARRAY[string_agg(coalesce(CASE WHEN phone THEN regexp_replace(right(digits, 6), '(.)(?=.)', '\1[^0-9]*', 'g')
            ELSE (SELECT r[1] FROM regexp_matches(split_part(n, '@', 1), '[a-z0-9]{3,}', 'g') r
                  ORDER BY length(r[1]) DESC LIMIT 1) END, words), '|'),
        string_agg(CASE
            WHEN phone THEN erasure_phone(digits, n LIKE '+%')
            WHEN n LIKE '%@%' THEN '(?:^|[^[:alnum:]._-]|' || ends || ')[._-]*' || words
                || '(?:$|[^[:alnum:]._-]|[._-]+(?:$|[^[:alnum:]]))'
            ELSE '(?:^|[^[:alnum:]]|' || ends || ')' || words || '(?:$|[^[:alnum:]])' END, '|')]
    FROM unnest(needles) needle,
        LATERAL (SELECT replace(regexp_replace(btrim(erasure_folded(needle)), '\s+', ' ', 'g'), 'ss', 'ß')) f(n),
        LATERAL (SELECT regexp_replace(n, '[^0-9]', '', 'g')) d(digits),
        LATERAL (SELECT n ~ '^\+?[0-9][0-9 ()./-]{6,}$' AND length(digits) >= 7) t(phone),
        (SELECT '\\[bfnrt]|\\u[0-9a-f]{4}|\\[0-7]{3}|[%=][0-9a-f]{2}') e(ends),
        LATERAL (SELECT string_agg(CASE WHEN c ~ '[a-z0-9]' THEN c ELSE erasure_letter(c) END, '' ORDER BY place)
                 FROM regexp_split_to_table(n, '') WITH ORDINALITY s(c, place)) w(words)
    WHERE n <> ''
    HAVING count(*) > 0
$pattern$;

CREATE OR REPLACE FUNCTION public.erasure_says(said text, pattern text[]) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $says$
DECLARE
    folded text;
BEGIN
    IF pattern IS NULL OR said IS NULL OR said = '' THEN
        RETURN false;
    END IF;
    folded := erasure_folded(said);
    RETURN CASE WHEN folded ~ pattern[1] THEN folded ~ pattern[2] ELSE false END;
END
$says$;

CREATE OR REPLACE FUNCTION public.erasure_named(said text, needles text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $named$
    SELECT erasure_says(said, erasure_pattern(needles))
$named$;
