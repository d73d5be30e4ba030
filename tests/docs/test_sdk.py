"""The reference of the SDK is the SDK's own words, and nothing public is without any."""

import importlib
import inspect

from connectors.sdk.kinds import KINDS
from tests.docs.sdk_reference import PAGE, SAID, SHAPES, page
from tests.sdk.public_names import MODULES, _names

TEXT = PAGE.read_text(encoding="utf-8")
PUBLIC = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in map(importlib.import_module, MODULES)
    for name in _names(module)
}


def test_the_reference_is_what_the_sdk_says() -> None:
    assert page() == TEXT, "docs/sdk.md is old: run python -m tests.docs.sdk_reference"


def test_every_public_name_says_what_it_is() -> None:
    said = {name: inspect.getdoc(v) for name, v in PUBLIC.items() if inspect.isroutine(v) or inspect.isclass(v)}
    silent = [name for name, words in said.items() if not words or words.startswith(f"{name.split('.')[-1]}(")]
    assert silent == []


def test_every_function_and_class_is_in_the_reference() -> None:
    shown = [name.split(".")[-1] for name, v in PUBLIC.items() if inspect.isroutine(v) or inspect.isclass(v)]
    assert [name for name in shown if f"`{name}(" not in TEXT and f"`{name}`" not in TEXT] == []


def test_every_kind_has_its_row_and_every_shape_its_words() -> None:
    assert [kind for kind in KINDS if f"| `{kind}`" not in TEXT] == []
    assert set(SAID) <= set(SHAPES)
