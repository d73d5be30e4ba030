"""Every route of the table, asked by every role: nothing of Maya comes out that the role may not see, by any door."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.contrib.auth.models import User
from django.urls import get_resolver
from django.utils import timezone

from cases.models import Case, Review
from cases.selectors import case_view
from cases.services import Actor, commitment_make, message_send, note_add
from connectors.host.models import Fact, Inbound, InboundWork, Source
from connectors.host.services import import_create, import_work
from connectors.sdk.personal import CLASSES
from tests.access.conftest import BANK, BORN, CARD, MAIL, PHONE, POSTAL, STREET, WHOLE
from tests.access.test_table import routes
from tests.mail.conftest import Write, inbox, write
from tests.mail.letters import letter
from workspace.access import services
from workspace.access.answers import OWN_WORK as OWN_ANSWERS
from workspace.access.fields import ALL, OWN, TABLE
from workspace.access.veil import OWN_WORK
from workspace.outbound.models import Notice, Subscription
from workspace.permissions import may
from workspace.rights import ACCOUNT, ANYBODY, ROLES
from workspace.rights import TABLE as ROUTES

__all__ = ["inbox", "write"]
EVERYTHING = {
    "email": MAIL, "phone": PHONE, "street": STREET, "postal_code": POSTAL, "iban": BANK, "card_number": CARD,
    "date_of_birth": BORN,
}  # fmt: skip
WORDS = f"I am {MAIL}, {PHONE}; I live at {STREET}; my bank says {BANK}; my card is {CARD}. Where is my refund?"
NO_ROWS = {"notice_again", "api_notice_again", "source_secret"}
"""About programs and sources alone; they need rows that no customer is in."""
NOBODY_S = {
    route for route, allowed in ROUTES.items()
    if allowed == ANYBODY or route in ACCOUNT - {"access", "api_access"} or route.endswith("stream")
} | NO_ROWS  # fmt: skip
MORE = {
    "cases": ("q=Maya", f"q={quote(MAIL)}"), "cases_matches": ("q=Maya", f"q={quote(MAIL)}"), "api_search": ("q=Maya",),
    "api_cases": ("owner=dana",), "erasures": ("q=Maya", f"q={quote(MAIL)}"), "case_export": ("take=1",),
    "trust": ("format=csv", "format=json"), "trust_measure": ("format=csv", "format=json"),
    "ledger_access": ("person=dana",), "replay": ("clock=happened",), "letters": (), "api_bundle": ("notes=0",),
}  # fmt: skip
MUST_COME = {
    "case", "api_case", "api_timeline", "api_answer", "api_told", "api_bundle", "api_search", "cases", "cases_matches",
    "case_export", "case_live", "replay", "replay_print", "letters", "letter", "source_delivery", "source_deliveries",
    "source_import_report", "source_import_one", "source_unread", "api_fact", "trust", "trust_measure",
    "reviews", "ledger_access", "api_ledger_access", "access_log", "access", "api_commitment",
    "day", "bell", "subscription", "api_notices",
}  # fmt: skip
"""What has to answer a role that may ask, so that this proves something."""
PAST_THE_DOORS = {
    "access/written.py": "the mask that was sent", "api/problems.py": "what is wrong with what was sent",
    "api/views/erasing.py": "only for who was granted all of it", "api/views/ledger.py": "masked before it is signed",
    "inbound/views.py": "how a delivery went", "metrics.py": "numbers", "middleware.py": "sentences of ours",
    "pages/ledger/views.py": "masked before it is signed",
    "pages/retention/views.py": "only for who was granted all of it", "pages/sources/importing.py": "masked by line",
    "pages/trust/exporting.py": "masked by row", "pages/views/errors.py": "sentences of ours",
    "pages/views/mail.py": "only for who sees all of the case", "pages/views/memory.py": "nothing",
    "pages/views/sign.py": "ok", "pages/views/verbs.py": "nothing", "permissions.py": "nothing",
}  # fmt: skip
"""What answers neither by a template nor by ``ApiView``, and why nothing masked can be in it."""
GIVEN = {
    "name": "order", "position": 1, "customer": 1, "measure": "held_up", "username": "dana", "source": "order",
    "action": "refund",
}  # fmt: skip


@pytest.fixture
def world(case: Case, dana: User, write: Write, person: Callable[..., User], tmp_path: Path, settings: Any) -> Any:
    """One row of everything that holds words about a customer. Gives what an address of a route needs."""
    settings.VAR_DIR = tmp_path
    made = letter(WORDS, sender=f"Maya <{MAIL}>", subject=f"Refund for {MAIL}")
    made.add_attachment(WORDS.encode(), maintype="text", subtype="plain", filename=f"{MAIL} {BANK}.txt")
    work = write(made)
    assert work is not None
    note_add(case=case, text=WORDS, actor=Actor.person(dana))
    digest = case_view(case=case).answer.digest
    told = message_send(case=case, text="It is on its way.", answer_digest=digest, actor=Actor.person(dana))
    promise = commitment_make(case=case, what=f"Call {PHONE}", phrase="tomorrow", actor=Actor.person(dana))
    order = Source.objects.get(name="order")
    sent = Inbound.objects.create(source=order, key=f"k-{MAIL}", headers={"from": MAIL}, received_at=timezone.now(),
                                  body=json.dumps(EVERYTHING).encode())  # fmt: skip
    InboundWork.objects.create(inbound=sent, source=order, state="dead", reason=f"{MAIL} can’t be read")
    lines = "".join(json.dumps({"id": "x", "kind": "no.kind", "data": EVERYTHING}) + "\n" for _ in range(2))
    file = import_create(source="order", name=f"{MAIL}.jsonl", data=io.BytesIO(lines.encode()), by="dana")
    while import_work(import_id=file.pk):
        pass
    review = Review.objects.create(case=case, event=case.events.latest("pk"), person=dana, wanted_at=timezone.now())
    asked = services.access_ask(asker=person("auditor"), case=case.pk, classes=["contact"], why=f"About {MAIL}")
    told_to = subscribed(case)
    ids = {"letter": work.pk, "commitment": promise.pk, "review": review.pk, "fact": Fact.objects.latest("pk").pk,
           "access": asked.pk, "told": told.pk, "subscription": told_to, "notice": told_to}  # fmt: skip
    return {"reference": case.pk, "number": {"delivery": sent.pk, "import": file.pk, "rerun": 1}, "id": ids}


def subscribed(case: Case) -> int:
    """The number of a subscription that was told of what Maya wrote."""
    now = timezone.now()
    made = Subscription.objects.create(title="Shop", url="https://shop.example/", events=["message.in"],
                                       secret="env:SHOP", since=now, created_at=now)  # fmt: skip
    data = {"case": str(case.pk), "text": WORDS, "sender": MAIL, "files": [f"{BANK}.pdf"]}
    body = json.dumps({"type": "message.in", "timestamp": now.isoformat(), "data": data})
    Notice.objects.create(subscription=made, event_id=1, kind="message.in", at=now, body=body, due_at=now)
    return made.pk


def address(route: str, path: str, world: dict[str, Any]) -> str:
    """The address of a route in this world, whatever it asks for."""
    from django.urls import reverse

    match = next((k for k in world["id"] if k in route and k != "told"), "told")
    number = next((v for k, v in world["number"].items() if k in route), 1)
    verb = re.search(r"P<verb>(\w+)", path)
    known = {
        **GIVEN, "verb": verb[1] if verb else "", "reference": world["reference"], "id": world["id"][match],
        "number": number,
    }  # fmt: skip
    if path.startswith("^in/") or "teams/" in path:
        known |= {"address": "order/", "name": "refunds"}
    wanted = {name: value for name, value in known.items() if f":{name}>" in path or f"P<{name}>" in path}
    return reverse(route, kwargs=wanted)


def everything(reply: Any) -> str:
    """The whole of an answer: headers (file names, where it leads), cookies and content, in its plain form."""
    content = b"".join(reply.streaming_content) if reply.streaming else reply.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            content = b"\n".join(name.encode() + pack.read(name) for name in pack.namelist())
    text = content.decode("utf-8", "replace")
    text += str(json.loads(text)) if reply.headers.get("Content-Type", "").startswith("application/json") else ""
    return f"{dict(reply.headers)} {reply.cookies.output()} {text}"


def hides(role: str, route: str) -> set[str]:
    """The classes that this role may not see of Maya's; on pages of one's own work, who sees their own sees all."""
    mine = route in OWN_WORK | OWN_ANSWERS
    return {c for c in CLASSES if TABLE[role][c] != ALL and not (mine and TABLE[role][c] == OWN)}


def asked_of(route: str, path: str, world: dict[str, Any]) -> list[str]:
    """The addresses by which this route is read: as it is, and with what makes it give more."""
    where = address(route, path, world)
    return [where, *(f"{where}?{query}" for query in MORE.get(route, ()))]


@pytest.mark.parametrize("role", sorted(ROLES - {"rep"}))  # a lead sees what a rep does, by more routes
def test_no_route_gives_a_role_what_it_may_not_see(role: str, world: Any, person, caller, session) -> None:
    user = person(role, name=f"the-{role}")
    page, program, shown, came = session(user), caller(user), [], set()
    for path, route in routes(get_resolver()):
        if route in NOBODY_S or not may(user, route):
            continue
        for where in asked_of(route, path, world):
            api = where.startswith("/api/")
            reply = program.client.get(where, headers=program.headers) if api else page.get(where, follow=True)
            assert reply.status_code < 500, where
            came |= {route} if reply.status_code == 200 else set()
            text = everything(reply)
            shown += [(where, class_, value) for class_ in hides(role, route) for value in WHOLE[class_]
                      if value in text and value not in unquote(where)]  # fmt: skip
    assert shown == []
    assert came >= MUST_COME & {route for route in ROUTES if may(user, route)}


def test_nothing_else_answers_past_the_two_doors() -> None:
    made = re.compile(r"(?<!-> )\b(?:HttpResponse|JsonResponse|FileResponse|StreamingHttpResponse)\(")
    root = Path(__file__).parents[2] / "workspace"
    files = [path for path in root.rglob("*.py") if "demo" not in path.parts]
    assert {str(path.relative_to(root)) for path in files if made.search(path.read_text())} == set(PAST_THE_DOORS)
