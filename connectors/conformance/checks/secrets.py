"""Secrets: planted ones, looked for wherever a person or a log could see them."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import logging
import re
import socket
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from connectors.conformance.checking import NotHere, check, need
from connectors.conformance.subject import Subject, ask
from connectors.sdk import Ref
from connectors.sdk.testing import Asked, Server, say

_CREDENTIAL = re.compile(
    r"sk_live_|rk_live_|xox[abp]-|ghp_|AKIA[0-9A-Z]{16}|eyJ[\w-]{10,}\.eyJ|-----BEGIN|whsec_\w{20}"
    r"|\b(Bearer|Basic) [\w+/=-]{12,}"
)
_SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization", "www-authenticate"}
_EMAIL = re.compile(r"[\w.+-]+@([\w-]+\.)*([\w-]+\.[a-z]{2,})", re.IGNORECASE)
_RESERVED = re.compile(r"(^|\.)(example|test|invalid|localhost)$|(^|\.)example\.(com|org|net)$")

Shown = tuple[BaseException, str, str]
"""An error, what was logged by then, and what was printed."""


@check("secrets-errors", "No secret is in an error, its detail, its body or its traceback.", http=True)
def secrets_errors(subject: Subject) -> None:
    for error, _, _ in _seen(subject):
        for one in _chain(error):
            text = " ".join([str(one), repr(one), *map(str, vars(one).values()), *map(repr, one.args)])
            text += "".join(traceback.format_exception(one))
            _look(subject, text, f"{type(one).__name__} shows {{}}: leave the setting out of sentences and details")


@check("secrets-logs", "No secret is in a log, and nothing is printed.", http=True)
def secrets_logs(subject: Subject) -> None:
    for _, logged, printed in _seen(subject):
        _look(subject, logged, "The log shows {}: log nothing, the host does")
        need(not printed.strip(), f"It prints {printed[:60]!r}: take that out, the host logs what is needed.")


@check("secrets-repr", "No secret is in how the connector shows itself, or in what check() says.")
def secrets_repr(subject: Subject) -> None:
    with subject.opened() as connector:
        _look(subject, f"{connector!r} {connector!s} {connector.http!r} {connector.check()}", "It shows {}")


@check("secrets-rows", "No secret of ours is in a row or a fact.")
def secrets_rows(subject: Subject) -> None:
    text = repr([(row.type, row.id, row.body, row.url) for row in subject.rows]) + repr(subject.facts)
    _look(subject, text, "A row or a fact shows {}: it comes from the source, not from settings")


@check("secrets-recordings", "No recording holds a credential.")
def secrets_recordings(subject: Subject) -> None:
    for name, text in _files(subject):
        found = _CREDENTIAL.search(text)
        need(not found, f"{name} holds what looks like a credential ({found.group()[:12] if found else ''}…): "
             "mask it, or record with manage.py connector record.")  # fmt: skip
        if name.endswith(".json"):
            documents = json.loads(text)
            for one in documents if isinstance(documents, list) else [documents]:
                both = {**one.get("request", {}).get("headers", {}), **one.get("response", {}).get("headers", {})}
                stray = sorted(key for key in both if key.lower() in _SECRET_HEADERS)
                need(not stray, f"{name} keeps the header {', '.join(stray)}: take it out.")


@check("secrets-people", "Recordings name nobody: e-mail addresses are of domains that nobody has.")
def secrets_people(subject: Subject) -> None:
    for name, text in _files(subject):
        found = {one.group().lower() for one in _EMAIL.finditer(text)}
        real = sorted(one for one in found if not _RESERVED.search(one.partition("@")[2]))
        need(not real, f"{name} holds {real[0] if real else ''}: write …@example.com, or record with "
             "manage.py connector record, which masks it.")  # fmt: skip


def _files(subject: Subject) -> Iterator[tuple[str, str]]:
    if not subject.recordings.is_dir():
        raise NotHere("It has no recordings.")
    for path in sorted(subject.recordings.rglob("*")):
        if path.suffix in (".json", ".csv", ".sql", ".jsonl", ".txt", ".md", ".toml"):
            yield path.name, path.read_text(encoding="utf-8")


def _seen(subject: Subject) -> list[Shown]:
    """The same for every check that looks at it: it takes a while to provoke."""
    seen: list[Shown] = vars(subject).setdefault("shown", [])
    if not seen:
        seen += _shown(subject)
    return seen


def _shown(subject: Subject) -> Iterator[Shown]:
    """What is shown when a source echoes all that it is sent, with each status: error, log, print."""
    for status, kind in ((500, "text/plain"), (401, "text/plain"), (404, "application/json"), (200, "text/html"),
                         (200, "application/json"), (302, "text/plain")):  # fmt: skip

        def echo(sock: socket.socket, asked: Asked, status: int = status, kind: str = kind) -> None:
            said = json.dumps({"error": f"Not so: {dict(asked.headers)} {asked.target} {asked.body!r}"})
            where = {"Location": f"http://127.0.0.1:9/?{quote(str(dict(asked.headers)))}"} if status == 302 else {}
            body = said[: len(said) // 2] if kind == "text/plain" else said
            say(status, body, {"Content-Type": kind, **where})(sock, asked)

        with Server(echo) as server, _listening() as heard:
            connector = subject.connector(server.url)
            for question in _questions(subject, connector):
                try:
                    question()
                except Exception as error:  # noqa: BLE001
                    yield error, heard[0].getvalue(), heard[1].getvalue()
            yield Exception(), heard[0].getvalue(), heard[1].getvalue()


def _questions(subject: Subject, connector: Any) -> Iterator[Any]:
    def lookup() -> None:
        for scheme in subject.cls.accepts:
            outcome = ask(connector, [Ref(scheme, "zq7-1")])
            if outcome.error:
                raise outcome.error

    yield connector.check
    if subject.cls.can("lookup"):
        yield lookup
    if subject.cls.can("changes"):
        yield lambda: list(connector.changes(None))


@contextlib.contextmanager
def _listening() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    logged, printed = io.StringIO(), io.StringIO()
    handler, root = logging.StreamHandler(logged), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield logged, printed
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _look(subject: Subject, text: str, sentence: str) -> None:
    secrets = {value for value in subject.planted.values() if value}
    made = subject.settings()
    sent = [*subject.cls.headers(made).values()]
    secrets |= {word for value in sent for word in value.split() if any(s in _opened(word) for s in secrets)}
    for secret in secrets:
        for form in {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()}:
            need(form not in text, sentence.format("a planted secret") + ".")


def _opened(word: str) -> str:
    try:
        return word + base64.b64decode(word, validate=True).decode("utf-8", "replace")
    except ValueError:
        return word
