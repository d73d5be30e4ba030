"""What Django's models can't say: references begin at five digits, and a case always has its main question."""

from django.db import migrations

SEQUENCE = """
DO $$ BEGIN
    EXECUTE format('ALTER SEQUENCE %s START WITH 20418 RESTART', pg_get_serial_sequence('cases_case', 'id'));
END $$
"""
MAIN_QUESTION = """
CREATE FUNCTION cases_main_question() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
BEGIN
    IF TG_TABLE_NAME = 'cases_case' THEN
        wanted := NEW.id;
    ELSE
        wanted := OLD.case_id;
    END IF;
    IF EXISTS (SELECT 1 FROM cases_case WHERE id = wanted)
       AND NOT EXISTS (SELECT 1 FROM cases_casequestion WHERE case_id = wanted AND main) THEN
        RAISE EXCEPTION 'case % has no main question', wanted USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cases_main_question AFTER INSERT ON cases_case DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION cases_main_question();
CREATE CONSTRAINT TRIGGER cases_main_question AFTER UPDATE OR DELETE ON cases_casequestion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_main_question();
"""
GONE = """
DROP TRIGGER cases_main_question ON cases_case;
DROP TRIGGER cases_main_question ON cases_casequestion;
DROP FUNCTION cases_main_question();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial")]
    operations = [
        migrations.RunSQL(SEQUENCE, migrations.RunSQL.noop),
        migrations.RunSQL(MAIN_QUESTION, GONE),
    ]
