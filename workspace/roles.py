"""Who may do what to which table, applied after every migration by the owning role.

The application's role reads and writes ordinary tables. On *history* it may only read and add. A model says that it
is history by the class attribute `history_updates`: the names of the fields which may be set once, from NULL, after
the row was written; `()` for none. Triggers hold the same for every other role, the owner included, until the owner
disables them on purpose. One database function may take content out of history, lawfully; while it runs, and for the
transaction that it has written down in `cases_erasure`, the guards of the tables in `ERASABLE` let it pass.
"""

from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

ERASABLE = (
    "access_accessgrant", "cases_access", "cases_eventpayload", "cases_inmail", "cases_mailfile", "cases_statement",
    "customers_merge", "host_check", "host_checkref", "host_digestpart", "host_factpayload", "host_factref",
    "host_inbound", "host_malformed", "host_rawrow", "host_refvalue", "host_sourcelog",
)  # fmt: skip
"""Tables of history whose rows hold content that may be erased. Events, facts, digests and anchors are none of them."""
ERASING = Path(__file__).parents[1] / "cases" / "retention"
GUARD = f"""
CREATE OR REPLACE FUNCTION history_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
DECLARE
    was jsonb;
    now_ jsonb;
    once text[] := coalesce(TG_ARGV[:], '{{}}');
    name text;
BEGIN
    IF coalesce(current_setting('throughline.erasing', true), '') <> '' AND TG_LEVEL = 'ROW'
        AND TG_TABLE_NAME IN ({", ".join(f"'{name}'" for name in ERASABLE)}) THEN
        IF EXISTS (SELECT FROM public.cases_erasure e WHERE e.id = current_setting('throughline.erasing')::bigint
                   AND e.counts IS NULL AND e.xact = (pg_current_xact_id()::text)::bigint) THEN
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        was := to_jsonb(OLD);
        now_ := to_jsonb(NEW);
        FOREACH name IN ARRAY once LOOP
            IF was ->> name IS NOT NULL AND was -> name IS DISTINCT FROM now_ -> name THEN
                RAISE EXCEPTION 'history: %.% is set already', TG_TABLE_NAME, name
                    USING ERRCODE = 'integrity_constraint_violation', HINT = 'Add a new row instead.';
            END IF;
        END LOOP;
        IF (was - once) = (now_ - once) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'history: % of % is not allowed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', HINT = 'Add a new row instead.';
END
$guard$
"""


def history_columns(model: type[models.Model]) -> tuple[str, ...] | None:
    """The columns of a history model that may be set once, or None for an ordinary model."""
    names = getattr(model, "history_updates", None)
    if names is None:
        return None
    return tuple(str(model._meta.get_field(name).column) for name in names)  # type: ignore[union-attr]


def rights_apply(sender: AppConfig, using: str, **_: Any) -> None:
    """Receiver of `post_migrate`: grants and history triggers for the tables of one app."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    app_role = str(settings.DATABASES["default"]["USER"])
    granted = app_role if app_role and app_role != connection.settings_dict["USER"] else None
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        # Sent once for each app that has models, in an order that is Django's: every call stands by itself.
        cursor.execute(GUARD)
        if granted:
            _grant_common(cursor, granted)
        for model in sender.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy and model._meta.db_table in existing:
                table_guard(cursor, model._meta.db_table, history_columns(model), granted)
        if sender.label == "cases" and "cases_erasure" in existing:
            _erasing(cursor, granted)
        if granted:
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {_name(granted)}")


def _grant_common(cursor: CursorWrapper, role: str) -> None:
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {_name(role)}")
    cursor.execute(f"GRANT SELECT ON django_migrations TO {_name(role)}")


def _erasing(cursor: CursorWrapper, role: str | None) -> None:
    """The functions that erase, owned by whoever migrates; the application may call them, and nobody else."""
    for name in ("naming.sql", "reach.sql", "check.sql", "erase.sql"):
        cursor.execute((ERASING / name).read_text())
    for name in ("history_erase(jsonb)", "history_forgotten()"):
        cursor.execute(f"REVOKE ALL ON FUNCTION public.{name} FROM PUBLIC")
        if role:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION public.{name} TO {_name(role)}")


def table_guard(cursor: CursorWrapper, table: str, once: tuple[str, ...] | None, role: str | None) -> None:
    """Grants and triggers of one table: history if `once` is a tuple (of columns to set once), else ordinary.

    `role` is the application's, or None where it owns the tables itself and triggers alone protect them.
    """
    where = _name(table)
    if role:
        cursor.execute(f"REVOKE ALL ON {where} FROM {_name(role)}")
        if once is None:
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {where} TO {_name(role)}")
        else:
            cursor.execute(f"GRANT SELECT, INSERT ON {where} TO {_name(role)}")
            if once:
                cursor.execute(f"GRANT UPDATE ({', '.join(map(_name, once))}) ON {where} TO {_name(role)}")
    cursor.execute(f"DROP TRIGGER IF EXISTS history_rows ON {where}")
    cursor.execute(f"DROP TRIGGER IF EXISTS history_truncate ON {where}")
    if once is None:
        return
    arguments = ", ".join("'" + column.replace("'", "''") + "'" for column in once)
    cursor.execute(
        f"CREATE TRIGGER history_rows BEFORE UPDATE OR DELETE ON {where}"
        f" FOR EACH ROW EXECUTE FUNCTION history_guard({arguments})"
    )
    cursor.execute(
        f"CREATE TRIGGER history_truncate BEFORE TRUNCATE ON {where}"
        " FOR EACH STATEMENT EXECUTE FUNCTION history_guard()"
    )


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
