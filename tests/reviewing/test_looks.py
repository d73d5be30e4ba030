"""The queue, a review beside its replay, and notes on one's own work: wide and narrow, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Browser

from cases.models import Review
from cases.services import (
    Actor,
    case_open,
    commitment_break,
    commitment_make,
    review_answer,
    review_sign,
    review_take,
    reviews_sweep,
    team_save,
)
from tests.cases.conftest import maya, say, teller
from tests.pages.conftest import WIDE, Watched, web
from tests.pages.test_new_looks import go, looked_at
from tests.reviewing.conftest import told, verified, who

__all__ = ["maya", "say", "teller", "web"]
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Watched]:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    yield Watched(context.new_page())
    context.close()


@pytest.fixture
def house(committed_db: object, settings: Any, request: pytest.FixtureRequest) -> SimpleNamespace:
    """Three replies of Dana's and Tom's, a promise that was not kept, one review signed, appealed, one read blind."""
    request.getfixturevalue("paid")
    people = {name: _person(name, first, last, *roles) for name, first, last, *roles in (
        ("dana", "Dana", "Okafor", "rep"), ("tom", "Tom", "Brandt", "rep"), ("sam", "Sam", "Holt", "supervisor"),
        ("ruth", "Ruth", "Adeyemi", "supervisor"))}  # fmt: skip
    dana, sam, ruth = people["dana"], people["sam"], people["ruth"]
    team_save(name="refunds", title="Refunds", lead=sam, questions=["refund-status"], actor=who(sam))
    cases = [case_open(question="refund-status", refs=("order:48-1193",), message="Where is my refund?",
                       actor=Actor.person(by)) for by in (dana, people["tom"], dana)]  # fmt: skip
    for case, by, text in zip(cases, (dana, people["tom"], dana), (
        "Hello Maya, your refund of €84.90 was paid. It can take your bank a few days to show it.",
        "Hello Maya, we are looking into it and will write again.", "Hello Maya, thank you for waiting."), strict=True):
        told(verified(case, by), by, text)
    promise = commitment_make(case=cases[1], what="Call Maya back about the parcel", phrase="tomorrow before noon",
                              actor=who(people["tom"]))  # fmt: skip
    commitment_break(commitment=promise, why="The phone was down.", actor=who(people["tom"]))
    settings.REVIEW_SHARE = 1.0
    reviews_sweep()
    signed = Review.objects.get(statement__case=cases[2])
    note = "You were kind, and she still does not know when she will hear from us. Say by which day."
    review_sign(review=signed, verdict="partly", note=note, coaching=["promise", "plain"], actor=who(ruth))
    review_answer(review=signed, how="appeal", text="The warehouse could not say when.", actor=who(dana))
    review_take(review=Review.objects.filter(signed_at=None).order_by("-pk")[0], actor=who(ruth))
    Review.objects.filter(statement__case=cases[1]).update(blind=True)
    return SimpleNamespace(first=Review.objects.get(statement__case=cases[0]), signed=signed, **people)


def _person(name: str, first: str, last: str, *roles: str) -> User:
    user = User.objects.create_user(name, first_name=first, last_name=last)
    user.groups.set(Group.objects.get_or_create(name=role)[0] for role in roles)
    return user


def test_queue_panel_appeal_and_notes_are_accessible_and_inside_their_window(
    house: SimpleNamespace, window: Watched, web: str  # noqa: F811
) -> None:
    scenes: tuple[tuple[str, str, str, Callable[[Any], None]], ...] = (
        ("sam", "/review/", "review-queue", lambda page: None),
        ("sam", f"/review/{house.first.pk}/", "review-panel", lambda page: page.click(".coach summary")),
        ("sam", f"/review/{house.signed.pk}/", "review-appeal", lambda page: None),
        ("dana", "/review/mine/", "review-mine", lambda page: None),
    )
    go(window, web, "ruth", "/review/")
    window.page.keyboard.press("n")
    window.page.wait_for_url("**/replay/**")  # the next one is one key away
    for user, path, name, before in scenes:
        go(window, web, user, path)
        before(window.page)
        looked_at(window, name)
