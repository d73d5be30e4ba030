"""What whoever is reviewed says to it, and who decides an appeal, also where hardly anybody may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from cases.errors import BadInput, NotYours, WrongState
from cases.models import Case, Event, Review, Team
from cases.selectors import alerts_of, chain_verify, review_get, reviews_counts, reviews_list
from cases.services import review_answer, review_decide, review_sign, team_save
from tests.api.conftest import caller
from tests.reviewing.conftest import account, browser_of, told, who

All = Callable[..., list[Review]]


@pytest.fixture
def noted(case: Case, dana: User, sam: User, all_drawn: All) -> Review:
    """Dana told Maya something; Sam signed it off with a note for her."""
    told(case, dana)
    (review,) = all_drawn()
    review_sign(review=review, verdict="partly", note="Say by when, too.", coaching=["promise"], actor=who(sam))
    return review


def appealed(review: Review, by: User) -> Review:
    review_answer(review=review, how="appeal", text="The warehouse could not say when.", actor=who(by))
    return review


def test_a_note_is_answered_once_and_only_by_whom_it_is_for(noted: Review, dana: User, tom: User, sam: User):
    with pytest.raises(NotYours):
        review_answer(review=noted, how="answer", text="Not mine.", actor=who(tom))
    review_answer(review=noted, how="answer", text="Thanks, I will.", actor=who(dana))
    with pytest.raises(WrongState, match="already"):
        review_answer(review=noted, how="appeal", text="On second thought.", actor=who(dana))
    with pytest.raises(WrongState, match="no appeal"):
        review_decide(review=noted, outcome="stands", why="Hm.", actor=who(sam))


def test_an_appeal_goes_to_another_than_its_reviewer_and_is_decided_once(
    noted: Review, dana: User, sam: User, ruth: User, case: Case
):
    review_answer(review=noted, how="appeal", text="The warehouse could not say when.", actor=who(dana))
    assert (reviews_counts(reader=sam).appeals, reviews_counts(reader=ruth).appeals) == (0, 1)
    for own in (sam, dana):
        with pytest.raises(NotYours, match="had no part"):
            review_decide(review=noted, outcome="stands", why="I think so.", actor=who(own))
    with pytest.raises(BadInput, match="Choose another"):
        review_decide(review=noted, outcome="changed", verdict="partly", why="Hm.", actor=who(ruth))
    review_decide(review=noted, outcome="changed", verdict="yes", why="True, nobody could.", actor=who(ruth))
    answer = review_get(id=noted.pk, reader=dana).answer
    assert answer and (answer.outcome, answer.verdict, answer.why) == ("changed", "yes", "True, nobody could.")
    with pytest.raises(WrongState, match="decided already"):
        review_decide(review=noted, outcome="stands", why="No.", actor=who(ruth))
    assert "Ruth decided the appeal" in alerts_of(person=dana)[0].text
    kinds = Event.objects.filter(case=case, kind__startswith="review.").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["review.sampled", "review.signed", "review.answered", "review.decided"]
    assert chain_verify(case).intact


# Where hardly anybody may


def test_where_the_one_supervisor_signed_another_teams_lead_decides(
    noted: Review, dana: User, sam: User, other_lead: User
):
    assert reviews_list(reader=other_lead, state="signed") == ()
    appealed(noted, dana)
    assert review_get(id=noted.pk, reader=dana).deciders == ("Otto",)
    assert "Otto decides." in browser_of(dana).get("/review/mine/").content.decode()
    assert "You may decide it" in alerts_of(person=other_lead)[0].text
    assert [r.may_decide for r in reviews_list(reader=other_lead, state="appealed")] == [True]
    page = browser_of(other_lead).get(f"/review/{noted.pk}/", follow=True).content.decode()
    assert "Your decision" in page and "The warehouse could not say when." in page
    browser_of(other_lead).post(f"/review/{noted.pk}/decide/", {"verdict": "yes", "why": "True."})
    assert alerts_of(person=other_lead) == () and review_get(id=noted.pk, reader=other_lead).state == "decided"


def test_the_own_teams_lead_comes_before_those_of_other_teams(
    noted: Review, lena: User, dana: User, other_lead: User
):
    Review.objects.update(team=lena_team(lena))
    appealed(noted, dana)
    assert review_get(id=noted.pk, reader=dana).deciders == ("Lena",)
    assert reviews_list(reader=other_lead, state="appealed") == ()
    with pytest.raises(NotYours, match="Here that is Lena"):
        review_decide(review=noted, outcome="stands", why="So.", actor=who(other_lead))


def test_where_nobody_may_decide_the_rep_and_the_reviewer_are_told_what_to_do(noted: Review, dana: User, sam: User):
    appealed(noted, dana)
    assert caller(dana).get("me/reviews/")["results"][0]["deciders"] == []
    for page in (browser_of(dana).get("/review/mine/"), browser_of(sam).get(f"/review/{noted.pk}/", follow=True)):
        assert "An administrator can make somebody else a supervisor" in page.content.decode()
    with pytest.raises(NotYours, match="nobody yet"):
        review_decide(review=noted, outcome="stands", why="So.", actor=who(sam))
    ruth = account("ruth", "Ruth", "supervisor")
    assert review_get(id=noted.pk, reader=dana).deciders == ("Ruth",) and reviews_counts(reader=ruth).appeals == 1
    review_decide(review=noted, outcome="stands", why="So.", actor=who(ruth))


@pytest.fixture
def other_lead(sam: User) -> User:
    otto = account("otto", "Otto", "lead")
    otto.groups.add(*account("rep", "Rep", "rep").groups.all())
    team_save(name="parcels", title="Parcels", lead=otto, questions=["order-status"], actor=who(sam))
    return otto


def lena_team(lena: User) -> Team:
    return Team.objects.get(lead=lena)
