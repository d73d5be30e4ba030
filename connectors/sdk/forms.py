"""A ``Settings`` class draws its own form and its own command-line options, and says in sentences what is wrong.

Everything here works on texts, as forms and options give them; a text left empty means the default.
"""

from __future__ import annotations

import argparse
import types
import typing
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from connectors.sdk.connector import Settings
from connectors.sdk.secrets import is_reference, names_secret

FieldKind = Literal["text", "url", "number", "bool", "choice", "secret", "zone"]
_PLAIN = {
    "missing": "Fill this in.", "int_parsing": "Must be a whole number.", "int_from_float": "Must be a whole number.",
    "float_parsing": "Must be a number.", "decimal_parsing": "Must be a number.",
}  # fmt: skip
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class FormField:
    """One setting as a form shows it. ``default`` is the text that the field starts with.

    ``several`` is True where more than one of ``choices`` may be given, separated by commas (its kind is text).
    """

    name: str
    label: str
    help: str
    kind: FieldKind
    required: bool
    default: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False

    @property
    def option(self) -> str:
        """Its option on a command line: ``--base-url``."""
        return "--" + self.name.replace("_", "-")


class BadFields(ValueError):
    """Settings that can't be used. ``problems`` has one sentence per field; "" stands for all of them together."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{name}: {said}" if name else said for name, said in problems.items()))
        self.problems = dict(problems)


def fields_of(settings: type[Settings]) -> list[FormField]:
    """The form of a Settings class, in the order of its fields: what must be given stands first."""
    fields = [_field(name, info) for name, info in settings.model_fields.items()]
    return sorted(fields, key=lambda field: not field.required)


def option_arguments(parser: argparse.ArgumentParser, settings: type[Settings], but: Collection[str] = ()) -> None:
    """Give the parser one option per setting (``--base-url``), without those named in ``but``. None is required by
    the parser, so that ``settings_from`` can say everything that is missing at once; read them by ``options_given``."""
    group = parser.add_argument_group("settings of the source")
    for field in fields_of(settings):
        if field.name in but:
            continue
        metavar = "env:NAME" if field.kind == "secret" else field.kind.upper()
        about = field.help + (" (needed)" if field.required else f" (default: {field.default})" * bool(field.default))
        extra: dict[str, Any] = {"metavar": metavar}
        if field.kind == "bool":
            extra = {"nargs": "?", "const": "true", "metavar": "yes|no"}
        elif field.choices:
            extra = {"metavar": (",".join if field.several else "|".join)(field.choices)}
        group.add_argument(field.option, dest=_dest(field.name), help=about.replace("%", "%%"), **extra)


def options_given(parsed: argparse.Namespace | Mapping[str, Any], settings: type[Settings]) -> dict[str, str]:
    """The texts of the options that were given, by field, from what argparse (or Django) parsed."""
    found = parsed if isinstance(parsed, Mapping) else vars(parsed)
    given = ((name, found.get(_dest(name))) for name in settings.model_fields)
    return {name: str(value) for name, value in given if value is not None}


def settings_from(settings: type[Settings], strings: Mapping[str, str]) -> dict[str, Any]:
    """Sound settings as plain JSON values, from the texts of a form or of options; secrets stay references.

    Only what differs from the defaults is given back. Raises BadFields, with one sentence for each field at fault.
    """
    fields = {field.name: field for field in fields_of(settings)}
    problems = {name: f"There is no such setting{_near(name, fields)}." for name in strings if name not in fields}
    values: dict[str, Any] = {}
    for name, field in fields.items():
        text = str(strings.get(name, "")).strip()
        problem = _text_problem(field, text)
        if problem:
            problems[name] = problem
        elif text:
            values[name] = _value(field, text, settings.model_fields[name])
    try:
        made = settings(**values)
    except ValidationError as error:
        for name, sentence in _sentences(error, fields).items():
            problems.setdefault(name, sentence)
    if problems:
        raise BadFields(problems)
    plain: dict[str, Any] = made.model_dump(mode="json", include=set(values))
    return plain


def _dest(name: str) -> str:
    return f"setting_{name}"


def _field(name: str, info: FieldInfo) -> FormField:
    kind, choices, several = _kind(name, info)
    required = info.is_required()
    return FormField(
        name, info.title or _label(name), (info.description or "").strip(), kind, required,
        "" if required else _text(info.get_default(call_default_factory=True)), choices, several,
    )  # fmt: skip


def _label(name: str) -> str:
    """``base_url`` → Base URL."""
    words = [word.upper() if word in ("url", "id", "api") else word for word in name.split("_")]
    return words[0][:1].upper() + " ".join(words)[1:]


def _kind(name: str, info: FieldInfo) -> tuple[FieldKind, tuple[str, ...], bool]:
    inner = _without_none(info.annotation)
    origin = typing.get_origin(inner)
    if origin is Literal:
        return "choice", tuple(map(str, typing.get_args(inner))), False
    if origin in (tuple, list, set, frozenset):
        item = next((a for a in typing.get_args(inner) if a is not Ellipsis), str)
        choices = tuple(map(str, typing.get_args(item))) if typing.get_origin(item) is Literal else ()
        return "text", choices, True
    if inner is bool:
        return "bool", (), False
    if inner in (int, float) or getattr(inner, "__name__", "") == "Decimal":
        return "number", (), False
    if names_secret(name):
        return "secret", (), False
    if name == "zone" or name.endswith("_zone"):
        return "zone", (), False
    return ("url" if name == "url" or name.endswith("_url") else "text"), (), False


def _without_none(annotation: Any) -> Any:
    """``str | None`` → str."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        inner = [one for one in typing.get_args(annotation) if one is not type(None)]
        return inner[0] if len(inner) == 1 else str
    return annotation


def _text(value: Any) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list, set, frozenset)) else str(value)


def _value(field: FormField, text: str, info: FieldInfo) -> Any:
    if field.kind == "bool":
        return text.lower() in _YES
    if field.kind == "choice":
        return next(one for one in typing.get_args(_without_none(info.annotation)) if str(one) == text)
    return _parts(text) if field.several else text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _text_problem(field: FormField, text: str) -> str:
    """What is wrong with the text itself, whatever the class makes of it; never repeats a secret."""
    if not text:
        return "Fill this in." if field.required else ""
    check = {"secret": _secret, "bool": _bool, "zone": _zone, "url": _url}.get(field.kind)
    if check:
        return check(text)
    if field.choices:
        wrong = [one for one in (_parts(text) if field.several else [text]) if one not in field.choices]
        return f"{wrong[0][:40]!r} is not one of {', '.join(field.choices)}." if wrong else ""
    return ""


def _secret(text: str) -> str:
    if is_reference(text) and text.partition(":")[2].strip("/ "):
        return ""
    return "Give a reference, env:NAME or file:/path, and keep the secret itself there."


def _bool(text: str) -> str:
    return "" if text.lower() in (*_YES, *_NO) else "Say yes or no."


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, KeyError, OSError):
        return f"{text[:40]!r} is not a time zone; write e.g. Europe/Helsinki."
    return ""


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username is not None or parts.query or parts.fragment:
        return "Write an address such as https://host/path, without a name, a query or a fragment."
    return ""


def _sentences(error: ValidationError, fields: Mapping[str, FormField]) -> dict[str, str]:
    """One sentence per field from pydantic's errors; what was typed is not repeated."""
    found: dict[str, str] = {}
    for one in error.errors(include_input=False, include_url=False):
        name = str(one["loc"][0]) if one["loc"] and one["loc"][0] in fields else ""
        said = _PLAIN.get(one["type"]) or _sentence(str(one["msg"]))
        found.setdefault(name, said)
    return found


def _sentence(message: str) -> str:
    text = message.removeprefix("Value error, ").removeprefix("Input should be ").strip().rstrip(".")
    text = f"Must be {text}" if message.startswith("Input should be ") else text
    return text[:1].upper() + text[1:] + "."


def _near(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, 1)
    return f"; did you mean {close[0]}" if close else ""
