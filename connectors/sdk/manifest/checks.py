"""What the schema alone can't see: whether the parts of a manifest fit together, and fit the kinds of facts.

All checks look at the text's own data, whose parts may be of any shape, so that every problem is told at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.sdk import kinds
from connectors.sdk.manifest.fields import Known
from connectors.sdk.manifest.positions import Place
from connectors.sdk.manifest.templates import near
from connectors.sdk.secrets import names_secret

Said = tuple[Place, str]
_OWN = ("at", "said")
_EXAMPLES = {
    "amount": 'amount = { money = "{amount}", currency = "{currency}" }',
    "total": 'total = { money = "{total}", currency = "{currency}" }',
    "result": 'result = { value = "{result}", table = { OK = "passed", BAD = "failed" } }',
}


def misfits(raw: Mapping[str, Any]) -> Iterator[Said]:
    """Every misfit, with its place."""
    yield from _settings(table(raw, "settings"))
    yield from _auth(raw)
    for name, record in table(raw, "record").items():
        if isinstance(record, dict):
            yield from _facts(("record", name), record)
    known = Known.of(raw)
    for place, part in _lists(raw):
        yield from _record_of(place, part, raw, known)
    yield from _asked_names(raw)
    yield from _receive(table(raw, "receive"), known)
    if not any(name in raw for name in ("lookup", "changes", "receive")):
        yield (), "nothing can be learned from the source: add [lookup.order], [changes] or [receive]"
    yield from _identifying(raw, known)


def table(raw: Any, *names: str) -> dict[str, Any]:
    """The table at these names; empty where there is none."""
    for name in names:
        raw = raw.get(name) if isinstance(raw, dict) else None
    return raw if isinstance(raw, dict) else {}


def _settings(settings: Mapping[str, Any]) -> Iterator[Said]:
    for name, spec in settings.items():
        secret = isinstance(spec, dict) and spec.get("secret") is True
        if secret and not names_secret(name):
            yield ("settings", name), f"a secret's name ends in key, token, secret or password; call it {name}_key"
        elif isinstance(spec, dict) and names_secret(name) and spec.get("default"):
            yield ("settings", name, "default"), "a secret has no default; it is given as env:NAME or file:/path"
        choices = spec.get("choices") if isinstance(spec, dict) else None
        if isinstance(choices, list) and choices and spec.get("default", choices[0]) not in choices:
            yield ("settings", name, "default"), "is none of the choices"


def _auth(raw: Mapping[str, Any]) -> Iterator[Said]:
    """A secret itself never stands in a file that is kept with the code."""
    for names in (("bearer",), ("basic", "password"), ("oauth2", "client_secret"), ("header",), ("query",)):
        given: Any = table(raw, "auth", *names[:-1]).get(names[-1])
        texts = [text for _, text in _texts((), given)]
        if texts and not any("{" in text for text in texts):
            said = 'no secret can stand here itself; add settings.key = "The key" and write "{key}"'
            yield ("auth", *names), said


def _facts(place: Place, record: Mapping[str, Any]) -> Iterator[Said]:
    facts, statuses = table(record, "fact"), table(record, "statuses")
    named = [k for said in statuses.values() for k in (said if isinstance(said, list) else [said])]
    for kind in dict.fromkeys([*facts, *filter(lambda k: isinstance(k, str), named)]):
        where = (*place, "fact", kind) if kind in facts else (*place, "statuses")
        given = facts.get(kind, {})
        if not isinstance(given, dict):
            continue
        if kind in kinds.KINDS:
            yield from _fields(where, kind, given)
        elif "." in kind and not kinds.is_canonical_family(kind) and "said" not in given:
            yield where, f'{kind} is a kind of your own and needs its sentence: fact."{kind}" = {{ said = "…" }}'


def _fields(where: Place, kind: str, given: Mapping[str, Any]) -> Iterator[Said]:
    known = [*_OWN, *kinds.KINDS[kind].properties]
    for name in given:
        if name not in known:
            yield (*where, name), f"{kind} has no such field{near(name, known)}. It has {', '.join(known)}"
    for name in kinds.KINDS[kind].required:
        if name not in given:
            example = _EXAMPLES.get(name, f'{name} = "{{{name}}}"')
            yield where, f'{kind} needs {name}: write fact."{kind}" = {{ {example} }}'


def _lists(raw: Mapping[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    for scheme in table(raw, "lookup"):
        yield ("lookup", scheme), table(raw, "lookup", scheme)
    if table(raw, "changes"):
        yield ("changes",), table(raw, "changes")


def _record_of(place: Place, part: Mapping[str, Any], raw: Mapping[str, Any], known: Known) -> Iterator[Said]:
    if "record" not in part and len(known.records) > 1:
        yield place, f"say which record it gives: record = {' or '.join(map(repr, known.records))}".replace("'", '"')
    record = table(raw, "record", part.get("record") or next(iter(known.records), ""))
    said = {*table(record, "fact")}
    for one in table(record, "statuses").values():
        said |= {k for k in (one if isinstance(one, list) else [one]) if isinstance(k, str)}
    covers = part.get("covers", [])
    for kind in covers if isinstance(covers, list) else [covers]:
        if isinstance(kind, str) and record and kind not in said:
            yield (*place, "covers"), f"the record never says {kind}{near(kind, said)}"


def _asked_names(raw: Mapping[str, Any]) -> Iterator[Said]:
    """``{value}`` is known in lookups alone, ``{cursor}`` in changes alone."""
    for name in ("auth", "check", "changes", "headers", "lookup"):
        for place, text in _texts((name,), raw.get(name)):
            for asked, home in (("{value}", "lookup"), ("{cursor}", "changes")):
                if asked in text and name != home:
                    yield place, f"{asked} is known in {home} alone"


def _texts(place: Place, value: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts((*place, key), one)


def _receive(receive: Mapping[str, Any], known: Known) -> Iterator[Said]:
    if not receive:
        return
    for scheme in table(receive, "look_up"):
        if scheme not in known.lookups:
            yield ("receive", "look_up", scheme), f"there is no [lookup.{scheme}] to ask{near(scheme, known.lookups)}"
    for kind, record in table(receive, "types").items():
        if isinstance(record, str) and record and record not in known.records:
            said = f'there is no [record.{record}]{near(record, known.records)}; "" says nothing here'
            yield ("receive", "types", kind), said
    if len(known.records) > 1 and not any(name in receive for name in ("record", "types", "look_up")):
        yield ("receive",), "say which record it carries: record, or type with types"


def _identifying(raw: Mapping[str, Any], known: Known) -> Iterator[Said]:
    named = {scheme for name in known.records for scheme in table(raw, "record", name, "refs")} | {*known.lookups}
    schemes = raw.get("identifying", [])
    for n, scheme in enumerate(schemes if isinstance(schemes, list) else []):
        if isinstance(scheme, str) and scheme not in named:
            yield ("identifying", n), f"no record has a reference {scheme}{near(scheme, named)}"
