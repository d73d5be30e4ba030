from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.errors import CaseError
from cases.selectors.erasing import customer_named, erasure_plan, requests_list
from cases.services import Actor
from cases.services.retention import erasure_approve, erasure_ask, erasure_decide
from cases.views.retention import Plan


class Command(BaseCommand):
    help = (
        "Lists what erasing a customer would take. With --ask somebody asks for it; with --yes somebody else agrees, "
        "and it is done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("customer", help="the customer's number, or a reference such as email:maya@example.com")
        parser.add_argument("--ask", action="store_true", help="ask for the erasure")
        parser.add_argument("--yes", action="store_true", help="agree to what another person asked for, and do it")
        parser.add_argument("--as", dest="who", default="", help="the user name of whoever asks or agrees")
        parser.add_argument("--why", default="", help="the reason, without the customer's name")
        told = "what stands against it: cases=close, promises=withdraw, mentions=leave or erase"
        parser.add_argument("--decide", action="append", default=[], metavar="KEY=VALUE", help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            customer = customer_named(options["customer"])
            asked = next((r for r in requests_list("asked") if r.customer == customer), None)
            if options["ask"]:
                asked = erasure_ask(customer=customer, why=options["why"], actor=_actor(options["who"]))
            if options["decide"] and asked:
                decisions = dict(one.split("=", 1) for one in options["decide"] if "=" in one)
                asked = erasure_decide(request=asked.id, decisions=decisions, actor=_actor(options["who"]))
            plan = erasure_plan(customer=customer, decisions=asked.decisions if asked else None)
            self._say(plan)
            if options["yes"]:
                if asked is None:
                    raise CommandError("Nobody has asked for this yet. Ask first: --ask --as NAME --why REASON.")
                done = erasure_approve(request=asked.id, digest=plan.digest, actor=_actor(options["who"]))
                self.stdout.write(f"Erased; it is on record as erasure {done.pk}.")
        except CaseError as error:
            raise CommandError(str(error)) from error

    def _say(self, plan: Plan) -> None:
        self.stdout.write(f"Customer {plan.customer}. It takes:")
        for words, many in plan.counts:
            self.stdout.write(f"  {many:,} {words}")
        for kind, many, until in plan.kept:
            self.stdout.write(f"  The money of {many} {kind} stays, until {until} at the latest.")
        for one in plan.against:
            choices = " or ".join(f"--decide {one.key}={value}" for value, _ in one.choices)
            state = f"decided: {one.decided}" if one.decided else choices or "it must end first"
            self.stdout.write(f"  Against it: {one.sentence} ({state})")


def _actor(username: str) -> Actor:
    person = get_user_model().objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError("Say who does this: --as and the user name of an active account.")
    return Actor.person(person)
