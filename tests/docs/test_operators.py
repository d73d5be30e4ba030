"""The page for operators names what there is, and all of it."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT, words
from workspace.celery import app
from workspace.env import Env

PAGE = words(ROOT / "docs/operators.md")
ROWS = {
    name: default
    for names, defaults in re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \| (.*?) \|", PAGE, re.M)
    for name, default in zip(
        re.findall(r"`(\w+)`", names),
        defaults.split(", ") if defaults.count("`, `") else [defaults] * 9,
        strict=False,
    )
}


def test_every_variable_is_listed_and_no_other() -> None:
    assert set(ROWS) == {name.upper() for name in Env.model_fields}


def test_the_defaults_are_those_that_hold() -> None:
    for name, field in Env.model_fields.items():
        said, real = ROWS[name.upper()].strip("`"), field.default
        if isinstance(real, bool):
            assert said == str(int(real)), name
        elif isinstance(real, int | float) or (real and isinstance(real, str)):
            assert said == str(real), name


def test_every_ring_is_listed_with_its_tick() -> None:
    rows = re.findall(r"^\| ((?:`[a-z]+`(?:, )?)+) \| `([A-Z_]+)` \|", PAGE, re.M)
    said = {ring: tick for rings, tick in rows for ring in re.findall(r"`(\w+)`", rings)}
    ticks = {name: Env.model_fields[tick.lower()].default for name, tick in said.items()}
    assert ticks == {name: entry["schedule"] for name, entry in app.conf.beat_schedule.items()}


def test_every_make_target_is_named() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", words(ROOT / "Makefile"), re.M)
    assert phony and [target for target in phony[1].split() if f"make {target}" not in PAGE] == []


def test_every_system_check_is_listed() -> None:
    source = words(ROOT / "workspace/checks.py")
    assert set(re.findall(r"`(throughline\.\w+)`", PAGE)) == set(re.findall(r'id="(throughline\.\w+)"', source))
