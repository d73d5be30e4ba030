"""``manage.py demo --peers``: the workspace against Tryton, localstripe and policy documents over HTTP.

What was bought, returned, credited and paid is done in these programs over HTTP while the demo starts, by its
staff; the workspace learns it by asking, as ever.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workspace import processes
from workspace.demo.peers.installing import PeerError
from workspace.demo.peers.running import Peer, localstripe, tryton
from workspace.demo.peers.staff import Checkout, Order, TrytonStaff
from workspace.demo.prepare import ZONE, source_of
from workspace.demo.run import PYTHON, Demo, Place
from workspace.demo.seed.documents import documents
from workspace.demo.systems import policy
from workspace.demo.systems.base import open_db
from workspace.demo.systems.keys import keys_kept
from workspace.env import BASE_DIR
from workspace.supervisor import NotReady

Step = Callable[[TrytonStaff, Order], None]
RETURNED: tuple[Step, ...] = (TrytonStaff.send, TrytonStaff.announce_return)
RECEIVED: tuple[Step, ...] = (*RETURNED, TrytonStaff.receive)
PASSED: tuple[Step, ...] = (*RECEIVED, TrytonStaff.put_into_stock)

STORIES: Mapping[str, tuple[str, str, tuple[Step, ...], tuple[int, ...]]] = {
    "paid": ("48-5001", "Maya Laine", PASSED, (8490,)),
    "partial_refund": ("48-5002", "Pia Koski", PASSED, (5000,)),
    "credit_note_only": ("48-5003", "Oskar Rinne", (*PASSED, TrytonStaff.credit), ()),
    "approved": ("48-5004", "Noor Aziz", PASSED, ()),
    "inspection_due": ("48-5005", "Sami Aho", RECEIVED, ()),
    "announced": ("48-5006", "Ines Duarte", RETURNED, ()),
    "early_refund_not_allowed": ("48-5007", "Kai Moen", (TrytonStaff.send,), ()),
    "refunded_twice": ("48-5008", "Lea Salo", PASSED, (8490, 8490)),
}
"""By case: order number, customer, what staff does in Tryton, and refunds in cents at the till."""
PRICE = 8490


class PeersDemo(Demo):
    """The same workspace; other systems of record."""

    has_past = False

    def systems_start(self) -> dict[str, Place]:
        """Install the programs where they are not yet, start them, and do the business of the day once."""
        installed, kept = self.var_dir / "peers", self.var_dir / "peers" / "demo"
        if not (installed / "localstripe").is_dir():
            self.say("Installing Tryton and localstripe, each in an environment of its own: about two minutes, once")
        try:
            erp, known = tryton(installed, kept / "tryton")
            till = localstripe(installed, kept / "localstripe")
        except PeerError as error:
            raise NotReady(str(error)) from None
        for name, peer in {"tryton": erp, "localstripe": till}.items():
            self._start(name, peer)
        library = self._library(kept)
        self._business(kept / "done.json", TrytonStaff(erp.url, known), Checkout(till.url))
        tryton_key, stripe_key = kept / "tryton.key", kept / "stripe.key"
        _secret(tryton_key, known["keys"]["throughline"])
        _secret(stripe_key, "sk_test_demo")
        warehouse = {"base_url": erp.url, "database": known["database"], "key": f"file:{tryton_key}"}
        return {
            "warehouse": Place(erp.url, f"{erp.url}/", {
                "title": "Tryton", "connector": "tryton", "domain": "warehouse", "freshness_s": 5, "zone": ZONE,
                "settings": {**warehouse, "internal": True},
            }),
            "finance": Place(till.url, f"{till.url}/", {
                "title": "localstripe", "connector": "stripe", "domain": "finance", "freshness_s": 5,
                "settings": {"base_url": till.url, "key": f"file:{stripe_key}", "internal": True},
            }),
            "policy": library,
        }  # fmt: skip

    def wanted(self) -> dict[str, dict[str, Any]]:
        return {
            name: {"question": "refund-status", "channel": "web", "refs": [f"order:{number}", f"email:{_email(who)}"],
                   "message": "Hello, where is my refund?"}
            for name, (number, who, _, _) in STORIES.items()
        }  # fmt: skip

    def _start(self, name: str, peer: Peer) -> None:
        self.supervisor.start(name, peer.argv, env=peer.env, cwd=peer.folder)
        child = self.supervisor.children[name]
        if not processes.wait_until(peer.answers, timeout_s=60, alive=lambda: child.running):
            raise NotReady("\n".join([f"{name} does not answer. Its last lines:", *child.lines]))

    def _library(self, kept: Path) -> Place:
        """The demo's own policy documents, over HTTP."""
        file = kept / "policy.sqlite"
        if not file.exists():
            db = open_db(file, policy.SCHEMA)
            for terms, text in documents(self.today):
                policy.document_save(db, terms, text)
            db.close()
        key = keys_kept(kept / "keys", ("policy",))["policy"]
        port = processes.free_port()
        where: list[str | Path] = ["--port", str(port), "--db", file, "--token-file", key]
        self.supervisor.start("policy", [*PYTHON, "-m", policy.__name__, *where], env=self.env, cwd=BASE_DIR)
        url = f"http://127.0.0.1:{port}"
        self.wait_for("policy", f"{url}/health")
        return Place(url, f"{url}/control", source_of("policy", url, f"file:{key}"))

    def _business(self, done: Path, staff: TrytonStaff, till: Checkout) -> None:
        """Each story once; a run that was cut short goes on with the next one."""
        finished = json.loads(done.read_text()) if done.exists() else []
        for name, (number, who, steps, refunds) in STORIES.items():
            if name in finished:
                continue
            self.say(f"  {who} buys {number}")
            order, payment = staff.buy(number, _email(who), who), till.pay(number, _email(who), PRICE, name=who)
            for step in steps:
                step(staff, order)
            for cents in refunds:
                till.refund(payment, cents)
            finished.append(name)
            done.write_text(json.dumps(finished))


def _email(who: str) -> str:
    return f"{who.lower().replace(' ', '.')}@example.com"


def _secret(path: Path, value: str) -> None:
    path.touch(mode=0o600)
    path.write_text(value)
