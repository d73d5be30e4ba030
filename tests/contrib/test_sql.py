"""Views of a real PostgreSQL, read through a role that may only read."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from connectors.conformance.running import conform
from connectors.conformance.subject import subject_of
from connectors.contrib.sql.connector import SqlConnector
from connectors.sdk import BadCredentials, BadSettings, Ref, Refused, TryAgain
from connectors.sdk.calls import call
from connectors.sdk.http import Http
from tests.contrib.conftest import ask, facts
from tests.contrib.stalling import Stalling
from tests.database import TestDatabase, url_with_name

VIEWS = """
[record.refund]
view = "reporting.refunds"
id = "{refund_no}"
updated = "changed_at"
refs = { order = "{order_no}", refund = "{refund_no}", email = "{Customer-Mail}" }
status = "{status}"
statuses = { SENT = ["refund.submitted"], PAID = ["refund.submitted", "refund.paid"], VOID = [] }
status_at = "{changed_at}"
fact."refund.submitted" = { amount = { money = "{amount}", currency = "{currency}" } }
fact."refund.paid" = { amount = { money = "{amount}", currency = "{currency}" } }

[record.parcel]
view = "reporting.parcels"
id = "{parcel_id}"
updated = "scanned"
refs = { order = "{order_no}" }
ask = { order = "order_no", shipment = "parcel_id" }
fact."shipment.delivered" = { at = "{scanned}", carrier = "{carrier}" }
"""
SCHEMA = """
DROP SCHEMA IF EXISTS reporting CASCADE;
CREATE SCHEMA reporting;
CREATE TABLE reporting.refund_rows (refund_no text PRIMARY KEY, order_no text, "Customer-Mail" text, status text,
    amount numeric(12,2), currency text, changed_at timestamptz DEFAULT now());
CREATE VIEW reporting.refunds AS SELECT * FROM reporting.refund_rows;
CREATE TABLE reporting.parcels (parcel_id bigint PRIMARY KEY, order_no text, carrier text, scanned timestamp);
"""
MAYA = ("R-1", "48-1", "Maya@Example.com", "PAID", "84.90", "EUR", "2026-11-03T10:00:00+02:00")


class Warehouse:
    """A schema of the run's database, seen by its owner; ``url`` is that of the role that may only read."""

    def __init__(self, owner: psycopg.Connection[Any], url: str) -> None:
        self.owner, self.url = owner, url

    def refund(self, *values: str) -> None:
        self.owner.execute("INSERT INTO reporting.refund_rows VALUES (%s, %s, %s, %s, %s, %s, %s)", values)

    def refunds(self, count: int, at: datetime) -> None:
        self.owner.execute(
            "INSERT INTO reporting.refund_rows SELECT 'B-' || lpad(n::text, 5, '0'), '49-' || n, NULL, 'SENT', 1,"
            " 'EUR', %s FROM generate_series(1, %s) n", [at, count],
        )  # fmt: skip


@pytest.fixture(scope="module")
def reader(test_database: TestDatabase) -> Iterator[Warehouse]:
    """A warehouse of another owner; the run's lesser role may read two of its views and nothing else."""
    place = conninfo_to_dict(test_database.app_url)
    with test_database.connect(as_owner=True) as owner:
        owner.autocommit = True
        owner.execute(SCHEMA)
        owner.execute("REVOKE ALL ON ALL TABLES IN SCHEMA reporting FROM PUBLIC, {}".format(place["user"]))
        owner.execute("GRANT USAGE ON SCHEMA reporting TO PUBLIC")
        owner.execute("GRANT SELECT ON reporting.refunds, reporting.parcels TO PUBLIC")
        yield Warehouse(owner, url_with_name(test_database.app_url, test_database.name))
        owner.execute("DROP SCHEMA reporting CASCADE")


@pytest.fixture
def warehouse(reader: Warehouse) -> Warehouse:
    reader.owner.execute("TRUNCATE reporting.refund_rows, reporting.parcels")
    return reader


Make = Callable[..., SqlConnector]


@pytest.fixture
def sql(warehouse: Warehouse) -> Make:
    def made(**settings: Any) -> SqlConnector:
        given = {"address_secret": warehouse.url, "views": VIEWS, "internal": True, "zone": "Europe/Helsinki"}
        chosen = SqlConnector.Settings(**{**given, **settings})
        return SqlConnector(chosen, Http(chosen.base_url, name="Warehouse"))

    return made


def test_a_row_is_found_by_each_of_its_references(warehouse: Warehouse, sql: Make) -> None:
    warehouse.refund(*MAYA)
    for ref in ("order:48-1", "refund:R-1", "email:maya@example.com"):
        found = ask(sql(), ref)
        assert [(r.type, r.id) for r in found.rows] == [("refund", "R-1")] and found.complete
    submitted, paid = facts(sql(), ask(sql(), "order:48-1").rows)
    assert paid.data["amount"] == {"amount": "84.90", "currency": "EUR"}
    assert paid.occurred == datetime(2026, 11, 3, 8, tzinfo=UTC) and submitted.implied
    assert Ref("email", "maya@example.com") in paid.refs


def test_a_time_without_a_zone_is_meant_in_the_sources(warehouse: Warehouse, sql: Make) -> None:
    warehouse.owner.execute("INSERT INTO reporting.parcels VALUES (7, '48-1', 'Posti', '2026-11-03 10:00')")
    (delivered,) = facts(sql(), ask(sql(), "shipment:7").rows)
    assert delivered.occurred == datetime(2026, 11, 3, 8, tzinfo=UTC)


def test_what_is_not_there_is_nothing_and_says_of_which_kinds(sql: Make) -> None:
    found = ask(sql(), "order:48-999")
    assert not found.rows and found.complete
    assert set(found.kinds or ()) == {"refund.submitted", "refund.paid", "shipment.delivered"}
    assert ask(sql(), "return:R-1").kinds == ()  # no view can be asked about returns


@pytest.mark.parametrize(
    "value", ["x'; DROP SCHEMA reporting CASCADE; --", "%", "'", "\\", "{}", "7 OR 1=1", "é🛒", "%s"]
)
def test_a_value_is_only_ever_a_value(warehouse: Warehouse, sql: Make, value: str) -> None:
    warehouse.refund(*MAYA)
    for scheme in ("order", "shipment", "email"):
        assert not ask(sql(), f"{scheme}:{value}").rows
    assert ask(sql(), "order:48-1").rows


def test_a_view_that_leaves_out_rows_never_proves_an_absence(sql: Make) -> None:
    partly = VIEWS.replace('view = "reporting.refunds"', 'view = "reporting.refunds"\ncomplete = false')
    found = ask(sql(views=partly), "order:48-999")
    assert not found.complete and "leaves out" in found.reason


def polled(connector: SqlConnector, cursor: str | None) -> tuple[list[str], str]:
    pages = list(connector.changes(cursor))
    return [row.id for page in pages for row in page.rows], pages[-1].cursor


def test_polling_begins_now_and_tells_what_is_new_and_late(warehouse: Warehouse, sql: Make) -> None:
    now = datetime.now(UTC)
    warehouse.refunds(1, now - timedelta(hours=1))
    connector = sql()
    (start,) = connector.changes(None)
    assert not start.rows
    warehouse.refund("R-2", "48-2", "", "SENT", "1", "EUR", now.isoformat())
    ids, cursor = polled(connector, start.cursor)
    assert ids == ["R-2"]
    # A transaction that began before the last poll, and was committed after it.
    warehouse.refund("R-1", "48-1", "", "SENT", "1", "EUR", (now - timedelta(minutes=4)).isoformat())
    warehouse.refund("R-0", "48-0", "", "SENT", "1", "EUR", (now - timedelta(minutes=6)).isoformat())
    assert polled(connector, cursor)[0] == ["R-1", "R-2"]
    assert polled(sql(overlap_s=0), cursor)[0] == ["R-2"]


def test_thousands_of_rows_of_one_instant_are_each_told_once_wherever_reading_stops(
    warehouse: Warehouse, sql: Make
) -> None:
    warehouse.refunds(1700, datetime(2026, 1, 1, tzinfo=UTC))
    connector, told = sql(), []
    cursor = connector.cursor_at(None)
    for _ in range(4):  # one page, then the process is gone
        page = next(iter(connector.changes(cursor)))
        told += [row.id for row in page.rows]
        cursor = page.cursor
    assert len(told) == len(set(told)) == 1700
    assert json.loads(cursor)["refund"][2] is True


def test_a_row_from_the_future_waits_and_stops_nothing(warehouse: Warehouse, sql: Make) -> None:
    now = datetime.now(UTC)
    warehouse.refund("R-9", "48-9", "", "SENT", "1", "EUR", (now + timedelta(days=700)).isoformat())
    warehouse.refund("R-1", "48-1", "", "SENT", "1", "EUR", (now - timedelta(seconds=5)).isoformat())
    connector = sql()
    ids, cursor = polled(connector, connector.cursor_at(now - timedelta(days=1)))
    assert ids == ["R-1"] and polled(connector, cursor)[0] == ["R-1"]


def test_a_backfill_begins_at_the_given_time_in_columns_without_a_zone_too(warehouse: Warehouse, sql: Make) -> None:
    for id, scanned in ((1, "2026-11-03 09:59:59"), (2, "2026-11-03 10:00:00")):
        warehouse.owner.execute("INSERT INTO reporting.parcels VALUES (%s, '48-1', 'Posti', %s)", [id, scanned])
    connector = sql(overlap_s=0)
    assert polled(connector, connector.cursor_at(datetime(2026, 11, 3, 8, tzinfo=UTC)))[0] == ["2"]


def test_the_check_reads_each_view_and_refuses_a_role_that_may_write(
    warehouse: Warehouse, sql: Make, test_database: TestDatabase
) -> None:
    assert sql().check() == "The database answers; reporting.refunds, reporting.parcels can be read."
    mighty = url_with_name(test_database.owner_url, test_database.name)
    with pytest.raises(BadSettings, match="may only read"):
        sql(address_secret=mighty).check()


@pytest.mark.parametrize(
    ("change", "error", "why"),
    [(("reporting.refunds", "reporting.nowhere"), BadSettings, "does not exist"),
     (('updated = "changed_at"', 'updated = "status_at"'), BadSettings, "status_at"),
     (("{order_no}", "{number}"), BadSettings, "number"),
     (("reporting.refunds", "reporting.refund_rows"), Refused, "SELECT")],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_named(sql: Make, change: tuple[str, str], error: type, why: str) -> None:
    with pytest.raises(error, match=why):
        sql(views=VIEWS.replace(*change)).check()


def test_another_password_is_told_to_the_integrator(warehouse: Warehouse, sql: Make) -> None:
    place = conninfo_to_dict(warehouse.url)
    given = {name: place[name] for name in ("host", "port", "user")} | {"database": place["dbname"]}
    assert ask(sql(address_secret="", **given, password=place["password"]), "order:48-1").complete
    with pytest.raises(BadCredentials) as caught:
        ask(sql(address_secret="", **given, password="a-wrong-one"), "order:48-1")
    assert "a-wrong-one" not in caught.value.detail
    with pytest.raises(BadSettings, match="no such database"):
        ask(sql(address_secret=warehouse.url + "_gone"), "order:48-1")


def test_a_place_inside_a_private_network_must_be_meant(sql: Make) -> None:
    with pytest.raises(BadSettings, match="private network"):
        sql(internal=False).check()


def test_nothing_can_be_written_even_where_the_role_could(warehouse: Warehouse, sql: Make, test_database: Any) -> None:
    warehouse.owner.execute(
        "CREATE OR REPLACE FUNCTION reporting.spoil() RETURNS text LANGUAGE sql SECURITY DEFINER AS"
        " $$ INSERT INTO reporting.refund_rows (refund_no) VALUES ('X') RETURNING refund_no $$;"
        " CREATE OR REPLACE VIEW reporting.spoiled AS SELECT reporting.spoil() AS refund_no;"
        " GRANT SELECT ON reporting.spoiled TO PUBLIC"
    )
    spoilt = '[record.refund]\nview = "reporting.spoiled"\nid = "{refund_no}"\nrefs = { refund = "{refund_no}" }\n'
    with pytest.raises(Exception, match="could not answer"):
        ask(sql(views=spoilt + 'fact."acme.seen" = { said = "Seen" }'), "refund:X")
    assert not warehouse.owner.execute("SELECT 1 FROM reporting.refund_rows").fetchall()


@pytest.mark.alone
def test_a_slow_view_is_given_up_within_the_call(warehouse: Warehouse, sql: Make) -> None:
    warehouse.owner.execute(
        "CREATE OR REPLACE VIEW reporting.slow AS SELECT 'R'::text || pg_sleep(20)::text AS refund_no;"
        " GRANT SELECT ON reporting.slow TO PUBLIC"
    )
    slow = '[record.refund]\nview = "reporting.slow"\nid = "{refund_no}"\nrefs = { refund = "{refund_no}" }\n'
    started = time.monotonic()
    with call(0.7), pytest.raises(TryAgain, match="within 0.7 s"):
        ask(sql(views=slow + 'fact."acme.seen" = { said = "Seen" }'), "refund:R")
    assert time.monotonic() - started < 1.5


@pytest.mark.alone
def test_a_line_that_goes_dead_is_cut_within_the_call(warehouse: Warehouse, sql: Make) -> None:
    warehouse.refund(*MAYA)
    place = conninfo_to_dict(warehouse.url)
    line = Stalling(str(place["host"]), int(str(place["port"])))
    connector = sql(address_secret=warehouse.url.replace(f":{place['port']}/", f":{line.port}/"))
    answers = connector.lookup([Ref("order", "48-1"), Ref("order", "48-2")])
    started = time.monotonic()
    with call(1.0):
        assert next(iter(answers)).rows
        line.stalled.set()
        with pytest.raises(TryAgain, match="within"):
            next(iter(answers))
    assert time.monotonic() - started < 2
    line.close()


def test_the_mapping_says_what_is_wrong_with_it_and_where(sql: Make) -> None:
    with pytest.raises(ValueError, match="id must be one column"):
        sql(views=VIEWS.replace('id = "{refund_no}"', 'id = "R-{refund_no}"'))
    with pytest.raises(ValueError, match="line 3"):
        sql(views='[record.refund]\nview = "a.b"\nid = {x}\n')
    with pytest.raises(ValueError, match="give address_secret"):
        sql(address_secret="")


def test_it_is_held_to_what_all_connectors_are(warehouse: Warehouse) -> None:
    warehouse.refund(*MAYA)
    results = list(conform(subject_of(SqlConnector, "sql", {"database": warehouse.url})))
    assert {r.id: r.why for r in results if r.status == "failed"} == {}
    assert {"lookup-same-twice", "changes-same-twice"} <= {r.id for r in results if r.status == "passed"}
