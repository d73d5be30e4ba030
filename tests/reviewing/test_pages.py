"""The queue, the panel, and what reps read, as people use them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Review
from cases.selectors import reviews_list
from cases.services import review_answer, review_sign
from tests.reviewing.conftest import browser_of, told, who
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


def test_opening_a_review_holds_it_and_leads_to_the_moment(case: Case, dana: User, sam: User, all_drawn: All):
    said = told(case, dana)
    (review,) = all_drawn()
    there = browser_of(sam).get(f"/review/{review.pk}/")
    assert there.status_code == 302 and f"/cases/{case.reference}/replay/?as_of=" in there["Location"]
    assert f"review={review.pk}" in there["Location"] and str(said.at.year) in there["Location"]
    review.refresh_from_db()
    assert review.claimed_by == sam


def test_signing_off_without_a_reason_loses_no_word(case: Case, dana: User, sam: User, all_drawn: All):
    told(case, dana)
    (review,) = all_drawn()
    page = browser_of(sam).post(f"/review/{review.pk}/verdict/", {"note": "Where is the day?", "coaching": ["promise"]})
    html = page.content.decode()
    assert page.status_code == 422 and "Choose whether you agree" in html
    assert "Where is the day?</textarea>" in html and 'value="promise" checked' in html


def test_a_note_that_came_too_late_is_kept_for_its_writer(
    case: Case, dana: User, sam: User, ruth: User, all_drawn: All
):
    told(case, dana)
    (review,) = all_drawn()
    review_sign(review=review, verdict="yes", actor=who(ruth))
    page = browser_of(sam).post(f"/review/{review.pk}/verdict/", {"verdict": "no", "note": "Too late."})
    html = page.content.decode()
    assert "signed off already" in html and "Too late." in html


def test_signed_off_and_on_to_the_next(case: Case, dana: User, sam: User, all_drawn: All):
    for n in "ab":
        told(case, dana, f"We look into it, {n}.")
    one, two = all_drawn()
    browser = browser_of(sam)
    after = browser.post(f"/review/{one.pk}/verdict/", {"verdict": "yes"}, follow=True).content.decode()
    assert "Sam signed off" in after and "Signed off." in after and "What Throughline found" in after
    onward = browser.post("/review/next/", {"after": one.pk})
    assert onward["Location"] == f"/review/{two.pk}/"
    browser.post(f"/review/{two.pk}/verdict/", {"verdict": "yes"})
    empty = browser.post("/review/next/", {"after": two.pk}, follow=True).content.decode()
    assert "Nothing else waits for you to review" in empty and "Everything that was sampled" in empty


def test_a_rep_reads_the_note_and_appeals_and_another_decides(
    case: Case, dana: User, sam: User, ruth: User, all_drawn: All
):
    told(case, dana)
    (review,) = all_drawn()
    review_sign(review=review, verdict="partly", note="Say <by when>, too.", actor=who(sam))
    rep = browser_of(dana)
    assert "Notes on your work" in rep.get("/day/").content.decode()
    assert rep.get(f"/review/{review.pk}/")["Location"] == f"/review/mine/#m-{review.pk}"  # she has no replays
    mine = rep.get("/review/mine/").content.decode()
    assert "Say &lt;by when&gt;, too." in mine and "Answer or appeal" in mine
    empty = rep.post(f"/review/{review.pk}/answer/", {"how": "appeal", "text": " "})
    assert empty.status_code == 422
    rep.post(f"/review/{review.pk}/answer/", {"how": "appeal", "text": "The warehouse could not say."})
    boss = browser_of(ruth)
    assert "Appealed <b>1</b>" in boss.get("/review/?state=appealed").content.decode()
    assert "Your decision" in panel_html(ruth, review) and "Your decision" not in panel_html(sam, review)
    boss.post(f"/review/{review.pk}/decide/", {"verdict": "yes", "why": "True."})
    assert "The verdict is changed" in rep.get("/review/mine/").content.decode()


def test_filters_by_reason_and_team_hold_in_the_queue(case: Case, dana: User, lena: User, sam: User, all_drawn: All):
    told(case, dana)
    all_drawn()
    boss = browser_of(sam)
    assert "told Maya" in boss.get("/review/?rule=random&team=refunds").content.decode()
    for query in ("rule=transfers", "team=none", "state=signed"):
        assert "told Maya" not in boss.get(f"/review/?{query}").content.decode(), query
    assert boss.get("/review/?rule=<b>&state=%20&team=x").status_code == 200


def test_a_long_queue_asks_the_database_as_often_as_a_short_one(
    case: Case, dana: User, sam: User, ruth: User, all_drawn: All
):
    def asked(state: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            reviews_list(reader=ruth, state=state)
        return len(queries)

    counts: dict[str, list[int]] = {"waiting": [], "appealed": []}
    for n in range(1, 4):
        for m in range(2):
            told(case, dana, f"We look into it, {'x' * n}{'y' * m}.")
        done, _ = all_drawn(second=0.0)[-2:]
        review_sign(review=done, verdict="no", note="So.", actor=who(sam))
        review_answer(review=done, how="appeal", text="No.", actor=who(dana))
        for state, found in counts.items():
            found.append(asked(state))
    assert all(len(set(found)) == 1 for found in counts.values()), counts


def test_reps_have_no_queue_and_auditors_no_buttons(case: Case, dana: User, alva: User, all_drawn: All):
    told(case, dana)
    (review,) = all_drawn()
    assert browser_of(dana).get("/review/").status_code == 403
    audit = browser_of(alva)
    assert "Next to review" not in audit.get("/review/").content.decode()
    assert audit.post("/review/next/").status_code == 403
    assert "Sign off" not in panel_html(alva, review)
