"""The small types of the manifest's keys: each reads one text, and says in a sentence what to write instead.

What the whole manifest knows (names of settings, records, lookups) comes with the validation, as a ``Known``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, PlainValidator, ValidationInfo

from connectors.sdk import kinds
from connectors.sdk.manifest.moments import format_problem
from connectors.sdk.manifest.templates import Template, braced, near, parse
from connectors.sdk.manifest.values import Value, compile_value
from connectors.sdk.refs import Ref, pattern_problem
from connectors.sdk.secrets import names_secret

ASKED = ("value", "cursor")
"""Names that stand for what is asked, beside the settings."""
_PATH = re.compile(r"[^\s{}.]+(\.[^\s{}.]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True)
class Known:
    """Names that a manifest declares somewhere, and that are used elsewhere."""

    settings: Collection[str] = ()
    records: Collection[str] = ()
    lookups: Collection[str] = ()
    secrets: Collection[str] = field(default=())

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Known:
        """From a manifest whose parts may be of any shape."""
        own, records, lookups = (_keys(raw.get(name)) for name in ("settings", "record", "lookup"))
        names = dict.fromkeys((*own, "base_url", "zone"))
        return cls(list(names), records, lookups, [name for name in names if names_secret(name)])


def _keys(value: Any) -> list[str]:
    return list(value) if isinstance(value, dict) else []


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text in quotes")
    return value


def _request_text(value: Any, info: ValidationInfo) -> Template:
    template, known = parse(_text(value)), _known(info)
    names = [*ASKED, *known.settings]
    for path in template.names:
        if len(path) > 1 or path[0] not in names:
            name = ".".join(path)
            raise ValueError(
                f"{{{name}}} is not known here{near(name, names)}. There are {braced(known.settings)} of the settings,"
                " {value} in a lookup and {cursor} in changes"
            )
    return template


def _row_text(value: Any, info: ValidationInfo) -> Template:
    template, known = parse(_text(value)), _known(info)
    shown = [name for name in known.settings if name not in known.secrets]
    for path in template.names:
        if path[0] == "settings" and (len(path) != 2 or path[1] not in shown):
            raise ValueError(f"{{{'.'.join(path)}}} is no setting that may be shown; there are {braced(shown)}")
    return template


def _pattern(value: Any) -> str:
    text = _text(value)
    if said := pattern_problem(text):
        raise ValueError(said)
    return text


def _path(value: Any) -> str:
    text = _text(value)
    if text and not _PATH.fullmatch(text):
        hint = text.strip("{} ")
        raise ValueError(f"{text[:60]!r} is no path; write names with dots and no braces: {hint or 'data.returns'}")
    return text


def _http_path(value: Any, info: ValidationInfo) -> Template:
    template = _request_text(value, info)
    if not template.text.startswith("/") or template.text.startswith("//"):
        raise ValueError("must be an address below base_url that starts with one slash, such as /returns/{value}")
    return template


def _kind(value: Any) -> str:
    text = _text(value)
    if text not in kinds.KINDS and ("." not in text or kinds.is_canonical_family(text)):
        raise ValueError(
            f"{text[:60]!r} is not a known kind{near(text, kinds.KINDS)}. A kind of your own has a name of its own"
            " before the dot: acme.pallet_moved"
        )
    return text


def _kinds(value: Any) -> list[str]:
    return [_kind(one) for one in (value if isinstance(value, list) else [value] if value else [])]


def _format(value: Any) -> str:
    if problem := format_problem(_text(value)):
        raise ValueError(problem.rstrip("."))
    return str(value)


def _zone(value: Any) -> str:
    try:
        ZoneInfo(_text(value))
    except (ValueError, KeyError, OSError):
        raise ValueError(f"{str(value)[:40]!r} is not a time zone; write e.g. Europe/Helsinki") from None
    return str(value)


def _scheme(value: Any) -> str:
    try:
        return Ref(_text(value), "1").scheme
    except ValueError:
        trouble = f"{str(value)[:40]!r} is no scheme of references; write e.g. order, email or acme.customer"
    raise ValueError(trouble)


def _record(value: Any, info: ValidationInfo) -> str:
    known = _known(info).records
    if _text(value) not in known:
        there = ", ".join(known) or "none"
        raise ValueError(f"there is no [record.{value[:60]}]{near(value, known)}. There are {there}")
    return str(value)


def _setting(value: Any) -> str:
    if not _NAME.fullmatch(_text(value)) or value in (*ASKED, "zone", "internal", "webhook_secret", "settings"):
        raise ValueError(f"{value[:60]!r} can't name a setting; write lower-case words with _, such as api_key")
    return str(value)


def _row_type(value: Any) -> str:
    if not _NAME.fullmatch(_text(value)):
        raise ValueError(f"{value[:60]!r} can't be a kind of record; write a lower-case word such as return")
    return str(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 7 * 24 * 3600:
        raise ValueError("must be a whole number of seconds, a week at most")
    return value


def _known(info: ValidationInfo) -> Known:
    return info.context if isinstance(info.context, Known) else Known()


RequestText = Annotated[Template, PlainValidator(_request_text)]
RowText = Annotated[Template, PlainValidator(_row_text)]
HttpPath = Annotated[Template, PlainValidator(_http_path)]
Pattern = Annotated[str, BeforeValidator(_pattern)]
PathText = Annotated[str, BeforeValidator(_path)]
Kinds = Annotated[list[str], PlainValidator(_kinds)]
FactKind = Annotated[str, AfterValidator(_kind)]
Format = Annotated[str, BeforeValidator(_format)]
Zone = Annotated[str, BeforeValidator(_zone)]
Scheme = Annotated[str, AfterValidator(_scheme)]
RecordName = Annotated[str | None, PlainValidator(_record)]
SettingName = Annotated[str, AfterValidator(_setting)]
RowType = Annotated[str, AfterValidator(_row_type)]
Whole = Annotated[int, PlainValidator(_whole)]
ValueOf = Annotated[Value, PlainValidator(compile_value)]


def shorthand(key: str, table: Mapping[str, Any] | None = None) -> BeforeValidator:
    """A text stands for a table with this key; with ``table``, this one text stands for that table."""

    def widen(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return dict(table) if table and value == key else {key: value}

    return BeforeValidator(widen)


def flattened(value: Any, own: Collection[str], name: str) -> Any:
    """The table with every key that is not its own put into one of this name."""
    if not isinstance(value, dict):
        return value
    rest = {key: one for key, one in value.items() if key not in own}
    return {**{key: one for key, one in value.items() if key in own}, name: rest}


def one_of(part: P, *names: str) -> P:
    """Exactly one of these is given."""
    given = [name for name in names if getattr(part, name)]
    if len(given) != 1:
        wrong = " and ".join(given) + " can't stand together" if given else "something is missing"
        raise ValueError(f"{wrong}: give one of {', '.join(names)}")
    return part


def uses(name: str, templates: Iterable[Template]) -> bool:
    return any((name,) in template.names for template in templates)


def without_secrets(part: P, templates: Iterable[Template], info: ValidationInfo) -> P:
    """Secrets belong into [auth], where they are never shown."""
    for name in _known(info).secrets:
        if uses(name, templates):
            raise ValueError(f"{{{name}}} is a secret: use it in [auth], where it is never shown")
    return part
