"""Reviews: who may read, take, sign and decide them; what waits; and how far reviewers agree."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from cases.errors import BadInput, ReviewNotFound
from cases.models import Event, Review, ReviewVerdict
from cases.reviewing import RULES, Agreement, agreement
from cases.selectors.appeals import appeals_left_to, deciders
from cases.selectors.judging import statement_judged
from cases.selectors.review_shapes import shaped
from cases.views.reviewing import ReviewAgreement, ReviewCounts, ReviewView
from connectors.host.selectors import moment

READERS_OF_ALL = ("supervisor", "auditor")
LISTS = ("waiting", "appealed", "signed")
FOUND = {"matched": "yes", "aged": "partly", "unbacked": "partly", "differed": "no"}
"""What the judgement of a message says, in the words of a verdict; one without claims says nothing."""
RELATED = ("case__summary", "event__payload", "statement", "person", "team", "claimed_by", "first",
           "verdict__reviewer", "verdict__event__payload", "verdict__answer__event__payload",
           "verdict__answer__decision__payload", "verdict__answer__decided_by")  # fmt: skip


def _in(user: Any, *groups: str) -> bool:
    return bool(user.is_active and (user.is_superuser or user.groups.filter(name__in=groups).exists()))


def may_review(user: Any, review: Review) -> bool:
    """Supervisors; and leads for their team's."""
    return _in(user, "supervisor") or (review.team is not None and user.is_active and review.team.lead_id == user.pk)


def readable(user: Any) -> QuerySet[Review]:
    """Reviews that somebody may read: all for supervisors and auditors, their team's for leads (and what is appealed
    against where nobody nearer may decide), their own when signed.

    What was taken back before it left was told to nobody, and is not reviewed. The second of two independent reviews
    begins to exist for people once the first is signed off, so that nobody sees that there are two.
    """
    rows = Review.objects.exclude(statement__mail__state="withdrawn", signed_at=None)
    rows = rows.exclude(first__isnull=False, first__signed_at=None)
    if _in(user, *READERS_OF_ALL):
        return rows
    own = Q(team__lead=user.pk) | Q(person=user.pk, verdict__to_person=True)
    return rows.filter(own | Q(pk__in=appeals_left_to(user)))


def free_for(user: Any, now: datetime) -> QuerySet[Review]:
    """What somebody may take and sign off at ``now``: what they may be given, but for what another holds."""
    return _givable(user).filter(Q(claimed_by=None) | Q(claimed_by=user.pk) | Q(claimed_until__lte=now))


def _givable(user: Any) -> QuerySet[Review]:
    """What somebody may sign off, once nobody else holds it: not their own work, and not what they have read as the
    first of two independent reviewers."""
    rows = readable(user).filter(signed_at=None).exclude(involved__contains=[user.pk])
    rows = rows if _in(user, "supervisor") else rows.filter(team__lead=user.pk)
    return rows.exclude(first__verdict__reviewer=user.pk)


def kept_back(user: Any) -> QuerySet[Review]:
    """What this person may be given blind: it was drawn for it, no replay has shown them what the system found, and the
    system has not said it aloud. That what was told holds no longer is on every page, for whoever must act on it, and
    can't be kept back from anybody."""
    looks = Event.objects.filter(
        case=OuterRef("case"), kind="case.viewed", actor_kind="person", actor=str(user.pk), payload__data__judged=True,
    ).annotate(made=Cast(KeyTextTransform("as_of", "payload__data"), DateTimeField()))  # fmt: skip
    rows = _givable(user).filter(blind=True, statement__standing=None)
    return rows.exclude(Exists(looks.filter(made__gte=OuterRef("event__at"))))


def review_row(review: Review | int) -> Review:
    """The row itself. Raises ReviewNotFound."""
    id_ = review.pk if isinstance(review, Review) else review
    found = Review.objects.select_related("event", "statement", "team", "person").filter(pk=id_).first()
    if found is None:
        raise ReviewNotFound(f"There is no review {id_}.")
    return found


def review_get(*, id: int, reader: Any) -> ReviewView:
    """One review as this person may see it. Raises ReviewNotFound, also where they may not."""
    row = readable(reader).select_related(*RELATED).filter(pk=id).first()
    if row is None:
        raise ReviewNotFound(f"There is no review {id} for you to read.")
    return _shaped([row], reader)[0]


def reads_blind(*, reader: Any, case: Any) -> bool:
    """Whether what the system found in this case is kept back from this person, from the sampling to the sign-off."""
    return kept_back(reader).filter(case=getattr(case, "pk", case)).exists()


def reviews_told(*, reader: Any) -> bool:
    """Whether a copy of a case may tell this person what its reviewers wrote: they read all reviews."""
    return _in(reader, *READERS_OF_ALL)


def copied_until(*, reader: Any, case: Any, as_of: datetime | None) -> datetime | None:
    """The moment up to which this person may be given a copy of a case: ``as_of``, or just before the first of two
    independent reviews was signed where they could be given the second, since a copy tells who signed what when."""
    seconds = _givable(reader).filter(case=getattr(case, "pk", case), first__isnull=False)
    signed = seconds.aggregate(at=Min("first__signed_at"))["at"]
    before = signed and signed - timedelta(microseconds=1)
    return min(before, as_of or before) if before else as_of


def reviews_list(
    *, reader: Any, state: str = "waiting", rule: str = "", team: str = "", before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> tuple[ReviewView, ...]:  # fmt: skip
    """What waits (the oldest first), is appealed (the oldest first), or is signed off (the newest first), of one rule
    or team. A rule's list leaves out what this reader reads blind. ``before`` is the time and id that the last page
    ended with. Raises BadInput."""
    if state not in LISTS:
        raise BadInput(f"{state[:40]!r} is no list of reviews. Use one of: {', '.join(LISTS)}.", "state")
    if rule and rule not in RULES:
        raise BadInput(f"{rule[:40]!r} is no rule of sampling. Use one of: {', '.join(RULES)}.", "rule")
    rows = _listed(readable(reader), state, reader)
    if rule:
        rows = rows.exclude(pk__in=kept_back(reader).values("pk"))
        rows = rows.filter(Q(reasons__rule=rule) | Q(first__reasons__rule=rule)).distinct()
    if team:
        rows = rows.filter(team__name=team)
    rows, key = (rows.order_by("-signed_at", "-pk"), "signed_at") if state == "signed" else (
        rows.order_by("wanted_at", "pk"), "wanted_at")  # fmt: skip
    if before is not None:
        way = "lt" if state == "signed" else "gt"
        rows = rows.filter(Q(**{f"{key}__{way}": before[0]}) | Q(**{key: before[0], f"pk__{way}": before[1]}))
    return _shaped(list(rows.select_related(*RELATED)[:limit]), reader)


def _listed(rows: QuerySet[Review], state: str, reader: Any) -> QuerySet[Review]:
    """What was signed first of two is listed for its reviewer alone until the second is signed, too."""
    if state == "waiting":
        return rows.filter(signed_at=None)
    rows = rows.filter(Q(second=None) | Q(second__signed_at__isnull=False) | Q(verdict__reviewer=reader.pk))
    if state == "appealed":
        return rows.filter(verdict__answer__kind="appeal", verdict__answer__decided_at=None)
    return rows.filter(signed_at__isnull=False)


def reviews_mine(*, person: Any, limit: int = 100) -> tuple[ReviewView, ...]:
    """What was signed off of somebody's own work with something to read, the newest first."""
    rows = Review.objects.filter(person=person.pk, verdict__to_person=True).select_related(*RELATED)
    return _shaped(list(rows.order_by("-signed_at", "-pk")[:limit]), person)


def reviews_counts(*, reader: Any) -> ReviewCounts:
    """What waits, in all and for this reader."""
    now, rows = moment()[1], readable(reader)
    appeals = _listed(rows, "appealed", reader).exclude(verdict__reviewer=reader.pk)
    appeals = appeals.exclude(involved__contains=[reader.pk])
    return ReviewCounts(_listed(rows, "waiting", reader).count(), free_for(reader, now).count(), appeals.count())


def reviews_teams(*, reader: Any) -> tuple[tuple[str, str], ...]:
    """The teams, name and title, whose work is or was reviewed."""
    named = readable(reader).exclude(team=None).order_by("team__title", "team__name")
    return tuple(named.values_list("team__name", "team__title").distinct())


def reviews_agreement(*, reader: Any) -> ReviewAgreement:
    """Of what this reader may read: how far two independent reviewers agree, and reviewers with the system. Nobody is
    named and nobody is compared with others."""
    mine = ReviewVerdict.objects.filter(review__in=_listed(readable(reader), "signed", reader))
    pairs = mine.filter(review__first__verdict__isnull=False)
    between = agreement(pairs.values_list("review__first__verdict__verdict", "verdict"))
    found = mine.exclude(system_verdict="")

    def with_system(blind: bool) -> Agreement:
        return agreement(found.filter(blind=blind).values_list("system_verdict", "verdict"))

    return ReviewAgreement(between, with_system(True), with_system(False))


def system_view(review: Review) -> dict[str, Any]:
    """What Throughline itself finds of a message, by what could be known when it was sent; empty for anything else."""
    if review.statement is None:
        return {}
    found = statement_judged(case=review.case_id, statement=review.statement)
    claims = [{"words": c.words, "held": c.held, "text": c.text} for c in found.claims]
    return {"verdict": FOUND.get(found.verdict, ""), "sentence": found.sentence, "claims": claims}


def _shaped(rows: list[Review], reader: Any) -> tuple[ReviewView, ...]:
    now, ids = moment()[1], [r.pk for r in rows]
    free, kept = (set(found.filter(pk__in=ids).values_list("pk", flat=True))
                  for found in (free_for(reader, now), kept_back(reader)))  # fmt: skip
    return shaped(rows, reader, now, free, kept, deciders())
