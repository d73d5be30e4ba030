"""One policy page in Confluence's storage format: its terms for machines, and the rest as text for people.

The terms are in the first of these that names the day from which they are in force (``In force from``): a page
properties macro, a table with two columns, a list or a paragraph with a line ``name: value`` for each.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bs4 import BeautifulSoup, Tag

from connectors.sdk import Fact, Ref
from connectors.sdk.kinds import KINDS

FAMILIES = tuple(kind.removeprefix("policy.") for kind in KINDS if kind.startswith("policy."))
KNOWN = {name for family in FAMILIES for name in KINDS[f"policy.{family}"].properties} - {"text", "url"}
AUDIENCE = ("market", "channel", "category")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = (*HEADINGS, "p", "div", "ul", "ol", "table", "blockquote", "pre", "ac:structured-macro")
NOT_TEXT = ("script", "style", "ac:parameter", "ac:image", "ri:attachment")
_LINE = re.compile(r"^\s*([^:|]{2,60}?)\s*:\s*(\S.*)$", re.MULTILINE)
_OF = re.compile(r"^(.*\S)\s*\((.+)\)$")
_COUNT = re.compile(r"^(\d{1,4})(\s+[a-z ]*days?)?$", re.IGNORECASE)

Pairs = dict[str, str]


def facts(body: Mapping[str, Any], label: str, zone: str, url: str) -> Iterator[Fact]:
    """One holding for each family that the page is labelled with. ValueError says what is wrong with its terms."""
    pairs, text = split(body["storage"])
    if not pairs:
        raise ValueError('The page has no table of terms: it must say at least "In force from".')
    start = _day(pairs, "in_force_from")
    if start is None or start > (_day(pairs, "in_force_to") or date.max):
        raise ValueError("The page's terms must begin (In force from) before they end (In force to).")
    for family in FAMILIES:
        if label + family not in body["labels"]:
            continue
        told = _typed_all(KINDS[f"policy.{family}"].properties, pairs)
        when = {**_audience(body["labels"]), **told.pop("when", {})}
        given = {"document": body["id"], "title": body["title"], "version": str(body["version"]), "zone": zone}
        data = {**given, **told, **({"when": when} if when else {}), "text": text, **({"url": url} if url else {})}
        refs = [Ref("policy", family), Ref("document", str(data["document"]))]
        yield Fact(f"policy.{family}", data, refs, occurred=start)


def day_of(storage: str) -> str:
    """The day from which the page's terms are in force, as written; empty where they can't be read."""
    try:
        return split(storage)[0].get("in_force_from", "")[:40]
    except ValueError:
        return ""


def split(storage: str) -> tuple[Pairs, str]:
    """The terms as ``{"bank_days.card": "5 to 10"}``, and the text of all the rest. ValueError for a misspelt term."""
    soup = BeautifulSoup(storage, "html.parser")
    for tag in soup.find_all(NOT_TEXT):
        tag.decompose()
    for container in _containers(soup):
        pairs = _pairs(container)
        if "in_force_from" in pairs:
            container.extract()
            return _checked(pairs), _text(soup)
    return {}, _text(soup)


def _containers(soup: BeautifulSoup) -> Iterator[Tag]:
    yield from soup.find_all("ac:structured-macro", {"ac:name": ["details", "detailssummary"]})
    for name in ("table", "dl", "ul", "ol", "p"):
        yield from soup.find_all(name)


def _pairs(container: Tag) -> Pairs:
    found: Pairs = {}
    for row in container.find_all("tr"):
        cells = row.find_all(["th", "td"])
        if len(cells) == 2:
            found.setdefault(_name(_said(cells[0])), _said(cells[1]))
    if not found:
        for name, value in _LINE.findall(_text(container)):
            found.setdefault(_name(name.removeprefix("- ")), value.strip())
    return found


def _said(cell: Tag) -> str:
    """A cell's words; a date that was chosen from the calendar comes as its day, list items between semicolons."""
    chosen = cell.find("time")
    if isinstance(chosen, Tag) and chosen.get("datetime"):
        return str(chosen["datetime"])
    items = [item.get_text(" ", strip=True) for item in cell.find_all("li")]
    return "; ".join(items) if items else " ".join(cell.get_text(" ").split())


def _name(text: str) -> str:
    """``Bank days (card)`` is ``bank_days.card``."""
    name = _OF.sub(r"\1.\2", text.strip())
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _checked(pairs: Pairs) -> Pairs:
    """Only terms; what is none is left to people. A term that is nearly one is a slip that must not pass unseen."""
    for name in pairs:
        root = name.partition(".")[0]
        near = [] if root in KNOWN else difflib.get_close_matches(root, KNOWN, 1, 0.85)
        if near:
            raise ValueError(f"The page says {root!r}: did you mean {near[0]!r}?")
    return {name: value for name, value in pairs.items() if name.partition(".")[0] in KNOWN and value}


def _typed_all(properties: Mapping[str, Any], pairs: Pairs) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs.items():
        root, _, of = name.partition(".")
        schema = properties.get(root)
        if schema is None:
            continue  # a term of another family on the same page
        if (schema.get("type") == "object") != bool(of):
            raise ValueError(f"{root} must be said {'for each, e.g. ' + root + ' (card)' if not of else 'once'}.")
        if of:
            found.setdefault(root, {})[of] = _typed(name, schema.get("additionalProperties") or {}, value)
        else:
            found[root] = _typed(name, schema, value)
    return found


def _typed(name: str, schema: Mapping[str, Any], text: str) -> Any:
    kind, items = schema.get("type"), schema.get("items") or {}
    if kind == "integer":
        count = _COUNT.match(text)
        if not count:
            raise ValueError(f"{name} must be a whole number, not {text[:40]!r}.")
        return int(count[1])
    if kind == "array" and items.get("type") == "integer":
        numbers = [int(n) for n in re.findall(r"\d{1,4}", text)]
        if len(numbers) not in (1, 2):
            raise ValueError(f"{name} must be a span such as 5 to 10, not {text[:40]!r}.")
        return [numbers[0], numbers[-1]]
    if kind == "array" and items.get("type") == "object":
        raise ValueError(f"{name} can't be said on a page.")
    return [part.strip() for part in text.split(";") if part.strip()] if kind == "array" else text


def _audience(labels: Sequence[str]) -> dict[str, str]:
    """``market-fi`` is for market FI. Confluence writes all labels in small letters."""
    found = {}
    for label in labels:
        scheme, _, value = label.partition("-")
        if scheme in AUDIENCE and value:
            found[scheme] = value.upper() if scheme == "market" else value
    return found


def _day(pairs: Pairs, name: str) -> date | None:
    try:
        return date.fromisoformat(pairs[name]) if name in pairs else None
    except ValueError:
        raise ValueError(f"{name} must be a day such as 2026-01-31, not {pairs[name][:40]!r}.") from None


def _text(soup: Tag) -> str:
    """Words, headings and list items as plain text; no markup is left."""
    copy = BeautifulSoup(str(soup), "html.parser")
    for tag in copy.find_all(["br", "tr", "li", "td", "th", *BLOCKS]):
        if tag.name in HEADINGS:
            tag.insert(0, "#" * int(tag.name[1]) + " ")
        elif tag.name == "li":
            tag.insert(0, "\n- ")
        elif tag.name in ("td", "th"):
            tag.append(" ")
        if tag.name in BLOCKS or tag.name in ("br", "tr"):
            tag.insert_before("\n" if tag.name in ("br", "tr") else "\n\n")
            tag.insert_after("" if tag.name in ("br", "tr") else "\n\n")
    lines = [" ".join(line.split()) for line in copy.get_text().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
