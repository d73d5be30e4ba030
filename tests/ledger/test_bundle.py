"""A case leaves the house and is verified by a script that knows nothing of it: alone, without Django."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from cases.ledger.keys import key_new, key_read
from cases.models import Access, Case
from cases.selectors.ledger import anchors_export
from cases.services import Actor
from cases.services.ledger import case_export

SCRIPT = Path(__file__).parents[2] / "cases" / "ledger" / "verify_bundle.py"
Bundle = dict[str, Any]
Verify = Callable[..., tuple[int, str]]


@pytest.fixture
def bundle(three_days: Case, dana: User) -> Bundle:
    return json.loads(json.dumps(case_export(case=three_days, actor=Actor.person(dana))))


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    """Runs a copy of the script in a folder of its own, in a Python that is told of no other place."""
    script = tmp_path / "verify_bundle.py"
    script.write_text(SCRIPT.read_text())

    def run(bundle: Bundle, *more: str) -> tuple[int, str]:
        path = tmp_path / "bundle.json"
        path.write_text(json.dumps(bundle))
        asked = [sys.executable, "-I", str(script), str(path), *more]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=tmp_path, env={})
        return done.returncode, done.stdout + done.stderr

    return run


def resigned(bundle: Bundle, key: str) -> Bundle:
    from cases.ledger.bundle import bundle_signed

    return bundle_signed(bundle, key_read(key))


def test_a_bundle_holds_everything_that_the_case_rests_on_and_verifies_alone(
    bundle: Bundle, verify: Verify, own_key: str, tmp_path: Path
):
    kinds = {e["row"]["kind"] for e in bundle["events"]}
    assert {"case.opened", "note", "message.out"} <= kinds and bundle["facts"] and bundle["raw_rows"]
    assert all(f["proof"] for f in bundle["facts"]) and len(bundle["anchors"]) == 3 and bundle["statements"]
    (anchors := tmp_path / "anchors.json").write_text("".join(anchors_export()))
    code, said = verify(bundle, "--key", key_read(own_key).public, "--anchors", str(anchors))
    assert code == 0 and "Everything holds." in said and "BROKEN" not in said, said


def _set(bundle: Bundle, path: str, value: Any) -> Bundle:
    changed = json.loads(json.dumps(bundle))
    *way, last = [int(step) if step.lstrip("-").isdigit() else step for step in path.split("/")]
    place = changed
    for step in way:
        place = place[step]
    assert place[last] != value
    place[last] = value
    return changed


def test_every_change_is_found_even_where_whoever_made_it_signs_anew(bundle: Bundle, verify: Verify):
    closed = next(n for n, f in enumerate(bundle["facts"]) if "closing" in f)
    key = key_new()
    for path, value, sentence in [
        ("events/1/row/actor", ["person", "99"], "Event 2 was changed."),
        ("events/1/content", {}, "The content of event 2 was changed."),
        ("events", bundle["events"][:1] + bundle["events"][2:], "Event 2 is missing."),
        ("events", bundle["events"][:-1], "The chain does not lead to where it ended on"),
        ("facts/0/row/how", "push", "Fact version"),
        ("facts/0/content/said", "Nothing.", "The content of fact version"),
        (f"facts/{closed}/closing/closed_as", "undone", "The closing of fact version"),
        ("raw_rows/0/content/body", {}, "The content of raw row"),
        ("statements/0/content/words", "Nothing.", "is not what its event says was told."),
        ("statements/0/row/channel", "phone", "Statement"),
        ("anchors/1/body/number", 9, "was changed."),
        ("anchors/1/signature", "00" * 64, "The signature of the anchor of"),
        ("heads/0/row/digest", "0" * 64, "The chain does not lead to"),
    ]:  # fmt: skip
        code, said = verify(resigned(_set(bundle, path, value), key))
        assert code == 1 and any(line.startswith("BROKEN") and sentence in line for line in said.splitlines()), said


def test_a_bundle_that_another_key_signed_is_not_trusted(bundle: Bundle, verify: Verify, own_key: str):
    mine = key_read(own_key).public
    assert "was changed after it was signed" in verify(_set(bundle, "made_by", "Nobody"))[1]
    code, said = verify(resigned(bundle, key_new()), "--key", mine)
    assert code == 1 and "which is not the one that you trust" in said
    assert verify({**bundle, "signature": None}, "--key", mine)[0] == 1
    assert verify({"format": "something else"})[0] == 2


def test_without_internal_notes_the_words_are_gone_and_the_chain_holds(three_days: Case, dana: User, verify: Verify):
    bundle = case_export(case=three_days, actor=Actor.person(dana), notes=False)
    assert "worried" not in json.dumps(bundle)
    code, said = verify(bundle)
    assert code == 0 and "Left out, with their digests" in said and "internal note" in said


def test_what_a_reader_may_not_see_is_masked_and_still_verifies(three_days: Case, dana: User, verify: Verify):
    def hide(given: Any) -> Any:
        return json.loads(json.dumps(given, default=str).replace("maya@example.com", "m•••@example.com"))

    bundle = case_export(case=three_days, actor=Actor.person(dana), hide=hide)
    assert "maya@example.com" not in json.dumps(bundle) and "m\\u2022" in json.dumps(bundle)
    code, said = verify(bundle)
    assert code == 0 and "(masked)" in said


def test_a_bundle_as_of_a_moment_has_nothing_from_after_it(three_days: Case, dana: User, verify: Verify):
    moment = three_days.events.get(kind="note", payload__data__text="Day 1.").at
    bundle = case_export(case=three_days, actor=Actor.person(dana), as_of=moment)
    assert max(e["row"]["at"] for e in bundle["events"]) <= bundle["as_of"]
    assert max(f["row"]["learned_at"] for f in bundle["facts"]) <= bundle["as_of"]
    assert verify(bundle)[0] == 0


def test_taking_a_bundle_is_on_record(bundle: Bundle, three_days: Case, dana: User):
    taken = Access.objects.get(what="export")
    assert taken.cases == [three_days.pk] and taken.actor == str(dana.pk) and taken.at > timezone.now()


def test_what_is_left_out_of_a_bundle_is_held_against_the_anchors_that_were_kept(
    bundle: Bundle, verify: Verify, own_key: str, tmp_path: Path
):
    (anchors := tmp_path / "anchors.json").write_text("".join(anchors_export()))
    row = bundle["facts"][0]["row"]
    forged = _set(bundle, "facts/0/row/how", "push" if row["how"] != "push" else "pull")
    bare = _set(bundle, "facts/0/proof", None)
    headless = {**bundle, "heads": bundle["heads"][1:]}
    for changed, sentence in [
        ({**forged, "anchors": []}, "was changed"), (bare, "does not lead to the anchor of its day"),
        (headless, "Nothing says where the chain ended on"),
    ]:  # fmt: skip
        code, said = verify(resigned(changed, own_key), "--key", key_read(own_key).public, "--anchors", str(anchors))
        assert code == 1 and sentence in said, said
