"""On pages a secret is a reference to a place for secrets, and to no other file or variable of the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from connectors.host.errors import BadSource
from connectors.host.models import Source
from connectors.host.services import source_secret_rotate
from tests.sources.conftest import Server, make, say
from tests.sources.test_pages import form, page


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.SECRETS_DIR, settings.SECRETS_ENV = [str(tmp_path / "secrets")], ["SOURCE_", "TEAM_"]
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "shop").write_text("the-secret-of-the-shop")
    (tmp_path / "other").write_text("root:x:0:0")
    (tmp_path / "secrets" / "link").symlink_to(tmp_path / "other")
    return tmp_path


def rotate(reference: str) -> None:
    source_secret_rotate(name="warehouse", field="webhook_secret", reference=reference, by="Jonas")


@pytest.mark.parametrize("reference", [
    "file:/etc/passwd", "file:{here}/other", "file:{here}/secrets/../other", "file:{here}/secrets/link",
    "file:{here}/secretsother", "env:HOME", "env:PATH", "env:source_x", "file:/\0",
])  # fmt: skip
def test_what_lies_elsewhere_is_refused_with_what_to_do(warehouse: Source, folder: Path, reference: str) -> None:
    with pytest.raises(BadSource, match=r"may not be used from here: .*SECRETS_(DIR|ENV)"):
        rotate(reference.format(here=folder))
    assert "webhook_secret" not in Source.objects.get().settings


def test_what_lies_in_its_place_is_taken(warehouse: Source, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_HOOK", "another-secret")
    for reference in (f"file:{folder}/secrets/shop", "env:TEAM_HOOK"):
        rotate(reference)
    assert Source.objects.get().settings["webhook_secret_before"] == f"file:{folder}/secrets/shop"


def test_a_form_that_names_another_file_asks_nobody_and_saves_nothing(folder: Path, integrator: Client) -> None:
    with Server(say(200, [])) as server:
        typed = form(server, connector="stripe", **{"s-key": "file:/etc/passwd"})
        for do in ("check", "save", "save-paused"):
            answer = integrator.post("/sources/add/", {**typed, "do": do})
            assert answer.status_code == 422 and "SECRETS_DIR" in answer.content.decode()
        assert server.asked == [] and not Source.objects.exists()


def test_a_reference_that_was_saved_before_stays(folder: Path, integrator: Client) -> None:
    with Server(say(200, [])) as server:
        make("oulu", title="Oulu", settings={"base_url": server.url, "webhook_secret": f"file:{folder}/other"})
        kept = form(server, **{"s-webhook_secret": f"file:{folder}/other", "title": "Oulu again"})
        assert integrator.post("/sources/oulu/settings/", kept).status_code == 302
    assert Source.objects.get().title == "Oulu again" and "Oulu again" in page(integrator)
