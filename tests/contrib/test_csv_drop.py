"""CSV files dropped into a real folder."""

import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.conformance.running import conform
from connectors.conformance.subject import subject_of
from connectors.contrib.csv_drop.connector import CsvDropConnector
from connectors.contrib.csv_drop.lines import Lines, Place
from connectors.sdk import BadSettings, Ref, Row, TryAgain
from connectors.sdk.http import Http
from tests.contrib.conftest import facts

ROWS = """
times = "%d.%m.%Y"
[record.return]
files = "returns*.csv"
id = "{RMA}"
refs = { return = "{RMA}", order = "{Order_No}" }
status = "{Status}"
statuses = { EXPECTED = ["return.requested"], RECEIVED = ["return.requested", "return.received"], OPEN = [] }
status_at = "{Date}"

[record.scan]
files = "scans*.csv"
id = "{file}:{line}"
refs = { shipment = "{parcel}" }
fact."shipment.delivered" = { at = "{day}", carrier = "{carrier}" }
"""
HEAD = "RMA;Order No;Status;Date\r\n"
OLD = datetime(2026, 11, 3, 8, tzinfo=UTC).timestamp()
Make = Callable[..., CsvDropConnector]


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the old system drops its files into."""
    folder = tmp_path / "share" / "wms"
    folder.mkdir(parents=True)
    monkeypatch.setenv("CSV_DROP_ROOT", str(tmp_path / "share"))
    return folder


@pytest.fixture
def csv_drop(drop: Path) -> Make:
    def made(**settings: object) -> CsvDropConnector:
        chosen = CsvDropConnector.Settings(**{"folder": "wms", "rows": ROWS, "delimiter": ";", **settings})
        return CsvDropConnector(chosen, Http(chosen.base_url))

    return made


def put(folder: Path, name: str, text: str | bytes, at: float = OLD) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (at, at))
    return path


def polled(connector: CsvDropConnector, cursor: str | None = None) -> tuple[list[Row], str]:
    pages = list(connector.changes(cursor or connector.cursor_at(None)))
    return [row for page in pages for row in page.rows], pages[-1].cursor


def reasons(connector: CsvDropConnector, rows: list[Row]) -> list[str]:
    found = []
    for row in rows:
        try:
            list(connector.read(row))
        except ValueError as error:
            found.append(str(error))
    return found


def test_a_line_is_a_row_and_its_status_is_read(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns-1.csv", HEAD + "RMA-1;48/1 «é»;RECEIVED;03.11.2026\r\n\r\nRMA-2;48-2;OPEN;\r\n")
    rows, _ = polled(csv_drop())
    assert [row.id for row in rows] == ["RMA-1", "RMA-2"]
    requested, received = facts(csv_drop(), rows)
    assert received.kind == "return.received" and received.occurred == date(2026, 11, 3)
    assert Ref("order", "48/1 «é»") in received.refs and requested.implied


def test_polling_begins_now_and_tells_each_new_file_once(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns-1.csv", HEAD + "RMA-1;48-1;OPEN;\n")
    (start,) = csv_drop().changes(None)
    put(drop, "returns-2.csv", HEAD + "RMA-2;48-2;OPEN;\n")
    put(drop, "scans.csv", "parcel;day;carrier\nP-7;03.11.2026;Posti\n")
    put(drop, "readme.txt", "nothing for us")
    rows, cursor = polled(csv_drop(), start.cursor)
    assert [row.id for row in rows] == ["RMA-2", "scans.csv:2"]
    assert polled(csv_drop(), cursor)[0] == []


def test_a_file_that_grew_or_was_replaced_is_read_again_and_has_the_later_word(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns.csv", HEAD + "RMA-1;48-1;EXPECTED;01.11.2026\n")
    (first,), cursor = polled(csv_drop())
    put(drop, "returns.csv", HEAD + "RMA-1;48-1;RECEIVED;03.11.2026\n", OLD + 60)
    (again,), _ = polled(csv_drop(), cursor)
    assert isinstance(first.version, int) and isinstance(again.version, int) and again.version > first.version


def test_of_two_files_the_newer_has_the_later_word_whatever_their_names(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns-a.csv", HEAD + "RMA-1;48-1;RECEIVED;03.11.2026\n", OLD + 60)
    put(drop, "returns-b.csv", HEAD + "RMA-1;48-1;EXPECTED;01.11.2026\n", OLD)
    rows, _ = polled(csv_drop())
    assert [row.body["file"] for row in sorted(rows, key=lambda r: r.version or 0)] == [
        "returns-b.csv",
        "returns-a.csv",
    ]


def test_a_file_that_is_still_written_is_left_until_it_is_quiet(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns.csv", HEAD + "RMA-1;48-1;OP", at=datetime.now(UTC).timestamp())
    rows, cursor = polled(csv_drop(quiet_s=30))
    assert rows == []
    put(drop, "returns.csv", HEAD + "RMA-1;48-1;OPEN;\n")
    assert [row.id for row in polled(csv_drop(quiet_s=30), cursor)[0]] == ["RMA-1"]


def test_a_file_may_wait_for_its_mark(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns.csv", HEAD + "RMA-1;48-1;OPEN;\n")
    connector = csv_drop(whole="done")
    rows, cursor = polled(connector)
    assert rows == []
    put(drop, "returns.csv.done", "")
    assert [row.id for row in polled(connector, cursor)[0]] == ["RMA-1"]


def test_a_bad_line_is_malformed_with_its_number_and_costs_no_other(drop: Path, csv_drop: Make) -> None:
    lines = [
        "RMA-1;48-1;OPEN;",
        "RMA-2;48-2",
        'RMA-3;"48-3;OPEN;',
        "RMA-4;48-4;LOST;",
        ";48-5;OPEN;",
        "RMA-6;48-6;OPEN;",
    ]
    put(drop, "returns.csv", (HEAD + "\n".join(lines) + "\nRMA-7;48-7;\xff;\n").encode("latin-1"))
    connector = csv_drop()
    rows, _ = polled(connector)
    assert [row.id for row in rows][::5] == ["RMA-1", "RMA-6"] and len(rows) == 7
    said = reasons(connector, rows)
    assert said[0] == "Line 3 of returns.csv: It has 2 columns, and the first line names 4."
    assert said[1].startswith("Line 4 of returns.csv: It is no CSV") and "'LOST' is not named" in said[2]
    assert "charset" in said[3] and rows[4].id == ""  # a row without a name is kept as unreadable by the host


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "is empty"), ("RMA;Order No;RMA;Status\n1;2;3;4\n", "RMA more than once"),
     ("RMA;Order;Status\n1;2;OPEN\n", "does not name Order_No"), ('"RMA;Order No\n', "no CSV")],
)  # fmt: skip
def test_a_file_without_its_columns_is_one_malformed_row(drop: Path, csv_drop: Make, text: str, why: str) -> None:
    put(drop, "returns.csv", text)
    put(drop, "returns-2.csv", HEAD + "RMA-9;48-9;OPEN;\n", OLD + 1)
    connector = csv_drop()
    rows, cursor = polled(connector)
    (said,) = reasons(connector, rows)
    assert why in said and [row.id for row in rows] == ["returns.csv:1", "RMA-9"]
    assert polled(connector, cursor)[0] == []
    with pytest.raises(BadSettings, match="returns.csv can't be read"):
        connector.check()


def test_reading_goes_on_where_it_was_cut_short(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns.csv", HEAD + "".join(f'RMA-{n};"48\n{n}";OPEN;\n' for n in range(1300)))
    cursor, told = csv_drop().cursor_at(None), []
    for _ in range(3):  # one page, then the process is gone
        page = next(iter(csv_drop().changes(cursor)))
        told += [row.id for row in page.rows]
        cursor = page.cursor
    assert told == [f"RMA-{n}" for n in range(1300)]
    assert json.loads(cursor)["files"]["returns.csv"][2] == -1


def test_a_backfill_begins_at_the_given_time(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns-1.csv", HEAD + "RMA-1;48-1;OPEN;\n", OLD)
    put(drop, "returns-2.csv", HEAD + "RMA-2;48-2;OPEN;\n", OLD + 60)
    since = csv_drop().cursor_at(datetime.fromtimestamp(OLD + 30, UTC))
    assert [row.id for row in polled(csv_drop(), since)[0]] == ["RMA-2"]


def test_files_are_never_touched_and_those_that_went_are_forgotten(drop: Path, csv_drop: Make) -> None:
    path = put(drop, "returns.csv", HEAD + "RMA-1;48-1;OPEN;\n")
    before = (path.stat().st_mtime_ns, path.read_bytes(), sorted(os.listdir(drop)))
    _, cursor = polled(csv_drop())
    assert (path.stat().st_mtime_ns, path.read_bytes(), sorted(os.listdir(drop))) == before
    path.unlink()
    assert json.loads(polled(csv_drop(), cursor)[1])["files"] == {}


def test_only_folders_below_the_root_are_read(
    drop: Path, csv_drop: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").mkdir()
    (drop.parent / "out").symlink_to(tmp_path / "secret")
    for folder in ("..", "../secret", str(tmp_path / "secret"), "out", "/etc"):
        with pytest.raises(BadSettings, match="no folder below"):
            csv_drop(folder=folder).check()
    with pytest.raises(TryAgain, match="not there"):
        csv_drop(folder="gone").check()
    monkeypatch.delenv("CSV_DROP_ROOT")
    with pytest.raises(BadSettings, match="Set CSV_DROP_ROOT"):
        csv_drop().check()


def test_a_link_out_of_the_root_a_pipe_and_a_folder_are_no_files(drop: Path, csv_drop: Make, tmp_path: Path) -> None:
    put(tmp_path, "returns-secret.csv", HEAD + "RMA-X;48-X;OPEN;\n")
    (drop / "returns-link.csv").symlink_to(tmp_path / "returns-secret.csv")
    (drop / "returns-circle.csv").symlink_to(drop / "returns-circle.csv")
    (drop / "returns-nowhere.csv").symlink_to(drop / "nowhere")
    (drop / "returns-folder.csv").mkdir()
    os.mkfifo(drop / "returns-pipe.csv")
    put(drop, "returns-1.csv", HEAD + "RMA-1;48-1;OPEN;\n")
    (drop / "returns-inside.csv").symlink_to(drop / "returns-1.csv")
    assert {row.body["file"] for row in polled(csv_drop())[0]} == {"returns-1.csv", "returns-inside.csv"}


def test_the_check_says_how_many_files_there_are(drop: Path, csv_drop: Make) -> None:
    put(drop, "returns-1.csv", HEAD + "RMA-1;48-1;OPEN;\n")
    assert csv_drop().check() == "The folder can be read; it holds 1 files of these names."


def test_it_is_held_to_what_all_connectors_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSV_DROP_ROOT", tempfile.gettempdir())  # where the suite puts its copy of the recorded folder
    results = list(conform(subject_of(CsvDropConnector, "csv_drop")))
    assert {r.id: r.why for r in results if r.status == "failed"} == {}


CELLS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufffd"), max_size=8), min_size=2, max_size=2
).filter(lambda row: any(cell.strip() for cell in row))


@given(rows=st.lists(CELLS, max_size=8), stop=st.integers(0, 8))
def test_whatever_a_writer_of_csv_writes_is_read_back_from_any_place(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], stop: int
) -> None:
    import csv

    path = tmp_path_factory.mktemp("csv") / "some.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    with path.open("rb") as opened:
        found = list(Lines(opened, ",", "utf-8").records())
        place = found[stop - 1].after if 0 < stop <= len(found) else Place()
        rest = list(Lines(opened, ",", "utf-8").records(place))
    assert [list(r.columns.values()) for r in found] == [[c.strip() for c in row] for row in rows]
    assert [r.columns for r in rest] == [r.columns for r in found][stop if 0 < stop <= len(found) else 0 :]
