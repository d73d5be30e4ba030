"""The values of a fact's fields: how each is made from a row. None leaves the field out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connectors.sdk import money
from connectors.sdk.manifest.templates import Template, kind_of, look, near, parse, scalar

Value = Callable[[Mapping[str, Any]], Any]
"""From a row's body to a plain JSON value, or None. Raises ValueError with a sentence."""

FORMS = {
    "money": ("money", "currency"), "minor": ("minor", "currency"), "number": ("number",),
    "value": ("value", "table"),
}  # fmt: skip
"""The tables that mean more than themselves, by the key that tells them, with all keys that they have."""


def compile_value(raw: Any) -> Value:
    """How this value of a manifest is made from a row. Raises ValueError with a sentence."""
    if isinstance(raw, str):
        return parse(raw).value
    if isinstance(raw, list):
        return partial(_list_of, [compile_value(one) for one in raw])
    if not isinstance(raw, dict):
        if not isinstance(raw, (bool, int)):
            raise ValueError(f"{raw!s:.40} can't stand here; write a text, a whole number, true, false or a table.")
        return lambda body: raw
    if "each" in raw:
        return _each(raw)
    form = next((name for name in FORMS if name in raw), "")
    if not form:
        return partial(_table_of, {key: compile_value(one) for key, one in raw.items()})
    needed = FORMS[form]
    for key in raw:
        if key not in needed:
            raise ValueError(f"{key!r} has no place beside {form}{near(key, needed)}. It takes {' and '.join(needed)}.")
    for key in needed:
        if key not in raw:
            raise ValueError(f"{form} needs {key} beside it: {_EXAMPLES[form]}.")
    return _MAKERS[form](raw)


_EXAMPLES = {
    "money": '{ money = "{amount}", currency = "{currency}" }', "minor": '{ minor = "{cents}", currency = "EUR" }',
    "value": '{ value = "{result}", table = { OK = "passed", BAD = "failed" } }', "number": '{ number = "{quantity}" }',
}  # fmt: skip


def template_of(raw: Any, what: str) -> Template:
    if not isinstance(raw, str):
        raise ValueError(f'{what} must be a text such as "{{name}}".')
    return parse(raw)


def _money(raw: Mapping[str, Any], form: str) -> Value:
    amount, currency = template_of(raw[form], form), template_of(raw["currency"], "currency")
    if not currency.names:
        money.money(0, currency.text)

    def make(body: Mapping[str, Any]) -> Any:
        found = look(body, amount.whole) if amount.whole else amount.value(body)
        if found in (None, ""):
            return None
        code = currency.value(body)
        if code is None:
            raise ValueError(f"There is an amount in {amount.text}, but no currency in {currency.text}.")
        return money.minor(_whole(found), code) if form == "minor" else money.money(found, code)

    return make


def _whole(value: Any) -> Any:
    """Minor units that are sent as text are whole numbers too."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() and len(value) < 20 else value


def _number(raw: Mapping[str, Any]) -> Value:
    template = template_of(raw["number"], "number")

    def make(body: Mapping[str, Any]) -> Any:
        found = template.value(body)
        return None if found in (None, "") else money.number(found)

    return make


def _by_table(raw: Mapping[str, Any]) -> Value:
    template, table = template_of(raw["value"], "value"), raw["table"]
    if not isinstance(table, dict) or not all(isinstance(one, (str, bool, int)) for one in table.values()):
        raise ValueError(f"table must name what each value means: {_EXAMPLES['value']}.")

    def make(body: Mapping[str, Any]) -> Any:
        found = template.value(body)
        if found in (None, ""):
            return None
        key = {True: "true", False: "false"}[found] if isinstance(found, bool) else scalar(found, template.whole or ())
        if key not in table:
            known = ", ".join(table)
            raise ValueError(f"{template.text} is {key[:60]!r}, which the table does not name (it has {known}).")
        return table[key]

    return make


def _each(raw: Mapping[str, Any]) -> Value:
    if not isinstance(raw["each"], str):
        raise ValueError('each must name a list of the row: each = "lines".')
    path = template_of(raw["each"] if "{" in raw["each"] else f"{{{raw['each']}}}", "each").whole
    fields = {key: compile_value(one) for key, one in raw.items() if key != "each"}
    if path is None or not fields:
        raise ValueError('each names one list, and fields beside it: { each = "lines", name = "{title}" }.')

    def make(body: Mapping[str, Any]) -> Any:
        found = look(body, path)
        if found is None:
            return None
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise ValueError(f"{'.'.join(path)} is {kind_of(found)}, not a list of objects.")
        return [_table_of(fields, {"record": body, **one}) for one in found]

    return make


def _table_of(fields: Mapping[str, Value], body: Mapping[str, Any]) -> dict[str, Any] | None:
    made = {key: one(body) for key, one in fields.items()}
    return {key: one for key, one in made.items() if one not in (None, "")} or None


def _list_of(values: list[Value], body: Mapping[str, Any]) -> list[Any] | None:
    return [one for one in (value(body) for value in values) if one not in (None, "")] or None


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Value]] = {
    "money": partial(_money, form="money"), "minor": partial(_money, form="minor"), "number": _number,
    "value": _by_table,
}  # fmt: skip
