"""Digests and anchors by the clock, keys, the command line, and verifications that go on where they stopped."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.ledger.keys import key_new, key_read
from cases.models import Access, Anchor, Case, LedgerKey, LedgerRun
from cases.selectors.ledger import ledger_verify
from cases.services import Actor, access_record, note_add
from cases.services.ledger import ledger_key, ledger_rotate, ledger_run, ledger_runs_go, ledger_seal
from connectors.host.models import DigestDay, DigestPart, RefValue, Source, Unheard
from connectors.host.services.digests import merkle
from connectors.host.services.gathering.leases import leases_take
from tests.ledger.conftest import day_passes


def told_by(*given: str) -> str:
    out = StringIO()
    call_command(*given, stdout=out, stderr=out)
    return out.getvalue()


def test_a_day_that_goes_on_is_not_digested(told: Case):
    assert ledger_seal() == 0 and not DigestDay.objects.exists()


def test_sealing_twice_changes_nothing(three_days: Case):
    before = list(Anchor.objects.values_list("digest", flat=True))
    assert ledger_seal() == 0 and list(Anchor.objects.values_list("digest", flat=True)) == before


def test_a_digest_that_was_interrupted_after_any_part_goes_on_from_there(
    told: Case, dana: User, monkeypatch: pytest.MonkeyPatch
):
    from connectors.host.services.digests import sealing

    monkeypatch.setattr(sealing, "PART", 2)
    day_passes()
    for _ in range(200):
        if ledger_seal(more=lambda: False):
            break
    assert DigestPart.objects.filter(kind="facts").count() >= 2 and ledger_verify().intact
    assert Anchor.objects.count() == 1


def test_without_a_key_days_are_digested_and_wait_to_be_signed(told: Case, settings: Any, own_key: str):
    settings.LEDGER_KEY, settings.DEBUG, settings.DEMO = "", False, False
    day_passes()
    assert ledger_seal() == 0 and DigestDay.objects.exists() and ledger_verify().intact
    settings.LEDGER_KEY = "env:SOURCE_LEDGER"
    assert ledger_seal() == 1 and ledger_verify().counts["anchors"] == 1


def test_a_new_key_is_endorsed_by_the_one_before(three_days: Case, settings: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_NEXT", key_new())
    row = ledger_rotate(to="env:SOURCE_NEXT")
    settings.LEDGER_KEY = "env:SOURCE_NEXT"
    day_passes()
    assert ledger_seal() == 1 and Anchor.objects.latest("day").key_id == row.key_id
    assert ledger_verify().intact and LedgerKey.objects.count() == 2


def test_while_developing_a_key_is_made_that_others_can_not_read(settings: Any, var_dir: Path):
    settings.LEDGER_KEY, settings.DEBUG = "", True
    key = ledger_key()
    again = ledger_key()
    assert key and again and key.id == again.id == key_read((var_dir / "ledger_key").read_text()).id
    assert [path.stat().st_mode & 0o077 for path in var_dir.glob("ledger_key*")] == [0] and key.id in repr(key)


def test_the_command_says_that_nobody_changed_history_and_writes_anchors(three_days: Case, tmp_path: Path):
    path = tmp_path / "anchors.json"
    assert told_by("ledger", "export", "--to", str(path)).startswith("3 anchors written")
    assert "Nobody changed history" in told_by("ledger", "verify", "--anchors", str(path))
    assert json.loads(told_by("ledger", "verify", "--json"))["intact"]
    assert "Nobody changed history" in told_by("ledger", "verify", "--case", str(three_days.pk))
    assert "Nobody" in told_by("ledger", "verify", "--since", str(Anchor.objects.latest("day").day))


def test_the_command_tells_broken_from_unable(three_days: Case, tmp_path: Path):
    path = tmp_path / "anchors.json"
    told_by("ledger", "export", "--to", str(path))
    kept = json.loads(path.read_text())
    kept["anchors"][1]["body"]["number"] = 7
    path.write_text(json.dumps(kept))
    with pytest.raises(SystemExit) as broken:
        told_by("ledger", "verify", "--anchors", str(path))
    assert broken.value.code == 1
    path.write_text("{}")
    with pytest.raises(CommandError) as unable:
        told_by("ledger", "verify", "--anchors", str(path))
    assert unable.value.returncode == 2


def test_a_verification_goes_on_where_its_time_was_up(three_days: Case, dana: User):
    run = ledger_run(actor=Actor.person(dana))
    assert ledger_run(actor=Actor.person(dana)).pk == run.pk
    rounds = 0
    while not ledger_runs_go(seconds=-1):
        rounds += 1
        assert rounds < 200
    run.refresh_from_db()
    whole = ledger_verify()
    assert rounds > 2 and run.state == "intact" and run.counts == whole.counts and run.ended_at
    assert LedgerRun.objects.count() == 1


def test_looking_at_the_same_again_is_the_same_look(case: Case, dana: User, tom: User):
    for who in (dana, dana, tom):
        access_record(actor=Actor.person(who), what="letter", case=case)
    access_record(actor=Actor.person(dana), what="file", case=case)
    assert Access.objects.count() == 3


def test_a_case_written_to_a_file_has_its_signature(three_days: Case, tmp_path: Path):
    path = tmp_path / "case.json"
    told_by("case_export", str(three_days.pk), "--to", str(path), "--no-notes")
    bundle = json.loads(path.read_text())
    assert bundle["signature"]["key"] == ledger_key().id and not bundle["notes"]


def test_an_asking_that_died_days_ago_belongs_to_the_day_on_which_that_was_seen(three_days: Case):
    source, ref = Source.objects.earliest("pk"), RefValue.objects.earliest("pk")
    for _ in range(2):  # whoever comes second finds that the first is gone
        leases_take({(source.pk, ref.pk): 0.0}, "a gathering", timezone.now(), timezone.now())
    died = Unheard.objects.get()
    assert died.ended_at.date() < died.learned_at.date() and ledger_verify().intact
    day_passes()
    assert ledger_seal() == 1 and ledger_verify().counts["unheard"] == 1


def led_to(leaf: bytes, steps: list[merkle.Step]) -> bytes:
    for side, other in steps:
        pair = (bytes.fromhex(other), leaf) if side == "left" else (leaf, bytes.fromhex(other))
        leaf = merkle.node(*pair)
    return leaf


def test_a_path_leads_from_every_leaf_to_the_root():
    for count in (1, 2, 3, 5, 8, 13):
        leaves = [merkle.leaf_of("facts", {"id": n}) for n in range(count)]
        root = merkle.root_of(leaves)
        assert all(led_to(leaf, merkle.path(leaves, n)) == root for n, leaf in enumerate(leaves))
        tree = merkle.Tree()
        for start in range(0, count, 4):
            tree.add(merkle.root_of(leaves[start : start + 4]))
        assert tree.root() == root


def test_an_event_that_was_added_behind_an_anchored_day_is_no_tampering(three_days: Case, dana: User):
    note_add(case=three_days, text="Later.", actor=Actor.person(dana))
    assert ledger_verify().intact
