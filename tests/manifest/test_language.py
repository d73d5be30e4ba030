"""The template language, the times and the lines of keys: whatever is written or sent, they never crash or guess."""

import contextlib
import string
import tomllib
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tomlkit
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.sdk.manifest import ManifestError, compiled
from connectors.sdk.manifest.moments import NAMED, TimeFormat, format_problem
from connectors.sdk.manifest.positions import lines_of
from connectors.sdk.manifest.templates import NotThere, parse
from connectors.sdk.manifest.values import compile_value
from tests.manifest.conftest import DEPOT

HELSINKI = ZoneInfo("Europe/Helsinki")
NAMES = st.text(string.ascii_letters + "_", min_size=1, max_size=8)
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8,
)  # fmt: skip
FEW = settings(max_examples=40, deadline=None)


@FEW
@given(st.lists(st.text(max_size=9) | NAMES.map(lambda n: (n,)) | st.tuples(NAMES, NAMES), max_size=5), JSON)
def test_a_text_taken_apart_is_put_together_again(parts: list[Any], body: Any) -> None:
    plain = [p.replace("{", "{{").replace("}", "}}") if isinstance(p, str) else f"{{{'.'.join(p)}}}" for p in parts]
    template = parse("".join(plain))
    assert template.names == [p for p in parts if isinstance(p, tuple)]
    values = {name[0]: {name[1]: "v"} if name[1:] else "v" for name in template.names}
    if len({n[0]: n for n in template.names}) == len(set(template.names)):
        assert template.said(values) == "".join(p if isinstance(p, str) else "v" for p in parts)


@FEW
@given(st.text(alphabet="{}ab. |!:[]()'0", max_size=14))
@example("{a if b}")
@example("{a[0]}")
@example("{a.}")
@example("{{}")
def test_any_text_is_a_template_or_is_refused_with_the_rule(text: str) -> None:
    try:
        template = parse(text)
    except ValueError as error:
        assert "wants a connector.py" in str(error)
    else:
        assert all(part.isidentifier() for path in template.names for part in path)


def test_names_of_fields_may_have_what_json_often_has() -> None:
    assert parse("{@type} {order-number.$id}").names == [("@type",), ("order-number", "$id")]


@FEW
@given(JSON, st.sampled_from(["{a}", "{a.b}", "x {a}", "{a.b.c} {a}"]))
def test_a_field_of_any_shape_is_a_text_or_a_sentence(sent: Any, text: str) -> None:
    template, body = parse(text), {"a": sent}
    with contextlib.suppress(ValueError):
        assert isinstance(template.said(body), str)
    with contextlib.suppress(ValueError):
        assert all(isinstance(one, str) and one for one in template.every(body))
    with pytest.raises(NotThere):
        template.said({})


FORMS = [
    {"money": "{a}", "currency": "{b}"}, {"minor": "{a}", "currency": "EUR"}, {"number": "{a}"},
    {"value": "{a}", "table": {"1": "one"}}, {"each": "a", "x": "{b}", "y": "{record.b}"}, ["{a}", {"c": "{b}"}], "{a}",
]  # fmt: skip


@FEW
@given(JSON, JSON, st.sampled_from(FORMS))
def test_a_value_is_plain_json_or_a_sentence(a: Any, b: Any, form: Any) -> None:
    import json

    with contextlib.suppress(ValueError):
        json.dumps(compile_value(form)({"a": a, "b": b}), allow_nan=False)


@FEW
@given(JSON | st.text("0123456789-T:Z+. ", max_size=25), st.sampled_from([*NAMED, "%d.%m.%Y %H:%M", "%Y%m%d"]))
def test_a_time_of_any_shape_is_aware_or_a_day_or_a_sentence(sent: Any, format: str) -> None:
    try:
        found = TimeFormat(format).read(sent, HELSINKI)
    except ValueError:
        return
    assert isinstance(found, datetime) and found.tzinfo is not None or type(found) is date


INSTANTS = st.integers(31_536_000, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@FEW
@given(INSTANTS, st.sampled_from([*NAMED, "%d.%m.%Y %H:%M:%S %z"]))
def test_a_time_that_is_written_is_read_as_the_same_instant(when: datetime, format: str) -> None:
    how = TimeFormat(format)
    assert how.read(how.write(when, HELSINKI), HELSINKI) == when


@FEW
@given(INSTANTS)
def test_a_time_that_is_written_without_a_zone_is_never_later_than_it_was(when: datetime) -> None:
    how = TimeFormat("%d.%m.%Y %H:%M")
    found = how.read(how.write(when, HELSINKI), HELSINKI)
    assert isinstance(found, datetime) and timedelta(0) <= when - found < timedelta(minutes=61)


@pytest.mark.parametrize(
    ("sent", "format", "zone", "expected"),
    [
        ("2026-03-02T09:12:00", "iso", "", "2026-03-02T07:12:00"),
        ("2026-03-02T09:12:00", "iso", "UTC", "2026-03-02T09:12:00"),
        ("2026-03-02T09:12:00-05:00", "iso", "", "2026-03-02T14:12:00"),
        (1772443200, "unix", "", "2026-03-02T09:20:00"), (1772443200000, "unix_ms", "", "2026-03-02T09:20:00"),
        ("1772443200.5", "unix", "", "2026-03-02T09:20:00.500000"),
        ("Mon, 02 Mar 2026 09:12:00 +0200", "rfc2822", "", "2026-03-02T07:12:00"),
        ("02 Mar 2026 09:12:00", "rfc2822", "", "2026-03-02T07:12:00"),
        ("Mon, 02 Mar 2026 09:12:00 -0000", "rfc2822", "", "2026-03-02T09:12:00"),
        ("02.03.2026 09:12", "%d.%m.%Y %H:%M", "", "2026-03-02T07:12:00"),
        ("20260302091200+0100", "%Y%m%d%H%M%S%z", "", "2026-03-02T08:12:00"),
    ],
)  # fmt: skip
def test_times_in_the_common_formats(sent: Any, format: str, zone: str, expected: str) -> None:
    found = TimeFormat(format, zone).read(sent, HELSINKI)
    assert isinstance(found, datetime) and found.astimezone(UTC).replace(tzinfo=None).isoformat() == expected


@pytest.mark.parametrize(
    ("sent", "format"), [("2026-03-02", "iso"), ("02.03.2026", "%d.%m.%Y"), ("20260302", "%Y%m%d")]
)
def test_a_day_stays_a_day(sent: str, format: str) -> None:
    assert TimeFormat(format).read(sent, HELSINKI) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("sent", "format"),
    [
        ("2026-03-29T03:30:00", "iso"), ("1763308867000", "unix"), ("1e9", "unix"), (True, "unix"),
        ("1_000", "unix_ms"), ("02 Mar 2026 09:12:00 XYZ", "rfc2822"), ("2026-03-02", "%d.%m.%Y"),
        ("31.02.2026", "%d.%m.%Y"), (20260302, "iso"),
        ("infinity", "unix"), ("-5000000000000", "unix_ms"),
    ],
)  # fmt: skip
def test_a_time_that_is_not_certain_is_no_time(sent: Any, format: str) -> None:
    with pytest.raises(ValueError):
        TimeFormat(format).read(sent, HELSINKI)


@pytest.mark.parametrize("format", ["", "epoch", "%d.%m. %H:%M", "%Y-%m-%d %I:%M", "%Y-%m-%d %Z", "%Q", "%H:%M"])
def test_a_format_that_would_leave_something_to_guess_is_refused(format: str) -> None:
    assert format_problem(format)


KEYS = st.text("ab-_.\"' {}[]#=é", min_size=1, max_size=5)
TABLES: Any = st.recursive(
    st.booleans() | st.integers(0, 9) | st.text("a#\"'{}[],=\n\\", max_size=6),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=3), max_leaves=8,
)  # fmt: skip


def places(value: Any, place: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {place}.union(*(places(one, (*place, key)) for key, one in inside))


@FEW
@given(st.dictionaries(KEYS, TABLES, max_size=4))
def test_every_key_of_any_toml_has_its_line(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    raw, lines = tomllib.loads(text), lines_of(text)
    assert places(raw) <= set(lines) and max(lines.values()) <= text.count("\n") + 1


@FEW
@given(st.integers(0, len(DEPOT) - 1), st.text('"{}[]=.#\n a1é', max_size=3), st.integers(0, 4))
def test_a_manifest_that_was_mistyped_is_sound_or_told_with_its_lines(at: int, typed: str, gone: int) -> None:
    text = DEPOT[:at] + typed + DEPOT[at + gone :]
    try:
        compiled(text)
    except ManifestError as error:
        assert all(1 <= one.line <= text.count("\n") + 1 and one.sentence.endswith(".") for one in error.problems)
