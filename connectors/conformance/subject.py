"""A connector under test: how it is bound to its recordings, and what it then finds."""

from __future__ import annotations

import importlib
import inspect
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from connectors.conformance.checking import Failed, NotHere
from connectors.conformance.ledger import Ledger, ledger_read
from connectors.conformance.servers import Replay
from connectors.sdk import Connector, Fact, Found, Ref, Row, SourceError, Undone
from connectors.sdk.calls import call
from connectors.sdk.http import Http
from connectors.sdk.secrets import names_secret
from connectors.sdk.signatures import StandardWebhooks

NOWHERE = "http://127.0.0.1:9"
LIMIT_S = 5.0


class SubjectError(Exception):
    """No connector can be tested here; the sentence says why."""


@dataclass(frozen=True)
class Outcome:
    """What one lookup came to: what was yielded until its end or its error."""

    found: tuple[Found, ...]
    error: Exception | None = None

    @property
    def is_told_as_whole(self) -> bool:
        """True where a rep would be told that this is all there is, which may be nothing."""
        if self.error is not None:
            return isinstance(self.error, SourceError) and self.error.outcome == "nothing"
        return bool(self.found) and all(one.complete for one in self.found)


@dataclass
class Subject:
    """``places`` says where things are that no folder can hold, e.g. ``{"database": "postgres://…"}``; ``{database}``
    in the ledger's settings is replaced by it."""

    slug: str
    cls: type[Connector]
    folder: Path
    places: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def ledger(self) -> Ledger:
        return ledger_read(self.folder / "ledger.toml")

    @property
    def recordings(self) -> Path:
        return self.folder / "recordings"

    @property
    def is_http(self) -> bool:
        return self.ledger.transport == "http"

    @property
    def refs(self) -> list[Ref]:
        """What the recordings answer. Fails where the ledger does not say it."""
        if not self.cls.can("lookup"):
            raise NotHere("It is never asked: it defines no lookup.")
        if not self.ledger.refs:
            self._fail_once('Say in ledger.toml what the recordings answer: [conformance] refs = ["order:48-1193"].')
        return [Ref.parse(text) for text in self.ledger.refs]

    _told = False

    def _fail_once(self, sentence: str) -> NoReturn:
        """What keeps many checks from looking at anything is a failure of the first of them alone."""
        if self._told:
            raise NotHere("It waits for what lookup-found, or the first check that failed, asks for.")
        self._told = True
        raise Failed(sentence)

    # -- binding ---------------------------------------------------------------------------------

    @cached_property
    def planted(self) -> dict[str, str]:
        """Made-up secrets for every setting that takes one, so that a leak is seen."""
        secret = {name: f"planted-{name}-q7Zx41Wd" for name in self.cls.Settings.model_fields if names_secret(name)}
        if isinstance(self.cls.signature, StandardWebhooks):
            secret |= {"webhook_secret": "whsec_cGxhbnRlZC1xN1p4NDFXZA==", "webhook_secret_before": ""}
        return {name: value for name, value in secret.items() if name not in self.ledger.settings}

    def values(self, url: str, **more: Any) -> dict[str, Any]:
        """Settings as the host would resolve them."""
        given = {name: self._placed(value) for name, value in self.ledger.settings.items()}
        return {"base_url": url, "internal": True, **self.planted, **given, **more}

    def settings(self, url: str = NOWHERE, **more: Any) -> Any:
        try:
            return self.cls.Settings(**self.values(url, **more))
        except ValueError as error:
            names = ", ".join(".".join(map(str, e["loc"])) for e in getattr(error, "errors", list)()) or str(error)
            raise Failed(f"Give these settings in ledger.toml, [conformance] settings: {names}.") from None

    def connector(
        self, url: str = NOWHERE, *, limit_s: float = LIMIT_S, max_bytes: int = 5_000_000, **more: Any
    ) -> Any:
        """The connector, bound as the host binds it."""
        made = self.settings(url, **more)
        http = Http(
            made.base_url, headers=self.cls.headers(made), internal=True, limit_s=limit_s, max_bytes=max_bytes,
            max_requests=200, name=self.cls.title, auth=self.cls.auth(made),
        )  # fmt: skip
        return self.cls(made, http)

    def reader(self, **more: Any) -> Any:
        """The connector without a way out: enough for ``read``."""
        return self.cls(self.settings(**more), NoWayOut())  # type: ignore[arg-type]

    @contextmanager
    def server(self) -> Iterator[Replay]:
        """The recordings, served anew. A request that none was made of is answered with 501."""
        if not self.is_http:
            raise NotHere(f"It reads {self.ledger.transport}, not HTTP.")
        try:
            server = Replay(self.recordings)
        except (ValueError, OSError) as error:
            self._fail_once(f"{error} Make some: manage.py connector record {self.slug} <ref>.")
        with server:
            yield server

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """The connector over its recordings, or over its files or database."""
        with ExitStack() as stack:
            if self.is_http:
                yield self.connector(stack.enter_context(self.server()).url)
                return
            if self.ledger.fixture:
                here = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "fixture"
                origin = self.folder / self.ledger.fixture
                (shutil.copytree if origin.is_dir() else shutil.copy)(origin, here)
                self._fixture = str(here)
            stack.enter_context(self._environment())
            yield self.connector()

    @contextmanager
    def _environment(self) -> Iterator[None]:
        before = dict(os.environ)
        os.environ.update({name: self._placed(value) for name, value in self.ledger.environment.items()})
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)

    _fixture = ""

    def _placed(self, value: Any) -> Any:
        if not isinstance(value, str) or "{" not in value:
            return value
        fixture = self._fixture or str(self.folder / self.ledger.fixture)
        for name, place in {**self.places, "fixture": fixture}.items():
            value = value.replace("{" + name + "}", place)
        if "{database}" in value:
            raise NotHere("It needs a database, and none was given: say --connector-place database=postgres://….")
        return value

    # -- what it finds ---------------------------------------------------------------------------

    @cached_property
    def found(self) -> list[Found]:
        """What the recordings hold about the ledger's refs, each asked by itself."""
        found: list[Found] = []
        with self.opened() as connector:
            for ref in self.refs:
                outcome = ask(connector, [ref])
                if outcome.error is not None:
                    self._fail_once(
                        f"lookup({ref}) over the recordings ends in {type(outcome.error).__name__}: {outcome.error}. "
                        "Record what is missing, or correct the refs in ledger.toml."
                    )
                found += outcome.found
        return found

    @cached_property
    def rows(self) -> list[Row]:
        """Every row that lookups, or where there are none changes, bring from the recordings."""
        if self.cls.can("lookup"):
            rows = [row for one in self.found for row in one.rows]
        elif not self.cls.can("changes"):
            raise NotHere("It neither looks up nor tells changes: see the checks of receive.")
        else:
            with self.opened() as connector:
                rows = [row for page in connector.changes(self.ledger.cursor) for row in page.rows]
        if not rows:
            self._fail_once("Nothing recorded has a row: record a ref that the source knows.")
        return rows

    @cached_property
    def facts(self) -> list[tuple[Row, Fact]]:
        """Every fact of every row."""
        reader = self.reader()
        return [(row, one) for row in self.rows for one in said(reader, row) if isinstance(one, Fact)]

    @property
    def telling(self) -> list[Ref]:
        """One ref per scheme about which the recordings hold rows."""
        found = [one.ref for one in self.found if one.rows]
        if not found:
            self._fail_once("Nothing recorded has a row: record a ref that the source knows.")
        return list({ref.scheme: ref for ref in reversed(found)}.values())


class NoWayOut:
    """In place of ``self.http`` where nothing may be asked."""

    def __getattr__(self, name: str) -> Any:
        raise Failed(f"read() uses self.http.{name}: fetch in lookup, and hand everything on in the row's body.")


def ask(connector: Any, refs: Sequence[Ref], limit_s: float = LIMIT_S) -> Outcome:
    """One lookup within a limit, as the host makes it."""
    found: list[Found] = []
    with call(limit_s):
        try:
            for one in connector.lookup(list(refs)):
                found.append(one)
        except (Failed, NotHere):
            raise
        except Exception as error:  # noqa: BLE001 an author's code may fail in any way
            return Outcome(tuple(found), error)
    return Outcome(tuple(found))


def said(connector: Any, row: Row) -> list[Fact | Undone]:
    """What a row says. Fails, with the reason, where it can't be read."""
    try:
        return list(connector.read(row))
    except Failed:
        raise
    except Exception as error:  # noqa: BLE001
        raise Failed(f"read() of the recorded {row.type} {row.id} raises {type(error).__name__}: {error}.") from error


def subject_of(cls: type[Connector], slug: str = "", places: Mapping[str, str] | None = None) -> Subject:
    """A connector class, with the folder that it stands in."""
    path = Path(getattr(cls, "manifest_path", None) or inspect.getfile(cls))
    return Subject(slug or path.parent.name, cls, path.parent, places or {})


def class_at(module: str, name: str = "") -> type[Connector]:
    """The connector that a module defines. Raises SubjectError."""
    try:
        loaded = importlib.import_module(module)
    except Exception as error:
        raise SubjectError(f"{module} can't be imported: {type(error).__name__}: {error}") from error
    own = [
        one for _, one in inspect.getmembers(loaded, inspect.isclass)
        if issubclass(one, Connector) and one.__module__ == module and name in ("", one.__name__)
    ]  # fmt: skip
    if len(own) != 1:
        raise SubjectError(f"{module} must define exactly one Connector{' ' + name if name else ''}, not {len(own)}.")
    return own[0]
