"""Masks that keep the shape of what they hide, and putting them over texts, JSON and plain views. Pure."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from connectors.sdk import Ref
from connectors.sdk.personal import EMAIL, LOOKS, cards, field_class, scheme_class

DOTS = "•••"
SHORTEST = 4
"""Shorter values are masked where their field stands, and not looked for in sentences: they would be found anywhere."""
VALUE = {"type", "value", "text"}
"""The names by which a value of an answer is told from other JSON."""
LARGE = 99_999
"""Smaller whole numbers are counts and keys, whatever stands around them."""
_OURS = ("cases.", "customers.", "connectors.", "workspace.")
_REF = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?):(.+)", re.DOTALL)


def cited(value: Mapping[str, Any]) -> str:
    """The class of a value of an answer in JSON, which says by a pointer what field of a fact it is."""
    where = value.get("from")
    pointer = where.get("pointer") if isinstance(where, Mapping) else None
    return field_class(pointer.rpartition("/")[2]) if isinstance(pointer, str) else ""


def mask(class_: str, value: str) -> str:
    """``m•••@example.com``, ``•••• 4417``, ``+35••• 12``: enough to tell two apart, too little to use."""
    text = value.strip()
    if not text or DOTS in text:
        return value
    if EMAIL.fullmatch(text):
        return f"{text[0]}{DOTS}@{re.split('@|%40', text)[-1]}"
    kept = re.sub(r"[\s-]", "", text)
    if class_ in ("card", "bank_reference"):
        return f"{DOTS}• {kept[-4:]}" if len(kept) >= 8 else DOTS + "•"
    if class_ == "contact":
        return f"{kept[:3]}{DOTS} {kept[-2:]}" if len(kept) >= 8 else DOTS
    return text[0] + DOTS if class_ == "address" and len(text) >= SHORTEST else DOTS


class Veil:
    """Hides these classes. ``values`` are known values with their class; ``shown`` stay as they are, whoever asks."""

    def __init__(self, hidden: Collection[str], shown: Iterable[str] = ()) -> None:
        self.hidden = frozenset(hidden)
        self.shown = {s.strip().lower() for s in shown if s.strip()}
        self.values: dict[str, str] = {}
        self.used: set[str] = set()
        """Classes of which something was masked."""
        self._pattern: re.Pattern[str] | None = None
        self._known = -1

    # What is there to hide

    def learn(self, found: Any, class_: str = "", _seen: set[int] | None = None) -> None:
        """Remember every value that a field, a reference or a cited value of this object gives a hidden class."""
        seen = _seen if _seen is not None else set()
        if isinstance(found, str | int) and not isinstance(found, bool):
            self._learn_text(str(found), class_, seen)
        elif isinstance(found, Ref):
            self._learn_text(found.value, scheme_class(found.scheme), seen)
        elif isinstance(found, Mapping):
            if id(found) not in seen:
                seen.add(id(found))
                if found.keys() >= VALUE:
                    self._learn_text(str(found["value"]), class_ or cited(found), seen)
                    return
                for name, inner in found.items():
                    self.learn(inner, field_class(str(name)[:80], class_), seen)
        elif isinstance(found, list | tuple | set | frozenset):
            for inner in found:
                self.learn(inner, class_, seen)
        elif found is not None and type(found).__module__.startswith(_OURS) and id(found) not in seen:
            seen.add(id(found))
            self._learn_object(found, seen)

    def _learn_object(self, found: Any, seen: set[int]) -> None:
        named = getattr(found, "pointer", None)
        if isinstance(named, str) and named:
            self._learn_text(str(found.value), field_class(named.rpartition("/")[2]), seen)
        if dataclasses.is_dataclass(found):
            inside = {f.name: getattr(found, f.name, None) for f in dataclasses.fields(found)}
        else:
            inside = (
                {k: v for k, v in vars(found).items() if not k.startswith("_")} if hasattr(found, "__dict__") else {}
            )
        for name, inner in inside.items():
            self.learn(inner, field_class(name), seen)

    def _learn_text(self, text: str, class_: str, seen: set[int]) -> None:
        if class_ in self.hidden and text.strip():
            self.values[text.strip()] = class_
            if class_ == "bank_reference" and len(text.strip()) > 8:
                self.values[text.strip()[-6:]] = class_  # the timeline prints the end of a long one
        elif not class_ and (ref := _REF.fullmatch(text) if len(text) < 400 else None):
            if scheme_class(ref[1]) in self.hidden:
                self.values[ref[2].strip()] = scheme_class(ref[1])
        elif not class_ and text[:1] in "{[" and len(text) < 1_000_000:
            try:
                self.learn(json.loads(text), "", seen)
            except ValueError:
                return

    # Hiding it

    def over(self, found: Any, class_: str = "") -> Any:
        """The same object with masks: text, JSON, or a frozen view rebuilt."""
        if isinstance(found, bool) or found is None:
            return found
        if isinstance(found, str):
            return self._one(found, class_)
        if isinstance(found, int):
            return self._masked(str(found), class_) if class_ in self.hidden and found > LARGE else found
        if isinstance(found, Ref):
            value = self._one(found.value, scheme_class(found.scheme))
            return found if value == found.value else Ref(found.scheme, value)
        if isinstance(found, Mapping):
            if found.keys() >= VALUE:
                return {**found, **{name: self.over(found[name], class_ or cited(found)) for name in ("value", "text")}}
            return {name: self.over(inner, field_class(str(name)[:80], class_)) for name, inner in found.items()}
        if isinstance(found, list):
            return [self.over(inner, class_) for inner in found]
        if isinstance(found, tuple) and not hasattr(found, "_fields"):
            return tuple(self.over(inner, class_) for inner in found)
        if dataclasses.is_dataclass(found) and not isinstance(found, type):
            changed = {
                f.name: new for f in dataclasses.fields(found) if f.init
                if (new := self.over(old := getattr(found, f.name), field_class(f.name))) is not old and new != old
            }  # fmt: skip
            return dataclasses.replace(found, **changed) if changed else found
        return found

    def _one(self, text: str, class_: str) -> str:
        if class_ in self.hidden:
            if text[:1] in "{[":
                return self.text(text)
            return self._masked(text, class_)
        ref = _REF.fullmatch(text) if len(text) < 400 and ":" in text else None
        if ref and (of := scheme_class(ref[1])) in self.hidden:
            return f"{ref[1]}:{self._masked(ref[2], of)}"
        return self.text(text)

    def text(self, text: str, escape: Any = None) -> str:
        """Masks over what is known and what looks like one, in any text. ``escape`` is how the text writes it."""
        if self.values:
            if self._known != len(self.values):
                self._pattern, self._known = self._compiled(escape), len(self.values)
            if self._pattern is not None:
                text = self._pattern.sub(lambda m: self._masked(m.group(), self._class_of(m.group(), escape)), text)
        for class_, pattern in LOOKS:
            if class_ in self.hidden:
                text = pattern.sub(lambda m, c=class_: self._looked(m.group(), c), text)  # type: ignore[misc]
        return text

    def _looked(self, found: str, class_: str) -> str:
        if class_ != "card":
            return self._masked(found, class_)
        for number in cards(found):
            found = found.replace(number, self._masked(number, class_))
        return found

    def _compiled(self, escape: Any) -> re.Pattern[str] | None:
        long = {escape(v) if escape else v for v in self.values if len(v) >= SHORTEST}
        if not long:
            return None
        words = "|".join(re.escape(v) for v in sorted(long, key=len, reverse=True))
        return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)

    def _class_of(self, found: str, escape: Any) -> str:
        low = found.lower()
        return next((c for v, c in self.values.items() if (escape(v) if escape else v).lower() == low), "contact")

    def _masked(self, value: str, class_: str) -> str:
        if value.strip().lower() in self.shown:
            return value
        self.used.add(class_)
        return mask(class_, value)
