"""Money: decimal text and a currency, exact to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from connectors.conformance.checking import NotHere, check, need
from connectors.conformance.subject import Subject
from connectors.sdk import Fact
from connectors.sdk.money import digits

_MUCH, _LOST = Decimal("99999999999999.99"), ("99999999999999.98", "100000000000000", "1e+14", "99999999999999.984")
"""An amount that no float can hold, and what floats make of it."""


@check("money-exact", "Every amount has the decimals of its currency, and no amount is a float.")
def money_exact(subject: Subject) -> None:
    seen = False
    for row, fact in subject.facts:
        for amount in _amounts(fact.data):
            seen = True
            text, currency = amount["amount"], amount["currency"]
            need(isinstance(text, str), f"{row.type} {row.id}: {fact.kind} has the amount {text!r}: "
                 "use sdk.money.money(amount, currency).")  # fmt: skip
            decimals = len(str(text).partition(".")[2])
            need(decimals >= digits(currency), f"{row.type} {row.id}: {fact.kind} says {currency} {text}, with "
                 f"{decimals} decimals and not {digits(currency)}: use sdk.money.")  # fmt: skip
    if not seen:
        raise NotHere("No recorded fact speaks of money.")


@check("money-digits", "A large amount keeps its last cent.")
def money_digits(subject: Subject) -> None:
    reader, changed = subject.reader(), False
    for row in subject.rows:
        body = _much(row.body)
        if body == row.body:
            continue
        changed = True
        try:
            facts = [one for one in reader.read(replace(row, body=body)) if isinstance(one, Fact)]
        except Exception:  # noqa: BLE001, S112 refusing it is sound as well
            continue
        told = [str(amount["amount"]).lower() for one in facts for amount in _amounts(one.data)]
        lost = [text for text in told if text.startswith(_LOST)]
        need(not lost, f"{row.type} {row.id}: {_MUCH} became {lost[:1]}: an amount went through a float; "
             "use Decimal, or sdk.money.")  # fmt: skip
    if not changed:
        raise NotHere("No recorded row holds an amount with decimals.")


def _amounts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if set(value) == {"amount", "currency"}:
            yield value
        for inner in value.values():
            yield from _amounts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _amounts(inner)


def _much(value: Any) -> Any:
    """Every amount with two decimals, as a number or as text, made too large for a float."""
    if isinstance(value, dict):
        return {key: _much(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_much(inner) for inner in value]
    if isinstance(value, Decimal) and value.as_tuple().exponent == -2:
        return _MUCH
    text = isinstance(value, str) and value.replace(".", "", 1).isdigit() and value[-3:-2] == "."
    return str(_MUCH) if text else value
