"""The form of a source: what every source has, and what its connector's ``Settings`` ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.text import slugify

from connectors.host.selectors import SourceHealth
from connectors.sdk import Connector
from connectors.sdk.forms import BadFields, FormField, fields_of, settings_from
from workspace.pages.sources.wording import seconds_of, span

BEFORE = "webhook_secret_before"
DOMAINS = {
    "policy": "Policy", "warehouse": "Warehouse", "finance": "Finance", "order": "Orders", "delivery": "Delivery",
    "messages": "Messages",
}  # fmt: skip
LIMITS = {"freshness": "5 min", "poll": "60 s", "limit": "10 s"}


@dataclass(frozen=True)
class Line:
    """One field as it is drawn. ``optional``: it may be left empty."""

    name: str
    label: str
    text: str
    help: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    """Values with their words."""
    optional: bool = False
    problem: str = ""


@dataclass
class SourceForm:
    """Texts as they were typed, and what is wrong with them, by field. Settings have the prefix ``s-``."""

    cls: type[Connector]
    slug: str
    texts: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    saved: bool = False
    """True where the source exists already."""

    @classmethod
    def empty(cls, connector: type[Connector], slug: str) -> SourceForm:
        texts = {**LIMITS, "title": connector.title, "name": slugify(connector.title), "domain": connector.domain}
        return cls(connector, slug, {**texts, **{f"s-{f.name}": f.default for f in fields_of(connector.Settings)}})

    @classmethod
    def of_source(cls, connector: type[Connector], source: Any, health: SourceHealth) -> SourceForm:
        """What is saved now. A secret's reference is no secret and shows."""
        texts = {
            "title": source.title, "name": source.name, "domain": source.domain, "freshness": span(health.limit_s),
            "poll": span(source.poll_s) if source.poll_s else "", "limit": span(source.source_limit_s),
        }  # fmt: skip
        kept = {**source.settings, "zone": source.zone}
        for one in fields_of(connector.Settings):
            texts[f"s-{one.name}"] = _text(kept[one.name]) if one.name in kept else one.default
        return cls(connector, source.connector, texts, saved=True)

    @classmethod
    def typed(cls, connector: type[Connector], slug: str, data: Mapping[str, str], saved: bool = False) -> SourceForm:
        return cls(connector, slug, {key: value.strip() for key, value in data.items()}, saved=saved)

    @property
    def seen(self) -> list[Line]:
        """What people see of it. The short name is chosen once."""
        name = Line("name", "Short name", self.value("name"), "In addresses and in the API; it stays as it is.")
        lines = [
            Line("title", "Name", self.value("title"), "As representatives know it, e.g. Turku warehouse."),
            *([] if self.saved else [name]),
            Line("domain", "Domain", self.value("domain"), "What it is the record of.", "choice",
                 tuple(DOMAINS.items())),
            Line("freshness", "Facts are fresh for", self.value("freshness"),
                 "Older, they are late and it is asked again; twice as old, they carry no answer alone."),
        ]  # fmt: skip
        return self._marked(lines)

    @property
    def needed(self) -> list[Line]:
        """What its connector can't do without, and its secrets."""
        return self._marked([_line(f, self._text(f)) for f in self._settings_shown if _first(f)])

    @property
    def more(self) -> list[Line]:
        """What is usually right as it is."""
        lines = [_line(f, self._text(f)) for f in self._settings_shown if not _first(f)]
        if self.cls.can("changes"):
            lines.append(Line("poll", "Ask what is new every", self.value("poll"),
                              "Empty: it is not polled, only asked when a case needs it.", optional=True))  # fmt: skip
        lines.append(Line("limit", "Wait for an answer at most", self.value("limit"),
                          "Then its socket is shut. No page waits this long."))  # fmt: skip
        return self._marked(lines)

    @property
    def _settings_shown(self) -> list[FormField]:
        receives = self.cls.can("receive")
        return [
            f for f in fields_of(self.cls.Settings)
            if f.name != BEFORE and (receives or f.name != "webhook_secret")
        ]  # fmt: skip

    def _text(self, f: FormField) -> str:
        return self.texts.get(f"s-{f.name}", "")

    def _marked(self, lines: list[Line]) -> list[Line]:
        return [replace(line, problem=self.problems.get(line.name, "")) for line in lines]

    def value(self, name: str) -> str:
        return self.texts.get(name, "")

    def read(self) -> dict[str, Any]:
        """The arguments of ``source_save``, or {} where something is wrong: ``problems`` then says what."""
        self.problems = {}
        found: dict[str, Any] = {
            "name": self.value("name"), "title": self.value("title"), "connector": self.slug,
            "domain": self.value("domain") if self.value("domain") in DOMAINS else self.cls.domain,
            "freshness_s": self._seconds("freshness"), "source_limit_s": self._seconds("limit"),
            "poll_s": self._seconds("poll", optional=True) if self.cls.can("changes") else None,
            "settings": self._settings(),
        }  # fmt: skip
        if not found["title"]:
            self.problems["title"] = "Give it the name by which people know it."
        if found["name"] != slugify(found["name"]) or not found["name"]:
            good = slugify(found["name"] or found["title"]) or "turku-warehouse"
            self.problems["name"] = f"Use lower-case letters, digits and dashes, e.g. {good}."
        found["zone"] = found["settings"].pop("zone", "UTC") if found["settings"] else "UTC"
        return {} if self.problems else found

    def _seconds(self, name: str, *, optional: bool = False) -> float | None:
        text = self.value(name)
        if optional and not text:
            return None
        try:
            return seconds_of(text)
        except ValueError as error:
            self.problems[name] = str(error)
            return None

    def _settings(self) -> dict[str, Any]:
        known = {f.name for f in fields_of(self.cls.Settings)}
        texts = {k[2:]: v for k, v in self.texts.items() if k.startswith("s-") and k[2:] in known}
        try:
            return settings_from(self.cls.Settings, texts)
        except BadFields as error:
            self.problems |= {f"s-{name}" if name else "settings": said for name, said in error.problems.items()}
            return {}


def _first(f: FormField) -> bool:
    return f.required or f.kind == "secret" or f.name == "zone"


def _line(f: FormField, text: str) -> Line:
    choices = () if f.several else tuple((c, c) for c in f.choices)
    about = f"{f.help} Any of {', '.join(f.choices)}." if f.several and f.choices else f.help
    return Line(f"s-{f.name}", f.label, text, about, f.kind, choices, optional=not f.required)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
