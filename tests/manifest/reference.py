"""The keys of a manifest as Markdown, made from the schema. ``python -m tests.manifest.reference`` renews the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from connectors.sdk.manifest import schema

PAGE = Path(__file__).parents[2] / "docs" / "manifests.md"
BETWEEN = re.compile(r"(?<=<!-- keys: made from the schema -->\n).*?(?=<!-- end of keys -->)", re.DOTALL)
TABLES: dict[str, type[BaseModel]] = {
    "The whole": schema.Manifest, "[settings]": schema.Setting, "[auth]": schema.Auth, "auth.basic": schema.Basic,
    "auth.oauth2": schema.OAuth2, "times": schema.Times, "[check]": schema.Check, "[lookup.<scheme>]": schema.Lookup,
    "paging": schema.Paging, "[changes]": schema.Changes, "[receive]": schema.Receive,
    "receive.signature": schema.Signature, "[record.<name>]": schema.Record, "record.<name>.version": schema.Version,
    'fact."<kind>"': schema.Fact, "A time (at, status_at, updated)": schema.Moment,
}  # fmt: skip


def reference() -> str:
    return "\n".join(line for title, model in TABLES.items() for line in _table(title, model))


def _table(title: str, model: type[BaseModel]) -> Iterator[str]:
    name = title if title.startswith(("The", "A ")) else f"`{title}`"
    yield f"### {name}\n"
    if model.__doc__:
        yield " ".join(model.__doc__.replace("``", "`").split()) + "\n"
    yield "| key | is | without it |\n|---|---|---|"
    for key, field in model.model_fields.items():
        about = (field.description or "").replace("|", "\\|")
        yield f"| `{key}` | {about} | {_default(field.default)} |"
    yield ""


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "**needed**"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`" if isinstance(value, (str, int)) and value != "" else ""


if __name__ == "__main__":
    page = BETWEEN.sub(lambda _: f"\n{reference()}\n", PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page, encoding="utf-8")
