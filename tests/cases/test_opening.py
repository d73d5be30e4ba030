import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from cases.errors import BadRef, BadWords, CaseNotFound, NoOwner, UnknownQuestion
from cases.models import Case, CaseQuestion
from cases.selectors import case_get, case_view
from cases.services import Actor, case_open, refs_add
from tests.cases.conftest import EUR, Say, opened

BOT = Actor("program", "0", "The shop's chat")


def test_a_reference_is_a_short_number(case: Case):
    assert int(case.reference) >= 20418
    assert case_get(case.reference) == case


def test_the_person_who_opens_a_case_owns_it(case: Case, dana: User):
    assert case.owner == dana
    assert case_view(case=case).owner.name == "Dana Okafor"


def test_a_program_s_case_goes_to_the_question_s_default_owner(maya: Say, dana: User, tom: User, settings):
    settings.DEFAULT_OWNERS = {"refund-status": "tom"}
    made = case_open(question="refund-status", refs=["order:48-1193"], actor=BOT, channel="api")
    assert made.owner == tom


def test_without_anybody_to_own_it_no_case_is_opened(db):
    with pytest.raises(NoOwner, match="no active representative"):
        case_open(question="refund-status", refs=["order:48-1193"], actor=BOT)
    assert not Case.objects.exists()


def test_an_unknown_question_is_told_which_there_are(dana: User):
    with pytest.raises(UnknownQuestion, match="refund-status"):
        case_open(question="make-coffee", refs=["order:1"], actor=Actor.person(dana))


@pytest.mark.parametrize(
    ("refs", "says"),
    [
        ([], "at least one reference"),
        (["48-1193"], "write scheme:value"),
        (["order:"], "printable characters"),
        (["tracking:JJFI1"], "No source can be asked"),
        (["order:a\x00b"], "NUL"),
        (["order:\ud800"], "half of a pair"),
        ([f"order:{n}" for n in range(30)], "at most 20"),
    ],
)
def test_a_bad_reference_explains_itself(dana: User, refs: list[str], says: str):
    with pytest.raises((BadRef, BadWords), match=says):
        case_open(question="refund-status", refs=refs, actor=Actor.person(dana))


def test_words_are_cleaned_or_refused(maya: Say, dana: User):
    assert case_view(case=opened(dana, message="Hi\r\n\x07there \u202e😀")).asked == "Hi\nthere \u202e😀"
    with pytest.raises(BadWords, match="at most 10,000"):
        opened(dana, message="x" * 10_001)


def test_the_customer_is_known_by_what_the_shop_says(case: Case):
    view = case_view(case=case)
    assert (view.person.name, view.person.initials, view.person.first_name) == ("Maya Lindqvist", "ML", "Maya")
    assert case.customer_id == view.person.customer_id


def test_an_added_reference_widens_the_case_once(case: Case, dana: User):
    for _ in range(2):
        refs_add(case=case, refs=["return:RMA-9"], actor=Actor.person(dana))
    view = case_view(case=case)
    assert [str(r) for r in view.refs] == ["order:48-1193", "return:RMA-9"]
    assert [e.kind for e in view.events].count("ref.added") == 1


@pytest.mark.parametrize("reference", ["0", "99999999999999999999", "x", "", "٣", "-1"])
def test_a_case_that_is_not_there_says_so(db, reference: str):
    with pytest.raises(CaseNotFound, match="There is no case"):
        case_get(reference)


def test_a_case_never_loses_its_main_question(case: Case):
    with pytest.raises(IntegrityError, match="no main question"), transaction.atomic():
        CaseQuestion.objects.filter(case=case).update(main=False)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseQuestion.objects.create(case=case, name="other", main=True, added_at=case.opened_at)


def test_a_case_never_loses_its_owner(case: Case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(owner=None)


def test_an_e_mail_of_two_people_asks_who_it_is(say: Say, dana: User):
    for number, name in (("1", "Maya Lindqvist"), ("2", "Aino Lindqvist")):
        say("order.placed", {"number": number, "total": EUR, "customer_name": name},
            f"order:{number}", f"shop.customer:{number}", "email:home@example.com")  # fmt: skip
    shared, known = opened(dana, "email:home@example.com"), opened(dana, "order:1")
    assert shared.customer is None
    assert set(case_view(case=shared).person.ambiguous) == {"Maya Lindqvist", "Aino Lindqvist"}
    assert known.customer and case_view(case=known).person.name == known.customer.name == "Maya Lindqvist"
    assert case_view(case=known).person.ambiguous == ()


def test_the_customer_s_other_cases_stand_beside_this_one(case: Case, dana: User):
    other = opened(dana, message="And my exchange?")
    beside = case_view(case=case).others
    assert [(o.reference, o.question, o.state) for o in beside] == [(other.reference, "Where is my refund?", "open")]
    assert case_view(case=case, as_of=case_view(case=case).as_of).others[0].state == ""


def test_a_customer_whom_sources_name_later_is_recognised_then(
    say: Say, dana: User, django_capture_on_commit_callbacks
):
    early = opened(dana, "order:48-2000")
    assert early.customer is None and case_view(case=early).person.name == ""
    with django_capture_on_commit_callbacks(execute=True):
        say("order.placed", {"number": "48-2000", "total": EUR, "customer_name": "Eli Sandoval"},
            "order:48-2000", "email:eli@example.com")  # fmt: skip
    view = case_view(case=early)
    assert view.person.name == "Eli Sandoval" and view.events[-1].title == "Recognised as Eli Sandoval"
