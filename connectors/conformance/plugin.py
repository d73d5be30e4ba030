"""The suite for pytest: ``pytest -p connectors.conformance.plugin --connector acme`` tests a connector by its slug, its
folder or ``package.module:Class``; several may be given. Nothing happens without ``--connector``."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from connectors.conformance.checking import CHECKS, Check
from connectors.conformance.running import run, settle
from connectors.conformance.subject import Subject, SubjectError, class_at, subject_of
from connectors.sdk import Connector

ENTRY_POINTS = "throughline.connectors"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("throughline connectors")
    group.addoption("--connector", action="append", default=[], metavar="SLUG|FOLDER|MODULE:CLASS",
                    help="run the conformance suite over this connector")  # fmt: skip
    group.addoption("--connector-place", action="append", default=[], metavar="NAME=WHERE",
                    help="where something is that no folder can hold, e.g. database=postgres://…")  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--connector") and config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = []  # the connectors alone, unless tests are named beside them


def pytest_collection(session: pytest.Session) -> None:
    for given in session.config.getoption("--connector"):
        try:
            find(given)
        except SubjectError as error:
            raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    for given in config.getoption("--connector"):
        subject = find(given, places(config.getoption("--connector-place")))
        parent = Tested.from_parent(session, name=subject.slug, subject=subject)
        items.extend(parent.collect())


class Tested(pytest.Collector):
    """One connector: a test for each check."""

    def __init__(self, *, subject: Subject, **more: Any) -> None:
        super().__init__(**more)
        self.subject = subject

    def collect(self) -> Iterator[Checked]:
        for one in CHECKS.values():
            yield Checked.from_parent(self, name=one.id, check=one)


class Checked(pytest.Item):
    def __init__(self, *, check: Check, **more: Any) -> None:
        super().__init__(**more)
        self.check = check

    def runtest(self) -> None:
        assert isinstance(self.parent, Tested)
        settle(run(self.parent.subject, self.check))

    def reportinfo(self) -> tuple[Path, None, str]:
        assert isinstance(self.parent, Tested)
        return self.parent.subject.folder, None, f"{self.parent.subject.slug}: {self.check.title}"


def places(given: list[str]) -> dict[str, str]:
    """``["database=postgres://…"]`` as a mapping."""
    return dict(one.partition("=")[::2] for one in given)


def find(given: str, where: dict[str, str] | None = None) -> Subject:
    """The connector that a slug, a folder or ``package.module:Class`` names. Raises SubjectError, with a sentence."""
    folder = Path(given)
    if (folder / "connector.py").is_file() or (folder / "connector.toml").is_file():
        return subject_of(_from_folder(folder.resolve()), folder.resolve().name, where)
    module, _, name = given.partition(":")
    if name:
        return subject_of(class_at(module, name), places=where)
    for point in entry_points(group=ENTRY_POINTS, name=given):
        return subject_of(point.load(), given, where)
    spec = importlib.util.find_spec("connectors.contrib")
    for root in (spec.submodule_search_locations or () if spec else ()):
        if (Path(root) / given).is_dir():
            return find(str(Path(root) / given), where)
    raise SubjectError(
        f"There is no connector {given!r}. Give a slug, a folder with connector.py or connector.toml, or module:Class."
    )


def _from_folder(folder: Path) -> type[Connector]:
    if (folder / "connector.toml").is_file() and not (folder / "connector.py").is_file():
        from connectors.sdk.manifest import connector_from

        return connector_from(folder / "connector.toml")
    package, root = [folder.name], folder.parent
    while (root / "__init__.py").is_file():
        package, root = [root.name, *package], root.parent
    if folder.parent.name == "contrib":  # namespace or not, bundled ones have one name
        return class_at(f"connectors.contrib.{folder.name}.connector")
    if not (folder / "__init__.py").is_file():
        package, root = [], folder
    name = ".".join([*package, "connector"])
    _forget(name.partition(".")[0], root)
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    return class_at(name)


def _forget(top: str, root: Path) -> None:
    """Two folders may have one name: what was imported from another place is not this connector."""
    known = getattr(sys.modules.get(top), "__file__", None)
    if known and not Path(known).is_relative_to(root):
        for name in [n for n in sys.modules if n == top or n.startswith(f"{top}.")]:
            del sys.modules[name]
