"""Connectors are found, never registered: a folder of ``connectors/contrib`` with ``connector.py`` or
``connector.toml``, or an entry point.

One that can't be loaded is named in ``connector_problems`` and left out; the others still load.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from importlib.metadata import entry_points
from pathlib import Path

from connectors import contrib
from connectors.host.errors import UnknownConnector
from connectors.sdk import Connector, Ref, Settings
from connectors.sdk.manifest import ManifestError, connector_from
from connectors.sdk.refs import pattern_problem

MANIFEST = "connector.toml"
log = logging.getLogger(__name__)

ENTRY_POINTS = "throughline.connectors"
"""Packages outside this repository offer a connector here: ``slug = "package.module:Class"``."""

Offer = tuple[str, Callable[[], type[Connector]]]
"""A slug and the way to load what stands behind it."""


def connector_classes() -> dict[str, type[Connector]]:
    """Every sound connector, by slug."""
    return _discovered()[0]


def connector_problems() -> dict[str, str]:
    """Why a connector that was found can't be used, in one sentence, by slug."""
    return _discovered()[1]


def connector_class(slug: str) -> type[Connector]:
    """The connector of this slug. Raises UnknownConnector: it names those there are, or what is wrong with this one."""
    classes, problems = _discovered()
    if slug in classes:
        return classes[slug]
    if slug in problems:
        raise UnknownConnector(f"The connector {slug!r} can't be loaded: {problems[slug]}")
    known = ", ".join(sorted(classes)) or "none"
    raise UnknownConnector(f"There is no connector {slug!r}. Found: {known}.")


def connector_folder(slug: str) -> Path | None:
    """The folder with a connector's README, recordings and ledger, installed ones too, and bundled ones that can't be
    loaded; None where there is none on disk."""
    for root in contrib.__path__:
        if (Path(root) / slug).is_dir() and slug.isidentifier():
            return Path(root) / slug
    cls = connector_classes().get(slug)
    if cls is None:
        return None
    with contextlib.suppress(TypeError, OSError):
        found = Path(getattr(cls, "manifest_path", None) or inspect.getfile(cls)).parent
        return found if found.is_dir() else None
    return None


def discover(offers: Iterable[Offer]) -> tuple[dict[str, type[Connector]], dict[str, str]]:
    """Load each offer by itself: the sound ones, and what is wrong with the others, both by slug."""
    classes: dict[str, type[Connector]] = {}
    problems: dict[str, str] = {}
    for slug, load in offers:
        if slug in classes:
            problems[slug] = f"Another connector has the name {slug!r} already; this one was left out."
            continue
        try:
            classes[slug] = sound(load())
        except ManifestError as error:
            first, more = str(error).split("\n")[0], len(error.problems) - 1
            problems[slug] = first + (f" And {more} more." if more else "")
            log.warning("The connector %s can't be used: %s", slug, problems[slug])
        except (Exception, SystemExit) as error:  # an author's module may fail in any way
            problems[slug] = f"{type(error).__name__}: {str(error)[:500]}"
            log.warning("The connector %s can't be loaded: %s", slug, problems[slug], exc_info=True)
    return classes, problems


def sound(cls: object) -> type[Connector]:
    """The class, where it keeps the contract. Raises TypeError, with a sentence that says what to add."""
    if not (inspect.isclass(cls) and issubclass(cls, Connector)):
        raise TypeError("This is not a subclass of connectors.sdk.Connector.")
    for name in ("title", "domain"):
        value = getattr(cls, name, None)
        if not isinstance(value, str) or not value.strip():
            raise TypeError(f"Give the connector a {name}, a short text.")
    if not (inspect.isclass(cls.Settings) and issubclass(cls.Settings, Settings)):
        raise TypeError("Settings must be a subclass of connectors.sdk.Settings.")
    if not cls.can("check"):
        raise TypeError("Define check(): it says whether the settings work.")
    if not any(map(cls.can, ("lookup", "changes", "receive"))):
        raise TypeError("Define lookup, changes or receive: else nothing can be learned from the source.")
    if not cls.can("read"):
        raise TypeError("Define read(row): it says which facts a row holds.")
    if cls.can("lookup") and not cls.accepts:
        raise TypeError("lookup needs accepts: the ref schemes that it can be asked about.")
    stray = sorted(set(cls.covers) - set(cls.accepts))
    if stray:
        raise TypeError(f"covers names {', '.join(stray)}, which accepts does not.")
    for scheme, pattern in cls.patterns.items():
        Ref(scheme, "x")
        if said := pattern_problem(pattern):
            raise TypeError(f"patterns[{scheme!r}]: {said}")
    return cls


@cache
def _discovered() -> tuple[dict[str, type[Connector]], dict[str, str]]:
    return discover(_offers())


def _offers() -> Iterator[Offer]:
    for root in contrib.__path__:
        yield from folder_offers(Path(root), contrib.__name__)
    for point in entry_points(group=ENTRY_POINTS):
        yield point.name, point.load


def folder_offers(root: Path, package: str) -> Iterator[Offer]:
    """What the folders of a package offer, in order of their names. One without a file of its own, such as what a
    deleted connector leaves behind, offers nothing."""
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and path.name.isidentifier()):
        python, manifest = folder / "connector.py", folder / MANIFEST
        if python.exists() and manifest.exists():
            yield folder.name, _refused("The folder has connector.py and connector.toml: keep one of them.")
        elif manifest.exists():
            yield folder.name, partial(connector_from, manifest)
        elif python.exists() or (folder / "__init__.py").exists():
            yield folder.name, _loader(f"{package}.{folder.name}.connector")


def _refused(sentence: str) -> Callable[[], type[Connector]]:
    def load() -> type[Connector]:
        raise ImportError(sentence)

    return load


def _loader(path: str) -> Callable[[], type[Connector]]:
    def load() -> type[Connector]:
        module = importlib.import_module(path)
        classes = inspect.getmembers(module, inspect.isclass)
        own = [cls for _, cls in classes if issubclass(cls, Connector) and cls.__module__ == path]
        if len(own) != 1:
            raise ImportError(f"{path} must define exactly one Connector; it defines {len(own)}.")
        return own[0]

    return load
