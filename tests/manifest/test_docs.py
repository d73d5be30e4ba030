"""The page about manifests: its example runs, and its keys are those of the schema."""

import inspect
import json
import re
from typing import Any

from pydantic import BaseModel

from connectors.sdk import Ref
from connectors.sdk.manifest import compiled, schema
from tests.manifest.conftest import Facing, facts
from tests.manifest.reference import BETWEEN, PAGE, TABLES, reference

TEXT = PAGE.read_text(encoding="utf-8")


def block(language: str) -> str:
    (found, *_) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


def test_the_example_has_thirty_lines_and_says_what_the_page_says(facing: Facing) -> None:
    text, sent = block("toml"), json.loads(block("json"))
    assert len([line for line in text.splitlines() if line.strip()]) <= 30
    listed = {"data": {"returns": [sent]}, "links": {"next": None}}
    connector, _ = facing(text, lambda asked: sent if "RMA" in asked.path else listed)
    by_return, by_order = connector.lookup([Ref("return", "RMA-77120"), Ref("order", "48-1193")])
    assert list(facts(connector, by_return.rows)) == ["return.received", "return.inspected"]
    assert by_order.rows == by_return.rows and type(connector).can("cursor_at")


def test_the_keys_on_the_page_are_those_of_the_schema() -> None:
    found = BETWEEN.search(TEXT)
    assert found and found[0].strip() == reference().strip(), "run python -m tests.manifest.reference"


def test_every_table_of_the_schema_is_on_the_page() -> None:
    models = {cls for _, cls in inspect.getmembers(schema, inspect.isclass) if issubclass(cls, BaseModel)}
    assert models - {schema.Part, schema.Request, schema.List, BaseModel} == set(TABLES.values())


def test_each_way_of_writing_a_value_compiles() -> None:
    def whole(value: str) -> Any:
        head = 'title = "X"\ndomain = "y"\ncheck.get = "/"\nlookup.order.get = "/{value}"\n'
        rest = f'[record.a]\nid = "{{id}}"\nrefs = {{ order = "{{id}}" }}\nfact."x.y" = {{ said = "S", {value} }}\n'
        return compiled(head + rest)

    values = [cell.strip(" `") for cell in re.findall(r"^\| (`[a-z]+ = .*?`)[;, ]", TEXT, re.MULTILINE)]
    assert len(values) == 7
    for value in values:
        assert whole(value.replace(", … }", " }")).manifest
