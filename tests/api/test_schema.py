"""The OpenAPI document is whole, kept in the repository, and true."""

from typing import get_args, get_type_hints

from django.core.management import call_command
from django.urls import get_resolver

from cases import questions
from cases.answers import Step, Value
from cases.kinds import EVENT_KINDS
from cases.questions.refund_status.sentences import NEXT
from cases.questions.refund_status.situations import TABLE
from cases.words import CHANNELS
from tests.api.client import SNAPSHOT, Caller, document
from workspace import rights
from workspace.api import vocabulary


def test_the_snapshot_is_what_the_code_says(tmp_path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh), skip_checks=True)
    how = "Write it anew: manage.py spectacular --file workspace/api/openapi.yaml"
    assert fresh.read_text() == SNAPSHOT.read_text(), how


def test_every_enumeration_is_named(db) -> None:
    named = {name: set(s["enum"]) for name, s in document()["components"]["schemas"].items() if "enum" in s}
    assert named["Situation"] == set(vocabulary.SITUATIONS) and named["Flag"] == set(vocabulary.FLAGS)
    assert {"CaseState", "AnswerState", "SourceStatus", "StepState", "ActorKind", "ValueType", "Precision"} <= set(
        named
    )


def test_our_words_are_those_of_the_cases() -> None:
    assert set(vocabulary.EVENT_KINDS) == set(EVENT_KINDS)
    assert vocabulary.CHANNELS == CHANNELS
    assert (*get_args(get_type_hints(Value)["type"]),) == vocabulary.VALUE_TYPES
    assert (*get_args(get_type_hints(Step)["state"]),) == vocabulary.STEP_STATES


def test_situations_and_who_acts_are_those_of_the_rules() -> None:
    assert {"which_one", "unknown", *(s.name for s in TABLE)} <= set(vocabulary.SITUATIONS)
    assert {who for _, who in NEXT.values()} <= set(vocabulary.WHO_ACTS)
    assert questions.names() == vocabulary.QUESTIONS


def test_the_document_is_given_to_anybody(stranger: Caller) -> None:
    got = stranger.client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert got.status_code == 200 and got.json()["info"]["title"] == "Throughline"


def test_every_route_stands_in_the_table_of_rights() -> None:
    routes = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {n for n in routes if n.startswith("api_")} == set(rights.API)
    assert all(roles <= rights.ROLES | rights.ANYBODY for roles in rights.TABLE.values())
