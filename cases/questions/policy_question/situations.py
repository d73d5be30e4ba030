"""The ordered table of situations: the first that holds is the answer's."""

from __future__ import annotations

from cases.answers import text
from cases.questions.common import values as v
from cases.questions.common.conflicts import Conflict, witness
from cases.questions.common.matter import Matter
from cases.questions.common.situations import Situation
from cases.questions.policy_question.reading import KIND, TermsReading
from connectors.host.views import FactView

TERMS = ("order", "delivery", "policy")


def conflict(r: TermsReading) -> Conflict | None:
    """Two sources that print one version of the terms with different days."""
    told = sorted(r.evidence.of(KIND), key=lambda f: f.id)
    for mine in r.versions:
        for other in (f for f in told if f.source != mine.source and _edition(f) == _edition(mine)):
            if (days := other.data.get("window_days")) is not None and days != mine.data.get("window_days"):
                return Conflict("two sources give the same terms differently", tuple(
                    witness(f, text("{n} days", n=v.said(f, "/window_days", type_="number")))
                    for f in sorted((mine, other), key=lambda f: f.id)))  # fmt: skip
    return None


def _edition(fact: FactView) -> tuple[object, object]:
    return fact.data.get("document"), fact.data.get("version")


def rank(matter: Matter) -> int:
    """0 it could still go back, 1 it was cancelled or a return is registered."""
    return 1 if matter.of("order.cancelled") or matter.returns else 0


TABLE = (
    Situation("sources_disagree", conflict, ("policy",), "the disagreement is about the terms", lambda r: r.turns),
    Situation("no_terms", lambda r: not r.counted, ("order", "policy"), "the parcel has no say in the terms",
              lambda r: r.turns, whole=True),
    Situation("version_unsure", lambda r: r.order and r.unsure, ("order", "policy"),
              "the parcel has no say in the terms"),
    Situation("window_over", lambda r: r.order and r.over(r.window_end), TERMS, "", lambda r: r.turns),
    Situation("window_open", lambda r: r.order and r.window_end, TERMS, "", lambda r: [r.window_end, *r.turns]),
    Situation("window_ahead", lambda r: r.order, TERMS, "", lambda r: r.turns),
    Situation("order_unknown", lambda r: r.named, ("order", "policy"), "no order is known", lambda r: r.turns,
              absent=("order.placed",)),
    Situation("in_force_now", lambda r: True, ("policy",), "no order is named", lambda r: r.turns),
)  # fmt: skip
