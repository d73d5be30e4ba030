"""Exactly one accountable owner at every instant, held by the database.

Locks are taken in one order everywhere: cases, teams, people, and the clock last.
"""

from django.conf import settings
from django.db import migrations

HELPERS = """
CREATE FUNCTION cases_must_be_active(who integer, what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    active boolean;
BEGIN
    -- Shared: whoever switches the account off waits, and sees then what was given to it.
    SELECT is_active INTO active FROM auth_user WHERE id = who FOR SHARE;
    IF NOT active THEN
        RAISE EXCEPTION 'nobody inactive may %', what
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Choose somebody whose account is on.';
    END IF;
END $$;
"""
CASES = """
CREATE FUNCTION cases_owner_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'closed' THEN
        PERFORM cases_must_be_active(NEW.owner_id, 'own a case that is not closed');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_owner_active BEFORE INSERT OR UPDATE OF owner_id, state ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_owner_active();

CREATE FUNCTION cases_owner_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told bigint;
    owner bigint;
BEGIN
    SELECT owner_id INTO owner FROM cases_case WHERE id = NEW.id;
    SELECT (p.data ->> 'owner')::bigint INTO told FROM cases_event e JOIN cases_eventpayload p ON p.event_id = e.id
        WHERE e.case_id = NEW.id AND p.data ? 'owner' ORDER BY e.seq DESC LIMIT 1;
    IF owner IS DISTINCT FROM told THEN
        RAISE EXCEPTION 'case %: its owner was changed and no event says so', NEW.id
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Use a verb of cases.services.';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_owner_told AFTER UPDATE OF owner_id ON cases_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION cases_owner_told();
"""
OFFERS = """
CREATE FUNCTION cases_offer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an offer is never removed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state <> 'offered' THEN
            RAISE EXCEPTION 'offer % was answered already', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (OLD.case_id, OLD.from_person_id, OLD.why, OLD.packet, OLD.offered_at, OLD.to_person_id, OLD.to_team_id)
            IS DISTINCT FROM
           (NEW.case_id, NEW.from_person_id, NEW.why, NEW.packet, NEW.offered_at, NEW.to_person_id, NEW.to_team_id)
        THEN
            RAISE EXCEPTION 'what was offered is not changed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSE
        PERFORM 1 FROM cases_case WHERE id = NEW.case_id FOR NO KEY UPDATE;
    END IF;
    IF (NEW.state = 'offered') <> (NEW.ended_at IS NULL) THEN
        RAISE EXCEPTION 'an offer ends when it is answered' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'offered' AND NEW.to_person_id IS NOT NULL THEN
        PERFORM cases_must_be_active(NEW.to_person_id, 'be offered a case');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_offer_guard BEFORE INSERT OR UPDATE OR DELETE ON cases_handover
    FOR EACH ROW EXECUTE FUNCTION cases_offer_guard();

CREATE FUNCTION cases_offer_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
BEGIN
    IF TG_TABLE_NAME = 'cases_case' THEN
        wanted := NEW.id;
    ELSE
        wanted := NEW.case_id;
    END IF;
    IF EXISTS (SELECT 1 FROM cases_handover h JOIN cases_case c ON c.id = h.case_id
               WHERE h.case_id = wanted AND h.state = 'offered'
                 AND (c.state = 'closed' OR h.from_person_id <> c.owner_id)) THEN
        RAISE EXCEPTION 'case %: its open offer is not its owner''s', wanted
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'End the offer first.';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_offer_owner AFTER UPDATE OF owner_id, state ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_offer_owner();
CREATE CONSTRAINT TRIGGER cases_offer_owner AFTER INSERT OR UPDATE ON cases_handover
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_offer_owner();
"""
PROMISES = """
CREATE FUNCTION cases_promise_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'open' THEN
        PERFORM cases_must_be_active(NEW.owner_id, 'answer for an open promise');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_promise_owner BEFORE INSERT OR UPDATE OF owner_id, state ON cases_commitment
    FOR EACH ROW EXECUTE FUNCTION cases_promise_owner();
"""
PEOPLE = """
CREATE FUNCTION cases_person_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held text := '';
BEGIN
    IF EXISTS (SELECT 1 FROM cases_case WHERE owner_id = OLD.id AND state <> 'closed') THEN
        held := held || ' open cases';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_commitment WHERE owner_id = OLD.id AND state = 'open') THEN
        held := held || ' open promises';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_handover WHERE to_person_id = OLD.id AND state = 'offered') THEN
        held := held || ' open offers';
    END IF;
    IF EXISTS (SELECT 1 FROM cases_team WHERE lead_id = OLD.id) THEN
        held := held || ' a team to lead';
    END IF;
    IF held <> '' THEN
        RAISE EXCEPTION '% still has:%', OLD.username, held
            USING ERRCODE = 'integrity_constraint_violation', HINT = 'Hand it over first: manage.py person_leaves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_person_leaves BEFORE UPDATE OF is_active ON auth_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION cases_person_leaves();

CREATE FUNCTION cases_person_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'people are switched off, never removed: history names them'
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Use manage.py person_leaves.';
END $$;
CREATE TRIGGER cases_person_stays BEFORE DELETE ON auth_user FOR EACH ROW EXECUTE FUNCTION cases_person_stays();

CREATE FUNCTION cases_lead_active() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM cases_must_be_active(NEW.lead_id, 'lead a team');
    RETURN NEW;
END $$;
CREATE TRIGGER cases_lead_active BEFORE INSERT OR UPDATE OF lead_id ON cases_team
    FOR EACH ROW EXECUTE FUNCTION cases_lead_active();
"""
TRIGGERS = (
    ("cases_lead_active", "cases_team"), ("cases_person_stays", "auth_user"), ("cases_person_leaves", "auth_user"),
    ("cases_promise_owner", "cases_commitment"), ("cases_offer_owner", "cases_handover"),
    ("cases_offer_owner", "cases_case"), ("cases_offer_guard", "cases_handover"), ("cases_owner_told", "cases_case"),
    ("cases_owner_active", "cases_case"),
)  # fmt: skip
GONE = "\n".join(
    [f"DROP TRIGGER {name} ON {table};" for name, table in TRIGGERS]
    + [f"DROP FUNCTION {name}();" for name in dict.fromkeys(name for name, _ in TRIGGERS)]
    + ["DROP FUNCTION cases_must_be_active(integer, text);"]
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_mail"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [migrations.RunSQL(HELPERS + CASES + OFFERS + PROMISES + PEOPLE, GONE)]
