"""Documentation that can't lie: every name in it is held to the code, and its code is run."""

import base64
import hmac
import importlib
import json
import re
import types
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cases import questions
from cases.questions.refund_status.situations import TABLE
from connectors.host import registry
from connectors.host.selectors import evidence
from connectors.host.services import gather_now, source_save
from connectors.host.services.gathering import lanes
from connectors.sdk import Connector, Delivery, Ref, StandardWebhooks, errors, kinds
from connectors.sdk.http import Http
from connectors.sdk.testing import Server, in_turn, say
from workspace.api.vocabulary import FLAGS
from workspace.demo.seed.world import CASES
from workspace.outbound.services.sending import PAUSES_S

DOCS = Path(__file__).parents[2] / "docs"
ROOT = DOCS.parent


def words(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_situation_and_flag_is_explained() -> None:
    named = set(re.findall(r"^\| `(\w+)`", words("refund-status.md"), re.M))
    assert named == {"which_one", "unknown", *(s.name for s in TABLE), *FLAGS}


def test_every_question_is_in_the_catalogue_with_its_situations_stories_and_cases() -> None:
    page = words("questions-catalogue.md")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| `([^|]+)` \| `([^|]+)` \| (.*) \|$", page, re.M)
    assert {row[0]: row[1] for row in rows} == {name: questions.title(name) for name in questions.names()}
    for name, _, rules, stories, cases in rows:
        assert (ROOT / rules).is_dir() and (ROOT / stories).is_file()
        assert {CASES[c].question for c in re.findall(r"`(\w+)`", cases)} <= {name}
        if name != "refund-status":
            part = page.split(f"\n## `{name}`\n")[1].split("\n## ")[0]
            assert re.findall(r"^\| `(\w+)`", part, re.M) == list(questions.base.get(name).situations)
    named = {case for row in rows for case in re.findall(r"`(\w+)`", row[4])}
    assert named == {name for name, case in CASES.items() if case.question != "refund-status"}


def test_every_term_that_questions_read_is_in_the_kinds_of_policies() -> None:
    part = words("questions-catalogue.md").split("## Terms that they read")[1]
    for kind, terms in re.findall(r"^\| `(policy\.\w+)` \| (.*) \|$", part, re.M):
        assert set(re.findall(r"`(\w+)`", terms)) <= set(kinds.KINDS[kind].properties)


def test_every_error_and_kind_is_in_the_integrators_guide() -> None:
    guide = words("integrators.md")
    raised = [n for n, e in vars(errors).items() if isinstance(e, type) and n != "SourceError"]
    assert [n for n in (*raised, *kinds.KINDS) if f"`{n}`" not in guide] == []


DOORS = re.findall(r"^- `([\w.]+)`: ((?:.|\n  )*)", words("architecture.md"), re.M)


@pytest.mark.parametrize("line", DOORS, ids=lambda d: d[0])
def test_every_door_that_is_named_is_there(line: tuple[str, str]) -> None:
    module = importlib.import_module(line[0])
    assert [n for n in re.findall(r"`(\w+)`", line[1]) if not hasattr(module, n)] == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")) + [ROOT / "README.md"], ids=lambda p: p.name)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.alone
def test_the_guides_connector_works_and_is_short(committed_db: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code of the guide, as it stands there, against a source that answers as the guide says."""
    code, answer = re.findall(r"```(?:python|json)\n(.*?)```", words("integrators.md"), re.S)[:2]
    assert len(code.strip().splitlines()) < 40
    module = types.ModuleType("guide")
    exec(compile(code, "integrators.md", "exec"), module.__dict__)
    cls = next(
        c for c in vars(module).values() if isinstance(c, type) and c.__module__ == "guide" and "lookup" in vars(c)
    )
    assert issubclass(cls, Connector)
    monkeypatch.setattr(registry, "_discovered", lambda: ({"acme": cls}, {}))
    monkeypatch.setattr(lanes, "_lanes", {})
    monkeypatch.setenv("ACME_KEY", "a-long-secret")
    with Server(say(200, json.loads(answer))) as source:
        settings = {"base_url": source.url, "internal": True, "key": "env:ACME_KEY"}
        source_save(name="acme", title="Acme", connector="acme", domain="warehouse", freshness_s=60, settings=settings)
        gather_now(seeds=[Ref("return", "RMA-77120")], timeout=5)
    found = evidence(seeds=[Ref("return", "RMA-77120")])
    assert {f.kind for f in found.facts} == {"return.received", "return.inspected"}


def written(page: str, name: str) -> Any:
    """A class as a page has it."""
    (code,) = [c for c in re.findall(r"```python\n(.*?)```", words(page), re.S) if f"class {name}(" in c]
    module = types.ModuleType("page")
    exec(compile(code, page, "exec"), module.__dict__)
    return getattr(module, name)


def test_the_guides_pages_are_read_to_their_end() -> None:
    desk = written("integrators.md", "Desk")
    settings = desk.Settings(base_url="http://desk.example", user="ines", password="env:DESK")
    page = [{"data": [{"n": n}], "meta": {"total": 2}} for n in (1, 2)]
    with Server(in_turn(*(say(200, one) for one in page))) as source:
        http = Http(source.url, internal=True, auth=desk.auth(settings))
        assert [item["n"] for item in desk(settings, http).tickets("48-1193")] == [1, 2]
    assert source.asked[1].params["page"] == "2" and source.asked[0].headers["authorization"].startswith("Basic ")


def test_the_guides_delivery_becomes_a_fact() -> None:
    carrier = written("integrators.md", "Carrier")
    at = datetime(2026, 11, 19, 14, tzinfo=UTC)
    body = json.dumps({"parcels": [{"id": "P1", "order": "48-1193", "at": "2026-11-19T12:00:00"}]}).encode()
    stamp = str(int(at.timestamp()))
    signature = hmac.new(b"long", stamp.encode() + b"." + body, "sha256").hexdigest()
    headers = {"x-signature": signature, "x-event-id": "e1", "x-event-time": stamp}
    assert carrier.signature.verify(headers, body, ["long"], at) == "e1"
    made = carrier(carrier.Settings(base_url="http://c.example", zone="Europe/Helsinki"), None)
    (row,) = made.receive(Delivery("e1", headers, body, at))
    (fact,) = made.read(row)
    assert (fact.kind, fact.occurred.astimezone(UTC).hour) == ("shipment.delivered", 10)


def test_what_the_page_on_subscriptions_says_of_verifying_and_of_actions_is_true() -> None:
    receiver, bank = re.findall(r"```python\n(.*?)```", words("outbound.md"), re.S)
    module = types.ModuleType("outbound_page")
    for code in (receiver, bank):
        exec(compile(code, "outbound.md", "exec"), module.__dict__)
    secret, body = "whsec_" + base64.b64encode(b"k" * 32).decode(), b'{"type":"note"}'
    signed = StandardWebhooks().sign("msg_1", datetime.now(UTC), body, [secret])
    assert module.received(signed, body, secret) == {"type": "note"}
    spec = module.Bank.actions()["refund"]
    assert (list(spec.arguments), spec.refs) == (["payment", "amount"], ("payment",))


def test_the_pauses_on_the_page_are_those_that_are_kept() -> None:
    said = "5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h"
    units = {"s": 1, "min": 60, "h": 3600}
    assert said in words("outbound.md")
    assert tuple(int(n) * units[u] for n, u in re.findall(r"(\d+) (s|min|h)", said)) == PAUSES_S
