"""Every block of code on every page is run, or held to what would run it."""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import shlex
import tomllib
import types
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, get_commands, load_command_class

from cases.retention.policy import policy_read
from connectors.conformance.ledger import ledger_read
from connectors.contrib.csv_drop.connector import Kinds
from connectors.contrib.sql.connector import Views
from connectors.host import registry
from connectors.host.models import Source
from connectors.host.services.imports.reading import reader_of
from connectors.sdk.manifest import compiled
from connectors.sdk.manifest.mapping import mapping_of
from tests.api.client import operation
from tests.docs.pages import PAGES, ROOT, Block, anchors, blocks, prose, spans, words

LANGUAGES = {"python", "toml", "json", "yaml", "sh", "sql", "http", "text"}
OTHERS = {"curl", "export", "echo", "pip", "pytest"}
"""Commands that are not ours."""
WRITTEN = {"acme_wms": ("integrators.md", "Acme"), "lockers": ("first-connector.md", "Lockers")}
"""Connectors that commands on the pages name, and where they are written."""
MAPPINGS: dict[str, Any] = {"csv_drop": Kinds, "sql": Views}
TARGETS = set(re.findall(r"^([\w-]+):", words(ROOT / "Makefile"), re.M))


def test_every_block_says_what_it_is() -> None:
    assert [str(block) for block in blocks() if block.language not in LANGUAGES] == []
    indented = re.compile(r"^\n    (PORT|manage\.py|make|python|pip|curl|CREATE) ", re.M)
    assert [page.name for page in PAGES if indented.search(prose(page))] == []


def run(block: Block, beside: Path) -> types.ModuleType:
    """The block as a module in this folder."""
    module = types.ModuleType(block.page.stem.replace("-", "_"))
    module.__file__ = str(beside / "page.py")
    exec(compile(block.text, str(block), "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_runs(block: Block, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for manifest in [b.text for b in blocks("toml", page=block.page) if "title" in tomllib.loads(b.text)][:1]:
        (tmp_path / "connector.toml").write_text(manifest)
    monkeypatch.syspath_prepend(str(ROOT / "examples/throughline-parcels/src"))
    run(block, tmp_path)


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_toml_is_what_its_reader_takes(block: Block, tmp_path: Path) -> None:
    found = tomllib.loads(block.text)
    if "title" in found:
        assert compiled(block.text).title == found["title"]
    elif "check" in found:
        (tmp_path / "ledger.toml").write_text(block.text)
        assert ledger_read(tmp_path / "ledger.toml").problems == ()
    elif "conformance" in found:
        (tmp_path / "ledger.toml").write_text(block.text)
        assert [p for p in ledger_read(tmp_path / "ledger.toml").problems if "[conformance]" in p] == []
    elif "duty" in found:
        (tmp_path / "retention.toml").write_text(block.text)
        assert policy_read(tmp_path / "retention.toml")
    elif "project" in found:
        assert registry.ENTRY_POINTS in found["project"]["entry-points"]
    elif block.page.parent.name in MAPPINGS:
        assert mapping_of(block.text, MAPPINGS[block.page.parent.name]).record
    else:
        mapping = {key: value for key, value in found.items() if key in ("rows", "record", "times")}
        assert mapping and reader_of(Source(name="x", title="X", connector="push"), mapping)


@pytest.mark.parametrize("block", blocks("json", "yaml"), ids=str)
def test_documents_can_be_read(block: Block) -> None:
    text = re.sub(r"^\d{3}\n", "", block.text)
    assert json.loads(text) if block.language == "json" else yaml.safe_load(text)


@pytest.mark.parametrize("block", blocks("http"), ids=str)
def test_requests_are_those_of_the_api(block: Block) -> None:
    method, path, rest = re.match(r"(\w+) (\S+)\n(.*)", block.text, re.S).groups()  # type: ignore[union-attr]
    assert operation(method, path), f"{block}: the API has no {method} {path}"
    body = rest.partition("\n\n")[2] if re.match(r"[\w-]+: ", rest) else rest
    assert not body.strip() or json.loads(body)


def given(block: Block) -> list[list[str]]:
    """The commands of a block, without comments."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [found for line in lines for found in [shlex.split(line, comments=True)] if found]


COMMANDS = [pytest.param(c, id=f"{b} {' '.join(c)[:50]}") for b in blocks("sh") for c in given(b)]
SPANS = [
    pytest.param(shlex.split(span), id=f"{page.name} {span[:50]}")
    for page in PAGES
    for span in dict.fromkeys(spans(page))
    if re.match(r"(?:\S*python |[A-Z]+=\S+ )?(make [a-z]|manage\.py [a-z]|-m [a-z])", span)
]


@pytest.fixture(scope="module")
def on_pages() -> dict[str, Any]:
    """The connectors that pages write and their commands then name."""
    made = {}
    for slug, (page, name) in WRITTEN.items():
        (code,) = [b for b in blocks("python", page=ROOT / "docs" / page) if f"class {name}(" in b.text]
        made[slug] = getattr(run(code, ROOT), name)
    return made


@pytest.mark.parametrize("command", COMMANDS + SPANS)
def test_commands_exist_with_their_options(
    command: list[str], on_pages: dict[str, Any], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    classes, problems = registry._discovered()
    monkeypatch.setattr(registry, "_discovered", lambda: ({**classes, **on_pages}, problems))
    while "=" in command[0] and command[0].partition("=")[0].isupper():
        command = command[1:]
    if command[0].endswith("python"):
        command = command[1:]
    match command:
        case ["make", *targets]:
            assert [t for t in targets if t not in TARGETS and "=" not in t] == []
        case ["manage.py", name, *rest]:
            parsed(name, rest)
        case ["-m", module, *rest]:
            assert importlib.util.find_spec(module), module
            flags = [one for one in rest if one.startswith("--")]
            place = Path(str(importlib.util.find_spec(module).origin)).parent  # type: ignore[union-attr]
            source = "".join(map(words, place.glob("*.py")))
            assert [flag for flag in flags if f'"{flag}"' not in source] == []
        case [other, *_]:
            assert other in OTHERS, f"nobody knows {other}: write a command of ours, or add it to OTHERS"


def parsed(name: str, rest: list[str]) -> argparse.Namespace:
    """What the command's own parser makes of it."""
    assert name in get_commands(), f"there is no manage.py {name}"
    app = get_commands()[name]
    if not rest:  # it is only named
        return argparse.Namespace()
    parser = load_command_class(app if isinstance(app, str) else app.__module__, name).create_parser("manage.py", name)
    try:
        found: argparse.Namespace = parser.parse_args(rest)
    except CommandError as error:
        pytest.fail(f"manage.py {name} {' '.join(rest)}: {error}")
    return found


def test_every_part_of_a_page_that_is_linked_is_there() -> None:
    lost = [
        f"{page.name}: {target}#{part}"
        for page in PAGES
        for target, part in re.findall(r"\]\(([^):#\s]*)#([^)\s]+)\)", prose(page))
        if part not in anchors((page.parent / target) if target else page)
    ]
    assert lost == []
