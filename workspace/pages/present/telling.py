"""What the customer was told, and what is to be said about a draft, as the case page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.selectors import correction
from cases.views import CaseView, DraftCheck, Finding, ToldView

HELP = {
    "fact": "gave a fact", "action": "had something done", "commitment": "made a promise",
    "question": "asked a question", "sympathy": "kind words alone", "nothing": "",
}  # fmt: skip
CHANNELS = {
    "email": "e-mail", "phone": "phone", "chat": "chat", "letter": "letter", "web": "web", "api": "program",
}  # fmt: skip
MAX_CHIPS = 12


@dataclass(frozen=True)
class Line:
    """One statement in the list of what was told."""

    told: ToldView
    to: str
    copies: tuple[tuple[str, str], ...]
    channel: str
    helped: str
    broken: bool


@dataclass(frozen=True)
class TellingPage:
    lines: tuple[Line, ...]
    broken: tuple[ToldView, ...]
    correction: str


@dataclass(frozen=True)
class Reasoned:
    """A finding that is kept only with a reason, and the reason typed so far."""

    finding: Finding
    why: str


@dataclass(frozen=True)
class CheckPage:
    """What stands under a draft: stops first, then what wants a reason, advice, and quiet chips for what is backed."""

    stops: tuple[Finding, ...]
    reasons: tuple[Reasoned, ...]
    advice: tuple[Finding, ...]
    backed: tuple[Finding, ...]
    corrected: str

    @property
    def empty(self) -> bool:
        return not (self.stops or self.reasons or self.advice or self.backed)


def telling(view: CaseView) -> TellingPage:
    broken = tuple(t for t in view.told if t.state == "broken")
    return TellingPage(tuple(map(_line, view.told)), broken, correction(view, broken) if view.live else "")


def _line(told: ToldView) -> Line:
    bare = [(r.ref.partition(":")[2] or r.ref, r.how) for r in told.recipients]
    to = ", ".join(ref for ref, how in bare if how == "to")
    copies = tuple((how.upper() if how == "bcc" else "Copy", ref) for ref, how in bare if how != "to")
    return Line(told, to, copies, CHANNELS.get(told.channel, told.channel), HELP.get(told.helped, ""),
                told.state == "broken")  # fmt: skip


def check_page(check: DraftCheck, kept: Sequence[Mapping[str, str]] = ()) -> CheckPage:
    """``kept`` are reasons typed so far. The same warning about the same words is shown once."""
    why = {k["key"]: k["why"] for k in kept}
    unique = {f.key: f for f in check.unanswered}
    backed: dict[str, Finding] = {f.text: f for f in check.findings if f.kind == "backed"}
    return CheckPage(
        stops=tuple({f.text: f for f in check.stops}.values()),
        reasons=tuple(Reasoned(f, why.get(k, "")) for k, f in unique.items()),
        advice=tuple(f for f in check.findings if f.level == "advice" and not f.key and f.kind != "promise"),
        backed=tuple(backed.values())[:MAX_CHIPS], corrected=check.corrected,
    )  # fmt: skip


def kept_in(post: Any) -> tuple[dict[str, str], ...]:
    """Reasons as the form sends them: a key and a reason beside each other."""
    pairs = zip(post.getlist("keep"), post.getlist("why"), strict=False)
    return tuple({"key": key, "why": why.strip()} for key, why in pairs if why.strip())
