"""Tryton, localstripe and a policy library, running on loopback; the product is pointed at them.

A peer that can't be installed or started fails the run: it is never skipped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from cases.answers import Answer
from cases.models import Case
from cases.selectors import case_view
from cases.services import Actor, case_open
from connectors.host.selectors import evidence
from connectors.host.services import gather_now, source_save
from connectors.host.services.gathering import lanes
from connectors.host.views import CheckView, Evidence, FactView
from connectors.sdk import Ref
from workspace import processes
from workspace.demo.peers import installing, running
from workspace.demo.peers.staff import Checkout, TrytonStaff
from workspace.demo.seed.documents import documents
from workspace.demo.systems import policy
from workspace.demo.systems.base import open_db
from workspace.env import BASE_DIR

VAR = Path(BASE_DIR) / "var" / "peers"
POLICIES = [Ref("policy", family) for family in ("returns", "refunds", "cancellations")]
_numbers = count(int(datetime.now(UTC).timestamp()) % 100_000)


@dataclass
class Erp:
    """Tryton while it runs, the member of staff who works in it, and its keys and ids."""

    peer: running.Peer
    staff: TrytonStaff
    known: dict[str, Any]


@pytest.fixture(scope="session")
def erp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erp]:
    peer, known = running.tryton(VAR, tmp_path_factory.mktemp("tryton"))
    peer.start()
    yield Erp(peer, TrytonStaff(peer.url, known), known)
    peer.stop()


@dataclass
class Till:
    peer: running.Peer
    checkout: Checkout


@pytest.fixture(scope="session")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    peer = running.localstripe(VAR, tmp_path_factory.mktemp("localstripe"))
    peer.start()
    yield Till(peer, Checkout(peer.url))
    peer.stop()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo's policy library as a process of its own; its address."""
    folder = tmp_path_factory.mktemp("library")
    db = open_db(folder / "policy.sqlite", policy.SCHEMA)
    for terms, text in documents(datetime.now(UTC).date()):
        policy.document_save(db, terms, text)
    db.close()
    port = processes.free_port()
    argv = [installing.sys.executable, "-m", policy.__name__, "--port", str(port), "--db", folder / "policy.sqlite"]
    (folder / "key").write_text("policy-key")
    process = processes.spawn([*argv, "--token-file", folder / "key"], cwd=BASE_DIR)
    assert processes.wait_until(lambda: not processes.port_is_free(port), timeout_s=20)
    yield f"http://127.0.0.1:{port}"
    processes.stop(process)


class Desk:
    """A rep at work: opens a case about an order and reads its answer, after every source was asked anew."""

    def __init__(self, rep: User) -> None:
        self.rep = rep

    def open(self, *refs: str) -> Case:
        return case_open(question="refund-status", refs=refs, actor=Actor.person(self.rep))

    def answer(self, case: Case) -> Answer:
        seeds = case_view(case=case).evidence.seeds
        gathering = gather_now(seeds=seeds, labels=POLICIES, force=True, timeout=20)
        assert gathering.settled
        return case_view(case=case).answer


@dataclass
class Seen:
    """What is stored about some refs."""

    evidence: Evidence

    def fact(self, kind: str) -> FactView:
        (found,) = self.evidence.of(kind)
        return found

    @property
    def kinds(self) -> set[str]:
        return {f.kind for f in self.evidence.facts}

    def check(self, source: str, ref: str) -> CheckView:
        (found,) = [c for c in self.evidence.checks if (c.source, str(c.ref)) == (source, ref)]
        return found


def look(*refs: str, timeout: float = 20) -> Seen:
    """Ask every source about these refs and all that they lead to; then what is stored."""
    seeds = [Ref.parse(r) for r in refs]
    gather_now(seeds=seeds, labels=POLICIES, force=True, timeout=timeout)
    return Seen(evidence(seeds=seeds, labels=POLICIES))


def known(*refs: str) -> set[str]:
    """The kinds of facts that are stored about some refs, with nobody asked."""
    return {f.kind for f in evidence(seeds=[Ref.parse(r) for r in refs]).facts}


Connect = Callable[..., None]


@pytest.fixture
def connect(committed_db: None, erp: Erp, till: Till, library: str, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Point the workspace at the three programs; ``user`` is Tryton's service user."""
    monkeypatch.setattr(lanes, "_lanes", {})

    def connected(user: str = "throughline", **tryton: Any) -> None:
        keys = {
            "TRYTON_KEY": erp.known["keys"].get(user, user),
            "STRIPE_KEY": "sk_test_peers",
            "POLICY_KEY": "policy-key",
        }
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        sources: dict[str, tuple[str, str, dict[str, Any]]] = {
            "warehouse": (
                "tryton",
                erp.peer.url,
                {"key": "env:TRYTON_KEY", "database": erp.known["database"], **tryton},
            ),
            "finance": ("stripe", till.peer.url, {"key": "env:STRIPE_KEY"}),
            "policy": ("policies", library, {"key": "env:POLICY_KEY"}),
        }
        for domain, (connector, url, settings) in sources.items():
            source_save(name=connector, title=connector.title(), connector=connector, domain=domain, freshness_s=60,
                        source_limit_s=10, settings={"base_url": url, "internal": True, **settings})  # fmt: skip

    return connected


@pytest.fixture
def connected(connect: Connect) -> None:
    connect()


@pytest.fixture
def desk(connected: None) -> Desk:
    return Desk(User.objects.create_user("dana", first_name="Dana", last_name="Okafor"))


@pytest.fixture
def number() -> str:
    """An order number that nobody has used yet."""
    return f"48-{next(_numbers)}"
