"""The answer panel: agreement, steps, evidence cells with citations, and at most one note beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cases.answers import Answer, Claim, Gap, Text, Value, Witness
from cases.selectors.catalogue import question_domains
from cases.views import CaseView
from connectors.host.views import CheckView, FactView, SourceView
from workspace.pages.present import titles
from workspace.pages.present.freshness import Fresh, of_document, of_source, worst

DOMAINS = {
    "finance": ("Finance", "landmark"), "warehouse": ("Warehouse", "warehouse"), "policy": ("Policy", "scale"),
    "order": ("Shop", "shopping-bag"), "shop": ("Shop", "shopping-bag"), "delivery": ("Delivery", "truck"),
    "messages": ("Messages", "message-circle"), "case": ("Case", "inbox"),
}  # fmt: skip
ALWAYS = ("finance", "warehouse", "policy")
SENTENCES = 2
SOON = timedelta(seconds=8)
"""After this a source that has not answered is no longer waited for: what the others say is the answer."""


def title_of(domain: str) -> str:
    return DOMAINS.get(domain, (domain.replace("_", " ").capitalize(), ""))[0]


def icon_of(domain: str) -> str:
    return DOMAINS.get(domain, ("", "link"))[1]


def look_of(domain: str) -> str:
    """The colour family of a source mark; orders and deliveries share the neutral one."""
    return domain if domain in ("finance", "warehouse", "policy", "messages") else "delivery"


@dataclass(frozen=True)
class Cited:
    """One claim of a cell with the facts and checks under it."""

    claim: Claim
    facts: tuple[FactView, ...]
    checks: tuple[CheckView, ...]


@dataclass(frozen=True)
class Cell:
    """What one domain says. ``number`` is its citation, None where nothing is claimed."""

    domain: str
    title: str
    icon: str
    look: str
    number: int | None
    cited: tuple[Cited, ...]
    says: str
    fresh: Fresh | None

    @property
    def first(self) -> tuple[Cited, ...]:
        """What stands in the cell; the rest is under its number."""
        return tuple(sorted(self.cited, key=lambda c: "decides" not in c.claim.key)[:SENTENCES])


@dataclass(frozen=True)
class Pill:
    look: str
    icon: str
    text: str


@dataclass(frozen=True)
class Reading:
    """One source of the first reading, and how far it is."""

    title: str
    fresh: Fresh


@dataclass(frozen=True)
class Side:
    """One side of a disagreement, as a card."""

    title: str
    icon: str
    look: str
    text: Text
    fresh: Fresh | None
    number: int | None


@dataclass(frozen=True)
class Down:
    """A source that can't be read although what it says could change the answer."""

    title: str
    reason: str
    since: datetime | None
    last_known: Text


@dataclass(frozen=True)
class Panel:
    answer: Answer
    reading: tuple[Reading, ...]
    """Not empty while nothing is known and sources are still being read."""
    sides: tuple[Side, ...]
    provenance: tuple[Cell, ...]
    """What lies under each citation number, of cells and of sides."""
    pill: Pill
    checked: SourceView | None
    cells: tuple[Cell, ...]
    note: Gap | None
    others: tuple[Gap, ...]
    """The gaps after the one in the note."""
    down: tuple[Down, ...]
    done: int
    bank_reference: Value | None
    paid_to: Value | None

    @property
    def note_said(self) -> str:
        """The first gap's source and what is the matter; a reason that names its source names it once."""
        gap = self.note
        if gap is None:
            return ""
        return gap.reason if gap.reason.startswith(gap.title) else f"{gap.title}: {gap.reason}"

    @property
    def state(self) -> str:
        return "reading" if self.reading else self.answer.state


def panel(view: CaseView) -> Panel:
    answer, evidence = view.answer, view.evidence
    gaps = sorted(answer.gaps, key=lambda g: not g.can_change)
    down = [g for g in gaps if (s := evidence.source(g.source)) is not None and s.status == "down"]
    beside = [g for g in gaps if g not in down or not g.can_change]
    reading = tuple(Reading(s.title, of_source(s, view.at)) for s in _reading(view))
    told, cells = _told(view), _cells(view)
    cells = tuple(c for c in cells if c.number) if reading else cells
    sides = tuple(_side(view, w, cell) for w, cell in zip(answer.witnesses, told, strict=True))
    checked = [s for s in evidence.sources if s.checked_at and s.connector]
    return Panel(
        answer=answer,
        reading=reading,
        sides=sides,
        provenance=(*told, *(c for c in cells if c.number)),
        pill=_pill(view, cells),
        checked=max(checked, key=lambda s: s.checked_at or view.at, default=None),
        cells=cells,
        note=beside[0] if beside else None,
        others=tuple(beside[1:]),
        down=tuple(_down(g, evidence.source(g.source)) for g in down if g.can_change),
        done=sum(s.state in ("done", "now") for s in answer.steps),
        bank_reference=answer.details.get("bank_reference") if _by_bank(answer) else None,
        paid_to=answer.details.get("card") or answer.details.get("method"),
    )


def _by_bank(answer: Answer) -> bool:
    """Whether a bank can find the money: a gift card's number helps nobody there."""
    method = answer.details.get("method")
    return method is None or method.value != "gift_card"


def _reading(view: CaseView) -> list[SourceView]:
    """The sources, while those that could change the answer are still being read for the first time.

    What one of them has said is in its cell by then; a sentence about the whole would be out of date in a second.
    """
    sources = view.evidence.sources
    if not view.live or view.answer.state not in ("unknown", "partial"):
        return []
    under_way = [s for s in sources if s.status == "waiting" or (s.status == "never" and s.asked)]
    silent = not view.evidence.of(*_KINDS_THAT_SAY)
    open_ = {g.source for g in view.answer.gaps if g.can_change}
    first = [s for s in under_way if s.checked_at is None and s.name in open_]
    soon = any(s.status == "waiting" and (s.since is None or view.at - s.since < SOON) for s in sources)
    return list(sources) if (silent and under_way) or (first and soon) else []


_KINDS_THAT_SAY = ("order.placed", "payment.captured", "return.requested", "return.received", "refund.paid")


def _pill(view: CaseView, cells: Sequence[Cell]) -> Pill:
    answer = view.answer
    said = {f.source for cell in cells for c in cell.cited for f in c.facts}
    looked = {s.name for s in view.evidence.sources if s.complete}
    missing = [g for g in answer.gaps if g.can_change]
    if answer.state == "conflict":
        return Pill("warn", "split", "Sources disagree")
    if answer.state == "choose":
        return Pill("", "hand", "Several matters are open")
    if answer.state == "unknown":
        return Pill("warn", "circle-alert", "Not known yet")
    if answer.state == "partial":
        return Pill("warn", "cloud-off", f"{_count(len(missing), 'source')} missing" if missing else "Partly known")
    if answer.situation == "nothing_found":
        return Pill("", "search", f"{_count(len(looked), 'source')} checked")
    return Pill("ok", "check", f"{len(said)} sources agree" if len(said) > 1 else "1 source says so")


def _down(gap: Gap, source: SourceView | None) -> Down:
    return Down(gap.title, gap.reason, gap.since or (source.since if source else None), gap.last_known)


def _told(view: CaseView) -> tuple[Cell, ...]:
    """What the witnesses of a disagreement say, as if it were claimed, so that it can be looked up alike."""
    claims = [Claim("witness", w.text, w.domain, w.facts, w.checks) for w in view.answer.witnesses]
    return tuple(
        Cell(w.domain, w.title, icon_of(w.domain), look_of(w.domain), n, (_cited(view, claim),), "", None)
        for n, (w, claim) in enumerate(zip(view.answer.witnesses, claims, strict=True), start=1)
    )


def _side(view: CaseView, witness: Witness, cell: Cell) -> Side:
    source = view.evidence.source(witness.source)
    fresh = of_source(source, view.at) if source else None
    return Side(witness.title, cell.icon, cell.look, witness.text, fresh, cell.number)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"


def _facts(view: CaseView, ids: Sequence[int]) -> list[FactView]:
    known = {f.id: f for f in (*view.evidence.facts, *view.evidence.superseded.values())}
    return [known[i] for i in ids if i in known]


def _cells(view: CaseView) -> tuple[Cell, ...]:
    told = _told_in_cells(view.answer)
    claimed = [c.domain for c in told]
    witnessed = {w.domain for w in view.answer.witnesses}
    heard = question_domains(view.question) or ALWAYS
    domains = [d for d in ALWAYS if d in claimed or (d in heard and d not in witnessed)]
    others = [d for d in sorted(set(claimed) - set(ALWAYS)) if _matters(view.answer, d)]
    # Where a question is not about money and returns alone, what shop and carrier say comes first.
    domains = [*domains, *others] if set(ALWAYS) <= set(heard) else [*others, *domains]
    cells: list[Cell] = []
    number = len(view.answer.witnesses)
    for domain in domains:
        cited = tuple(_cited(view, c) for c in told if c.domain == domain)
        number += bool(cited)
        cells.append(_cell(view, domain, cited, number if cited else None))
    return tuple(cells)


def _told_in_cells(answer: Answer) -> list[Claim]:
    """The claims that no card of a disagreement shows already; beside choices, what tells these apart."""
    shown = {(w.domain, frozenset(w.facts), frozenset(w.checks)) for w in answer.witnesses}
    told = [c for c in answer.claims if (c.domain, frozenset(c.facts), frozenset(c.checks)) not in shown]
    return [c for c in told if c.key == "return.requested"] or told if answer.state == "choose" else told


def _matters(answer: Answer, domain: str) -> bool:
    """Shop and delivery have a cell where the reply rests on them, or where little else is known."""
    told = {c.domain for c in answer.draft}
    return domain in told or len({c.domain for c in answer.claims} & set(ALWAYS)) < 2


def _cited(view: CaseView, claim: Claim) -> Cited:
    checks = {c.id: c for c in view.evidence.checks}
    found = tuple(checks[i] for i in claim.checks if i in checks)
    return Cited(claim, tuple(_facts(view, claim.facts)), found)


def _cell(view: CaseView, domain: str, cited: tuple[Cited, ...], number: int | None) -> Cell:
    facts = [f for c in cited for f in c.facts]
    sources = [s for s in view.evidence.sources if s.name in {f.source for f in facts if f.domain == domain}]
    sources = sources or list(view.evidence.in_domain(domain))
    document = next((f for f in facts if f.kind.startswith("policy.") and domain == "policy"), None)
    fresh = of_document(document, view.at) if document else worst([s for s in sources if s.asked], view.at)
    says = "" if cited else _silence(view, domain, sources)
    return Cell(domain, title_of(domain), icon_of(domain), look_of(domain), number, cited, says, fresh)


def _silence(view: CaseView, domain: str, sources: Sequence[SourceView]) -> str:
    """What a cell says where the answer claims nothing of its domain: why, never just nothing."""
    if view.answer.state == "choose":
        return "It depends on which one is meant."
    gap = next((g for g in view.answer.gaps if g.domain == domain), None)
    if gap and gap.last_known:
        return f"Last known: {gap.last_known}"
    newest = next((f for f in view.evidence.facts if f.domain == domain and not f.kind.startswith("policy.")), None)
    if newest:
        return f"Latest: {titles.said(newest.kind, newest.data, newest.said)[0]}."
    if any(s.status == "down" for s in sources):
        return "We can’t read it now."
    if not sources:
        return "No source is connected."
    if not any(s.asked for s in sources):
        return "Not asked: nothing we know leads there."
    if any(s.status in ("waiting", "never") for s in sources):
        return "Nothing known yet."
    return "Nothing about this case."
