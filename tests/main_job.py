"""The main job as a black box: ``make demo`` runs, and this uses ``var/demo.json`` and nothing else of it.

It opens a case about an order that the workspace has never heard of, lets each system do its part in turn, and
after each step waits for the API's situation and for the words on the open page, which is never loaded again and
keeps a reply half typed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser import ARGUMENTS, chromium

WITHIN_S = 10
HALF_TYPED = "Hello, I am looking at this with finance and"
POLICY = "policy:RF-12"
DATES = r"between .+? and \d+ \w+"


@dataclass(frozen=True)
class Step:
    """What is done, and what must be true then. ``shows`` are words of the page's own headline.

    ``other`` is a pattern of which the headline must show something else than before: dates, after a policy's edit.
    """

    words: str
    do: Callable[[], Any]
    situation: str
    shows: str
    other: str = ""


class Failed(Exception):
    """The demo did not do its job; the sentence says at which step."""


def send(url: str, body: Any = None, token: str = "") -> Any:
    """One JSON call; raises Failed with the answer's words where it is refused."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Token {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=30) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise Failed(f"{url} answered {error.code}: {error.read(600).decode(errors='replace')}") from None


class Job:
    """One walk of one order through the four systems."""

    def __init__(self, demo: dict[str, Any]) -> None:
        self.base_url, self.token = demo["base_url"], demo["tokens"]["rep"]
        self.login = demo["logins"]["rep"]
        self.sources = demo["sources"]
        self.api = f"{self.base_url}/api/v1/"
        self.order = self.unknown_order()
        self.reference = ""

    def unknown_order(self) -> str:
        """An order that the shop has delivered, and of which the workspace knows nothing."""
        for ref in send(self.sources["shop"]["control_url"])["orders_without_return"]:
            if not self.known(ref.removeprefix("order:")):
                return str(ref)
        raise Failed("The workspace knows every order that the shop offers; stop the demo and remove var/demo.")

    def known(self, number: str) -> bool:
        found = send(f"{self.api}search/?q={number}", token=self.token)
        return bool(found["orders"] or found["cases"])

    def control(self, source: str, do: str, ref: str = "", **more: Any) -> Any:
        return send(self.sources[source]["control_url"], {"do": do, "ref": ref or self.order, **more})

    def announce(self) -> None:
        """The customer registers the return; the shop tells the warehouse to expect it."""
        rma = self.control("shop", "announce")["return"]
        self.control("warehouse", "announce", f"return:{rma}", order=self.order)

    def edit_policy(self, card: list[int]) -> Any:
        return self.control("policy", "edit_policy", POLICY, set={"bank_days": {"card": card}})

    def steps(self) -> list[Step]:
        return [
            Step("the customer announces a return", self.announce, "announced", "registered"),
            Step("the parcel is on its way", lambda: self.control("warehouse", "ship"), "in_transit", "on its way"),
            Step(
                "the warehouse receives it",
                lambda: self.control("warehouse", "receive"),
                "inspection_due",
                "Inspection is due",
            ),
            Step(
                "the warehouse inspects it",
                lambda: self.control("warehouse", "inspect"),
                "approved",
                "passed inspection",
            ),
            Step("finance approves the refund", lambda: self.control("finance", "approve"), "approved", "approved"),
            Step("finance submits it", lambda: self.control("finance", "submit"), "submitted", "handed to the bank"),
            Step("finance pays it", lambda: self.control("finance", "pay"), "paid", "went back"),
            Step("the policy is edited", lambda: self.edit_policy([6, 12]), "paid", "went back", DATES),
            Step("the policy is edited back", lambda: self.edit_policy([5, 10]), "paid", "went back", DATES),
        ]

    def answer(self) -> dict[str, Any]:
        """What the API says from what is stored: it is the open page that has the sources asked."""
        found: dict[str, Any] = send(f"{self.api}cases/{self.reference}/answer/?wait=0", token=self.token)
        return found

    def open(self) -> None:
        body = {"question": "refund-status", "refs": [self.order], "message": "Where is my refund?"}
        self.reference = str(send(f"{self.api}cases/", body, self.token)["reference"])

    def run(self, page: Page) -> None:
        self.open()
        say(f"Case {self.reference} about {self.order}, unknown until now")
        page.goto(f"{self.base_url}/sign-in/?next=/cases/{self.reference}/")
        page.fill("input[name=username]", self.login["username"])
        page.fill("input[name=password]", self.login["password"])
        page.click("button:text-is('Sign in')")
        page.wait_for_selector("textarea#reply")
        page.evaluate("window.sameLoad = true")
        page.fill("textarea#reply", HALF_TYPED)
        took = self.settle(page, Step("", self.open, "early_refund_not_allowed", "No refund is due"), "", "")
        say(f"  {took:4.1f} s  opened: early_refund_not_allowed: {headline(page)}")
        for step in self.steps():
            before, spoken = headline(page), self.spoken(page)
            step.do()
            took = self.settle(page, step, before, spoken)
            say(f"  {took:4.1f} s  {step.words}: {step.situation}: {headline(page)}")

    def spoken(self, page: Page) -> str:
        """The whole visible answer panel, to see that it has changed."""
        return " ".join(page.inner_text("#answer").split())

    def settle(self, page: Page, step: Step, before: str, spoken: str) -> float:
        """Wait until API and page agree on the situation and the panel has changed; the seconds it took."""
        began = time.monotonic()
        why = ""
        while time.monotonic() - began < WITHIN_S:
            said = self.answer()
            why = self.missing(page, said, step, before)
            if not why and self.spoken(page) == spoken:
                why = "the panel has not changed"
            if not why:
                self.kept(page)
                return time.monotonic() - began
            page.wait_for_timeout(150)
        raise Failed(f"After {WITHIN_S} s {step.situation} is not reached: {why}")

    def missing(self, page: Page, said: dict[str, Any], step: Step, before: str) -> str:
        """What is not yet as it must be; empty where all is."""
        seen = headline(page)
        if said["situation"] != step.situation:
            return f"the API says {said['situation']} ({said['headline']!r})"
        if seen != sure(said["headline"]):
            return f"the page says {seen!r}, the API {said['headline']!r}"
        if step.shows.lower() not in seen.lower():
            return f"the page's headline {seen!r} does not speak of {step.shows!r}"
        if step.other and re.findall(step.other, seen) == re.findall(step.other, before):
            return f"the page still says {seen!r}"
        return ""

    def kept(self, page: Page) -> None:
        if not page.evaluate("window.sameLoad === true"):
            raise Failed("The page was loaded again.")
        if page.input_value("textarea#reply") != HALF_TYPED:
            raise Failed(f"The half typed reply became {page.input_value('textarea#reply')!r}.")


def plain(text: str) -> str:
    """A sentence without no-break spaces and other differences that nobody sees."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2060", "").split())


def sure(text: str) -> str:
    """A headline without the sentences that come and go with the age of what a source said."""
    return " ".join(s for s in re.split(r"(?<=[.?!]) ", plain(text)) if not s.startswith("We can’t confirm"))


def headline(page: Page) -> str:
    return sure(page.inner_text("h1"))


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    path = Path(os.environ.get("VAR_DIR", "var")) / "demo.json"
    if not path.exists():
        say(f"There is no {path}: run `make demo` first.")
        return 1
    if chromium() is None:
        say("No Chromium on this machine: run `.ci/chromium` as root, or set CHROMIUM to its path.")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        page = browser.new_page()
        try:
            Job(json.loads(path.read_text())).run(page)
        except Failed as error:
            say(f"FAILED: {error}")
            return 1
        finally:
            browser.close()
    say("The main job is done: every step was seen on the page and in the API.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
