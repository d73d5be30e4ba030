"""The class itself: what it declares, and what its code leaves to the host."""

from __future__ import annotations

import ast
import inspect
from string import Formatter

from connectors.conformance.checking import NotHere, check, fail, need
from connectors.conformance.subject import Subject
from connectors.sdk import Ref, SourceError
from connectors.sdk.kinds import KINDS, is_canonical_family

HOSTS = {
    "time": "waiting", "logging": "logging", "threading": "threads", "asyncio": "threads", "multiprocessing": "threads",
    "concurrent": "threads", "django": "storing", "requests": "HTTP", "httpx": "HTTP", "urllib3": "HTTP",
    "socket": "HTTP", "subprocess": "processes",
}  # fmt: skip
"""What a connector may not import, and what the host does in its place."""


@check("contract-class", "It has a title, a domain, check, read, and a way to learn something.")
def contract_class(subject: Subject) -> None:
    cls = subject.cls
    for name in ("title", "domain"):
        need(str(getattr(cls, name, "")).strip(), f"Give the connector a {name}, a short text.")
    need(cls.can("check"), "Define check(): it says in one sentence whether the settings work.")
    need(cls.can("read"), "Define read(row): it says which facts a row holds.")
    ways = [way for way in ("lookup", "changes", "receive") if cls.can(way)]
    need(ways, "Define lookup, changes or receive: else nothing can be learned from the source.")
    need(cls.accepts or not cls.can("lookup"), "Say in accepts which reference schemes lookup can be asked about.")
    need(not cls.can("cursor_at") or cls.can("changes"), "cursor_at needs changes: define it, or leave both out.")


@check("contract-schemes", "accepts, covers, identifying and patterns name reference schemes, and agree.")
def contract_schemes(subject: Subject) -> None:
    cls = subject.cls
    for scheme in (*cls.accepts, *cls.identifying, *cls.covers, *cls.patterns):
        try:
            Ref(scheme, "x")
        except ValueError as error:
            fail(f"accepts, covers, identifying or patterns: {error}")
    stray = sorted(set(cls.covers) - set(cls.accepts))
    need(not stray, f"covers names {', '.join(stray)}, which accepts does not: add it there, or take it out.")


@check("contract-kinds", "covers names fact kinds that exist.")
def contract_kinds(subject: Subject) -> None:
    for scheme, kinds in subject.cls.covers.items():
        for kind in kinds:
            own = "." in kind and not is_canonical_family(kind)
            need(kind in KINDS or own, f"covers[{scheme!r}] names {kind!r}, which is no known kind: see docs.")


@check("contract-imports", "Its code leaves waiting, threads, logging and HTTP to the host.")
def contract_imports(subject: Subject) -> None:
    for path in sorted(subject.folder.glob("*.py")):
        if path.name.startswith(("test_", "conftest")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                root = name.partition(".")[0]
                whose = HOSTS.get(root, "") if name != "urllib.parse" else ""
                need(not whose, f"{path.name} imports {name}: take it out, the host does the {whose}.")
                ours = root in ("workspace", "cases", "customers") or name.startswith("connectors.host")
                need(not ours, f"{path.name} imports {name}: a connector imports connectors.sdk alone.")


@check("contract-actions", "Each action says what it does, with typed arguments.")
def contract_actions(subject: Subject) -> None:
    actions = subject.cls.actions()
    if not actions:
        raise NotHere("It declares no actions.")
    for name, spec in actions.items():
        taken = inspect.signature(getattr(subject.cls, name)).parameters
        need("key" in taken, f"{name}() must take key, the idempotency key, and hand it to the source.")
        need(spec.dry_run == ("dry_run" in taken), f"{name}(): declare dry_run=True and take dry_run, or neither.")
        for field in (f for _, f, _, _ in Formatter().parse(spec.confirm) if f):
            need(field.partition(".")[0] in spec.arguments, f"{name}: its confirmation speaks of {{{field}}}, "
                 "which is none of its arguments.")  # fmt: skip
        untyped = [arg for arg in taken if arg not in ("self", "key", "dry_run") and arg not in spec.arguments]
        need(not untyped, f"{name}(): give {', '.join(untyped)} a type.")


@check("check-says", "check() over the recordings says in one sentence that the settings work.")
def check_says(subject: Subject) -> None:
    with subject.opened() as connector:
        try:
            sentence = connector.check()
        except SourceError as error:
            fail(f"check() fails over the recordings: {error.detail} Record what it asks for.")
    need(isinstance(sentence, str) and sentence.strip().endswith("."), "check() must return one sentence, with a stop.")
