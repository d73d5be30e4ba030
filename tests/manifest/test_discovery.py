"""Manifests are found like connectors in Python; a bad one is named with its line and stops no other."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from connectors.host.registry import connector_class, connector_folder, discover, folder_offers
from connectors.sdk import Connector
from connectors.sdk.manifest import connector_from
from tests.manifest.conftest import DEPOT

PYTHON = """
from connectors.sdk import Connector
class Wms(Connector):
    title, domain, accepts = "WMS", "warehouse", ("return",)
    def check(self): return "fine"
    def lookup(self, refs): return []
    def read(self, row): return []
"""


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with a manifest, a connector in Python, both at once, a bad manifest and what deletion leaves."""
    package = tmp_path / "acme_connectors"
    files = {
        "depot/connector.toml": DEPOT, "wms/connector.py": PYTHON, "both/connector.py": PYTHON,
        "both/connector.toml": DEPOT, "bad/connector.toml": DEPOT.replace("[auth]", "[auht]").replace("by =", "bye ="),
        "deleted/__pycache__/x.pyc": "", "notes/README.md": "", "empty/__init__.py": "",
    }  # fmt: skip
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.startswith("acme_connectors")]:
        del sys.modules[name]


def test_folders_with_either_file_are_found_and_a_bad_one_stops_no_other(folders: Path) -> None:
    classes, problems = discover(folder_offers(folders, "acme_connectors"))
    assert set(classes) == {"depot", "wms"} and set(problems) == {"bad", "both", "empty"}
    assert issubclass(classes["depot"], Connector) and classes["depot"].title == "Depot"


def test_a_bad_manifest_is_one_line_with_file_and_line(folders: Path) -> None:
    _, problems = discover(folder_offers(folders, "acme_connectors"))
    assert problems["bad"].startswith("bad/connector.toml, line 8: auht is not known (did you mean auth?).")
    assert problems["bad"].endswith("And 1 more.") and "\n" not in problems["bad"]
    assert "connector.py and connector.toml: keep one of them" in problems["both"]


def test_a_manifest_in_an_installed_package_is_a_class_like_any_other(folders: Path) -> None:
    offers = {name: partial(connector_from, folders / name) for name in ("depot", "bad")}
    classes, problems = discover(offers.items())
    assert set(classes) == {"depot"} and "line 8" in problems["bad"]


@pytest.mark.parametrize("slug", ["rest", "stripe"])
def test_the_folder_of_a_connector_is_known_whatever_it_is_made_of(slug: str) -> None:
    folder = connector_folder(slug)
    assert folder and (folder / "ledger.toml").exists() and connector_class(slug).title
    assert connector_folder("nope") is None and connector_folder("../host") is None
