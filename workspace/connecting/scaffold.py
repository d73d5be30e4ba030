"""A new connector's folder, working against its first recording from the first minute."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from connectors.sdk import Ref
from workspace.connecting.recorder import MADE_UP

DOMAINS = ("policy", "warehouse", "finance", "order", "delivery", "messages")
TEMPLATES = Path(__file__).parent / "templates_connector"
WHEN = "2026-11-13T16:02:00+02:00"


class BadConnector(Exception):
    """No folder can be made so; the sentence says what to give instead."""


@dataclass(frozen=True)
class Shape:
    """What a first row of a domain looks like: its kind of fact, its fields, and how both languages read them."""

    scheme: str
    kind: str
    fields: dict[str, Any]
    python: str
    toml: str


SHAPES = {
    "warehouse": Shape("return", "return.received", {"received_at": WHEN}, "{}", ""),
    "finance": Shape(
        "payment", "refund.paid", {"amount": "84.90", "currency": "EUR", "paid_at": WHEN},
        '{"amount": money(row.body["amount"], row.body["currency"])}',
        ', amount = { amount = "{amount}", currency = "{currency}" }',
    ),
    "order": Shape(
        "order", "order.placed", {"amount": "84.90", "currency": "EUR", "placed_at": WHEN},
        '{"number": row.id, "total": money(row.body["amount"], row.body["currency"])}',
        ', number = "{number}", total = { amount = "{amount}", currency = "{currency}" }',
    ),
    "delivery": Shape("order", "shipment.delivered", {"delivered_at": WHEN}, "{}", ""),
}  # fmt: skip
PLAIN = Shape("order", "{slug}.noted", {"text": "Parcel repacked", "noted_at": WHEN}, "{}", ', said = "{text}"')
"""For any other domain: a kind of the connector's own, with its sentence."""


@dataclass(frozen=True)
class Wanted:
    """What the new connector is to be. Raises BadConnector, with a sentence, for what can't be meant."""

    slug: str
    title: str = ""
    domain: str = "order"
    schemes: tuple[str, ...] = ()
    toml: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", self.slug) or keyword.iskeyword(self.slug):
            raise BadConnector(
                f"{self.slug[:40]!r} can't be a slug: use 2 to 40 small letters, digits and _, e.g. acme_wms."
            )
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", self.domain):
            raise BadConnector(f"{self.domain[:40]!r} can't be a domain: use a word such as {', '.join(DOMAINS)}.")
        if self.title and (len(self.title) > 80 or not self.title.isprintable() or set(self.title) & set('"\\{}$')):
            raise BadConnector("The title must be a short text without quotes or braces, e.g. Acme warehouse.")
        for scheme in self.schemes:
            try:
                joins = Ref(scheme, "1").joins
            except ValueError as error:
                raise BadConnector(str(error)) from None
            if not joins:
                raise BadConnector(f"No source is ever asked about {scheme!r}: use order, return, payment or the like.")

    @property
    def shape(self) -> Shape:
        return SHAPES.get(self.domain, PLAIN)

    @property
    def asked(self) -> tuple[str, ...]:
        return self.schemes or (self.shape.scheme,)

    @property
    def name(self) -> str:
        return self.title or self.slug.replace("_", " ").capitalize()


def folder_make(wanted: Wanted, into: Path) -> Path:
    """Write the folder below ``into``. Raises BadConnector where it is there already; nothing is ever overwritten."""
    folder = into / wanted.slug
    if not into.is_dir():
        raise BadConnector(f"{into} is no folder: make it first, or leave --into out.")
    try:
        folder.mkdir()
    except FileExistsError:
        raise BadConnector(f"{folder} is there already, and was left as it is. Choose another slug.") from None
    for name, text in files(wanted).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def files(wanted: Wanted) -> dict[str, str]:
    """The text of every file, by its name."""
    words = _words(wanted)
    code = "connector.toml" if wanted.toml else "connector.py"
    found = {name: _filled(name, words) for name in (code, "README.md", "ledger.toml")}
    if not wanted.toml:
        found["__init__.py"] = ""
    found["recordings/01-first.json"] = json.dumps(_recordings(wanted), indent=1) + "\n"
    return found


def _words(wanted: Wanted) -> dict[str, str]:
    shape, schemes = wanted.shape, wanted.asked
    kind = shape.kind.format(slug=wanted.slug)
    when = next(name for name in shape.fields if name.endswith("_at"))
    said = "" if "text" not in shape.fields else ', said=row.body["text"]'
    return {
        "slug": wanted.slug, "title": wanted.name, "domain": wanted.domain, "kind": kind, "when": when, "said": said,
        "klass": "".join(part.capitalize() for part in wanted.slug.split("_")), "env": wanted.slug.upper(),
        "data": shape.python, "toml_data": shape.toml, "money": "amount" in shape.fields and "money" or "",
        "schemes": "(" + "".join(f'"{s}", ' for s in schemes).rstrip() + ")" if len(schemes) == 1 else repr(schemes)
        .replace("'", '"'),
        "imports": "from connectors.sdk.money import money\n" if "amount" in shape.fields else "",
        "listed": ", ".join(f"`{s}`" for s in schemes), "refs": ", ".join(f'"{s}:1001"' for s in schemes),
        "lookups": "\n".join(f'[lookup.{s}]\nget = "/{s}s/{{value}}"\n' for s in schemes),
        "toml_refs": ", ".join(f'{s} = "{{number}}"' for s in schemes[:1]),
        "ref": f"{schemes[0]}:1001",
    }  # fmt: skip


def _filled(name: str, words: dict[str, str]) -> str:
    return Template((TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")).substitute(words)


def _recordings(wanted: Wanted) -> list[dict[str, Any]]:
    row = {"number": "1001", **wanted.shape.fields}
    asked: Sequence[tuple[str, str, dict[str, Any]]] = [
        ("/ping", "yes", {"ok": True}), *((f"/{scheme}s/1001", f"{scheme}:1001", row) for scheme in wanted.asked),
    ]  # fmt: skip
    return [
        {"request": {"method": "GET", "path": path},
         "response": {"status": 200, "headers": {"content-type": "application/json", MADE_UP: about}, "body": body}}
        for path, about, body in asked
    ]  # fmt: skip
