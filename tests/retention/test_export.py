"""What is held about a person is told to them, all of it; and that it was told is on record."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command

from cases.models import Access, Case
from cases.services import Actor, note_add
from cases.services.retention import customer_export
from connectors.host.models import RefValue
from customers.models import Customer
from customers.services import customers_learn, customers_merge
from tests.retention.conftest import EUR, MAYA, NAME, NEEDLES, Say, erased
from tests.retention.searching import found_in


def test_everything_is_in_it_and_nothing_of_others(customer: int, whole: Case, ada: User):
    pack = zipfile.ZipFile(io.BytesIO(customer_export(customer=customer, actor=Actor.person(ada), why="Ticket 4")))
    names, text = pack.namelist(), pack.read("data.json").decode()
    data = json.loads(text)
    assert all(n in text for n in NEEDLES) and "Ida Storm" not in text
    assert len(data["facts"]) == 5 and data["what_you_were_told"][0]["words"].startswith(f"Dear {NAME}")
    letter = next(n for n in names if n.endswith(".eml"))
    assert MAYA.encode() in pack.read(letter) and any(n.endswith(f"{NAME}.pdf") for n in names)
    assert NAME in pack.read("data.html").decode()
    look = Access.objects.get(what="export")
    assert look.customers == [customer] and look.actor == str(ada.pk) and look.why == "Ticket 4"


def test_a_page_of_it_runs_nothing(customer: int, maya: Case, ada: User, dana: User):
    note_add(case=maya, text="<script>alert(1)</script>", actor=Actor.person(dana))
    pack = zipfile.ZipFile(io.BytesIO(customer_export(customer=customer, actor=Actor.person(ada))))
    assert "<script" not in pack.read("data.html").decode()


def test_the_commands_do_the_same(customer: int, ada: User, ben: User, tmp_path: Path):
    call_command("customer_export", f"email:{MAYA}", to=str(tmp_path / "maya.zip"))
    assert zipfile.is_zipfile(tmp_path / "maya.zip")
    decide = ["cases=close", "promises=withdraw"]
    call_command("customer_erase", f"email:{MAYA}", ask=True, who="ada", why="Ticket P-9", decide=decide)
    call_command("customer_erase", str(customer), yes=True, who="ben")
    assert found_in(NEEDLES) == {}


def test_who_is_one_person_goes_as_one(customer: int, say: Say, ada: User, ben: User):
    data = {"number": "60-1000", "total": EUR, "customer_name": "M. Lind"}
    say("order.placed", data, "order:60-1000", "email:maya.work@example.org")
    customers_learn(ref_ids=RefValue.objects.filter(value="maya.work@example.org").values_list("pk", flat=True))
    other = Customer.objects.get(name="M. Lind")
    customers_merge(keep=customer, other=other, by="Dana", why=f"{NAME} told us")
    erased(customer, ada, ben)
    assert found_in((*NEEDLES, "maya.work@example.org", "M. Lind")) == {}
