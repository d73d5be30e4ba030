"""docs/sdk.md, made from the SDK itself. ``python -m tests.docs.sdk_reference`` writes it anew."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap
import typing
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from connectors.sdk import Connector, kinds
from connectors.sdk.testing.faults import FAULTS
from tests.sdk.public_names import MODULES, _names

PAGE = Path(__file__).parents[2] / "docs/sdk.md"
ORDER = ["", "http", "auth", "paging", "money", "times", "kinds", "signatures", "forms", "manifest", "testing"]
FIRST = ["Connector", "Settings", "Ref", "Row", "Fact", "Undone", "Found", "Page", "Delivery", "Done", "action"]
HEAD = """# The SDK, name by name

Made from `connectors/sdk` by `python -m tests.docs.sdk_reference`; a test compares. These names are public: they change
only with a line in [CHANGELOG.md](../CHANGELOG.md). How they work together: [integrators.md](integrators.md).
"""
SHAPES = {
    "money": kinds.MONEY, "a method": kinds.METHOD, "a card": kinds.CARD, "items": kinds.ITEMS, "lines": kinds.LINES,
    "text": kinds.TEXT, "a code": kinds.CODE, "a day": kinds.DAY, "a count": kinds.COUNT, "a span": kinds.SPAN,
}  # fmt: skip
SAID = {
    "money": '`{"amount": "84.90", "currency": "EUR"}`: a decimal string, an ISO 4217 code',
    "a card": "`brand`, `last4` (four digits)",
    "items": "a list: `name` and `quantity`, and `sku`, `price` (money)",
    "lines": "a list: `label`, `kind` (`item`, `shipping`, `fee` or `other`) and `amount` (money)",
    "text": "at most 2,000 characters",
    "a code": "1 to 300 characters",
    "a day": "`2026-03-02`",
    "a count": "a whole number from 0 to 3,650",
    "a span": "two counts: from, to",
}


def page() -> str:
    """The whole page."""
    assert {f"connectors.sdk.{name}".rstrip(".") for name in ORDER} == set(MODULES)
    told: set[str] = set()
    parts = [HEAD]
    for name in ORDER:
        parts += _module(importlib.import_module(f"connectors.sdk.{name}".rstrip(".")), told)
    return "\n".join(parts).rstrip() + "\n"


def _module(module: ModuleType, told: set[str]) -> Iterator[str]:
    """A module's names, in the order of its own text; what was told of another module before is left out."""
    yield f"## `{module.__name__}`\n"
    yield _prose(module.__doc__)
    found = {name: value for name in _names(module) if callable(value := getattr(module, name))}
    found = {n: v for n, v in found.items() if getattr(v, "__module__", "").startswith("connectors.sdk")}
    new = [(n, found[n]) for n in sorted(found.keys() - told, key=_place)]
    short = [(n, v) for n, v in new if n not in FIRST and _short(v)]
    for name, value in new:
        if (name, value) not in short:
            yield from _name(name, value)
    if short:
        yield ("### The others\n\n" if len(short) < len(new) else "") + "| | |\n|---|---|"
        yield from (f"| `{_cell(_head(n, v))}` | {_cell(_words(inspect.getdoc(v)))} |" for n, v in short)
        yield ""
    known = sorted(told & found.keys())
    if known:
        yield "Told of above: " + ", ".join(f"`{name}`" for name in known) + ".\n"
    told.update(found)
    if module is kinds:
        yield from _kinds()
    if module.__name__.endswith("testing"):
        yield "### Faults of the proxy\n\n| kind | what it does |\n|---|---|"
        yield from (f"| `{kind}` | {said} |" for kind, said in FAULTS.items())
        yield ""


def _place(name: str) -> tuple[int, str]:
    return (FIRST.index(name) if name in FIRST else len(FIRST)), name.lower()


def _short(value: Any) -> bool:
    """A line of a table is enough for it."""
    has_more = inspect.isclass(value) and (issubclass(value, BaseModel) or any(_members(value)))
    return not has_more and len(_words(inspect.getdoc(value))) < 400


def _head(name: str, value: Any) -> str:
    return name if _plain(value) else f"{name}{_signature(value)}"


def _name(name: str, value: Any) -> Iterator[str]:
    yield f"### `{_head(name, value)}`\n"
    yield _prose(inspect.getdoc(value))
    if not inspect.isclass(value):
        return
    if issubclass(value, BaseModel):
        yield from _settings(value)
        return
    members = _members(value)
    if members:
        yield "| | |\n|---|---|"
        yield from (f"| `{_cell(head)}` | {_cell(said)} |" for head, said in members)
        yield ""


def _plain(value: Any) -> bool:
    """Classes that nobody calls: settings have a table; protocols and plain exceptions are only named."""
    bare = BaseModel, Connector
    return inspect.isclass(value) and (
        issubclass(value, bare) or "_is_protocol" in vars(value) or value.__init__ is Exception.__init__
    )


def _settings(cls: type[BaseModel]) -> Iterator[str]:
    yield "| setting | is | without it |\n|---|---|---|"
    for name, field in cls.model_fields.items():
        default = "**needed**" if field.default is PydanticUndefined else f"`{field.default}`" if field.default else ""
        yield f"| `{name}` | {field.description} | {default} |"
    yield ""


def _members(cls: type) -> list[tuple[str, str]]:
    return [*_attributes(cls), *_methods(cls)]


def _attributes(cls: type) -> Iterator[tuple[str, str]]:
    """Attributes that have a text below them, which Python itself forgets."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(node, ast.ClassDef)
    for one, after in zip(node.body, node.body[1:], strict=False):
        if isinstance(one, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            kind = re.sub(r"^ClassVar\[(.*)\]$", r"\1", ast.unparse(one.annotation))
            yield f"{ast.unparse(one.target)}: {kind}", _words(str(after.value.value))


def _methods(cls: type) -> Iterator[tuple[str, str]]:
    """What a class says of its own methods and properties. One without words is as in its base."""
    for name, value in vars(cls).items():
        inner = getattr(value, "__func__", value)
        inner = inner.fget if isinstance(inner, property) else inner
        if name.startswith("_") or not inspect.isfunction(inner) or not inner.__doc__:
            continue
        yield (name if isinstance(value, property) else f"{name}{_signature(inner, bound=True)}"), _words(inner.__doc__)


def _signature(value: Callable[..., Any], *, bound: bool = False) -> str:
    found = inspect.signature(value)
    given = [p for p in found.parameters.values() if not (bound and p.name in ("self", "cls"))]
    words, starred = [], False
    for one in given:
        if one.kind is one.KEYWORD_ONLY and not starred:
            words.append("*")
        starred = starred or one.kind in (one.KEYWORD_ONLY, one.VAR_POSITIONAL)
        words.append(_parameter(one))
    gives = "" if inspect.isclass(value) or found.return_annotation is found.empty else f" → {_type(found)}"
    return f"({', '.join(words)}){gives}"


def _parameter(one: inspect.Parameter) -> str:
    """``name``, or ``name=default``; what it must be stands in the words."""
    star = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
    if one.default is one.empty:
        return f"{star}{one.name}"
    shown = repr(one.default)
    return f"{one.name}=" + ("…" if "<" in shown else shown.replace("'", '"'))


def _type(found: inspect.Signature) -> str:
    return str(found.return_annotation).replace("typing.", "").strip("'")


def _words(text: str | None) -> str:
    """A docstring as prose: one line a paragraph, literals as Markdown has them."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(text or ""))
    plain = [" ".join(p.split()).replace("``", "`") for p in paragraphs]
    return "\n\n".join(plain)


def _prose(text: str | None) -> str:
    """Wrapped like the other pages."""
    paragraphs = _words(text).split("\n\n")
    return "\n\n".join(textwrap.fill(p, 120, break_on_hyphens=False) for p in paragraphs) + "\n"


def _cell(text: str) -> str:
    return text.replace("\n\n", " ").replace("|", "\\|")


def _kinds() -> Iterator[str]:
    yield "### Every kind and its fields\n"
    yield "A kind *holds* where it says that something is so; the others say that something happened."
    yield "A field with nothing in brackets is what its name says in the table below, else text.\n"
    yield "| kind | needs | may have |\n|---|---|---|"
    for kind in kinds.KINDS.values():
        needs = [_field(n, kind.properties[n]) for n in kind.required]
        more = [_field(n, s) for n, s in kind.properties.items() if n not in kind.required]
        if kind.name.startswith("policy."):
            needs, more = ([f for f in had if not _of_policy(f)] for had in (needs, more))
            needs = ["*policy*", *needs]
        yield f"| `{kind.name}`{' (holds)' if kind.holding else ''} | {', '.join(needs)} | {', '.join(more)} |"
    needs = [_field(n, kinds.POLICY[n]) for n in kinds.POLICY_REQUIRED]
    more = [_field(n, s) for n, s in kinds.POLICY.items() if n not in kinds.POLICY_REQUIRED]
    yield f"| *policy*, in each of them | {', '.join(needs)} | {', '.join(more)} |\n"
    yield "| a field is | that is |\n|---|---|"
    yield from (f"| {name} | {SAID.get(name) or _one_of(shape)} |" for name, shape in SHAPES.items())
    yield ""


def _of_policy(field: str) -> bool:
    return field.split("`")[1] in kinds.POLICY


def _field(name: str, schema: Mapping[str, Any]) -> str:
    shape = next((words for words, known in SHAPES.items() if known is schema), "")
    if not shape:
        kind = {"boolean": "true or false", "string": "text", "array": "a list", "object": "an object"}
        shape = _one_of(schema) if "enum" in schema else kind[schema["type"]]
    return f"`{name}`" if shape in ("text", "a code", name, f"a {name}") else f"`{name}` ({shape})"


def _one_of(schema: Mapping[str, Any]) -> str:
    *first, last = (f"`{value}`" for value in typing.cast("list[str]", schema["enum"]))
    return f"{', '.join(first)} or {last}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
