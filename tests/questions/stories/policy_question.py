"""How long may I return this?"""

from __future__ import annotations

from connectors.sdk import Ref
from tests.questions.conftest import EUR, RETURNS, Cast
from tests.questions.stories import Story, home, two_orders

QUESTION = "policy-question"
LABEL = (Ref("policy", "returns"),)
CLAUSE = "An item can be returned within 30 days of the day on which its parcel was delivered."
WRITTEN = {**RETURNS, "text": f"# Returns\n\n## §1 Window\n{CLAUSE}\n\n## §2 Inspection\nWithin 2 days.\n"}


def terms(c: Cast, *versions: dict[str, object], source: str = "policy") -> Cast:
    """These versions of the terms on returns, instead of what the cast has."""
    c.facts = [f for f in c.facts if f.kind != "policy.returns" or source != "policy"]
    for n, data in enumerate(versions):
        c.tell("policy.returns", -29, data, LABEL, source, f"{source}{n}")
    return c


def at_large(c: Cast) -> Cast:
    """Asked by somebody who names no order."""
    c.seeds, c.quiet = (), {"shop", "warehouse", "finance"}
    return terms(c, WRITTEN)


def unfound(c: Cast) -> Cast:
    c.quiet = {"warehouse", "finance"}
    return terms(c, WRITTEN)


def differing(c: Cast) -> Cast:
    """One version, printed by two sources."""
    c.sources["pages"] = "policy"
    return terms(terms(home(c).bought(16), WRITTEN), {**WRITTEN, "window_days": 14}, source="pages")


def undated(c: Cast) -> Cast:
    former = {**WRITTEN, "version": "1", "window_days": 14, "in_force_from": "2026-01-01", "in_force_to": "2026-09-30"}
    home(c).tell("order.placed", None, {"number": "48-1193", "total": EUR})
    return terms(c, former, WRITTEN)


def bought(c: Cast, delivered: int | None = None) -> Cast:
    terms(home(c).bought(-14 if delivered and delivered < 0 else 2), WRITTEN)
    return c.delivered(delivered) if delivered is not None else c.sent()


BY = "30 days from the delivery, by RT-7 §1, version 2, in force since 1 Oct."
STORIES: dict[str, Story] = {
    "which_one": (two_orders, "Maya has several orders that could be meant. Ask which one."),
    "sources_disagree": (differing, "Don’t answer yet: two sources give the same terms differently."),
    "no_terms": (lambda c: terms(home(c).bought()), "No terms on returns are known to be in force for this."),
    "version_unsure": (undated, "It depends on the day of the order, which is not known: 30 days from the delivery "
                       "(RT-7 §1, version 2, in force since 1 Oct) or 14 days from the delivery (RT-7 §1, version 1"),
    "window_over": (lambda c: bought(c, -10), f"{BY} For this order that ended on Fri 20 Nov."),
    "window_open": (lambda c: bought(c, 5), f"{BY} For this order that is until Sat 5 Dec."),
    "window_ahead": (bought, f"{BY} No delivery is known yet."),
    "order_unknown": (unfound, f"{BY} No order is known for 48-1193."),
    "in_force_now": (at_large, BY),
}  # fmt: skip
