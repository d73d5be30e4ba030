"""The queue, the panel, and what reps read, as people use them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import RequestFactory

from cases.models import Case, Review
from tests.reviewing.conftest import browser_of, told
from workspace.pages.review.panel import panel

All = Callable[..., list[Review]]


def panel_html(user: User, review: Review) -> str:
    """What a page about the case shows of a review that its address names."""
    request = RequestFactory().get("/", {"review": review.pk})
    request.user = user
    return render_to_string("pages/review/panel.html", {"panel": panel(request, review.case)}, request)


def test_the_queue_says_who_told_what_and_why_it_was_chosen(case: Case, dana: User, sam: User, all_drawn: All):
    told(case, dana)
    all_drawn()
    page = browser_of(sam).get("/review/").content.decode()
    assert "1 review waits" in page and "Dana Okafor told Maya Lindqvist" in page
    assert "Chosen at random" in page and "Next to review" in page and "sign off all" not in page.lower()


def test_the_panel_asks_for_a_verdict_with_nothing_chosen(case: Case, dana: User, sam: User, all_drawn: All):
    told(case, dana)
    html = panel_html(sam, all_drawn()[0])
    assert "Do you agree?" in html and "Note for Dana" in html and "Sign off" in html
    assert " checked" not in html
