"""What a clause says has happened, has not happened, or will: by a table of phrases, with negation and hedges."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cases.told.shapes import Mode

NOUNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((family, re.compile(words, re.I)) for family, words in (
    ("credit_note", r"\bcredit notes?\b"),
    ("refund", r"\brefund(?!ed)s?\b|\breimbursements?\b|\bmoney\b|\bpay-?outs?\b|\bstore credit\b"),
    ("inspection", r"\binspection\b"),
    ("exchange", r"\bexchanges?\b|\breplacements?\b"),
    ("return", r"\breturns?\b(?! to)|\breturned (?:item|parcel|goods|package|shoes)s?\b|\bRMA\b"),
    ("invoice", r"\binvoices?\b|\breceipts?\b"),
    ("subscription", r"\bsubscriptions?\b|\bmembership\b"),
    ("dispute", r"\bdisputes?\b|\bchargebacks?\b"),
    ("payment", r"\bpayments?\b|\bcharges?\b(?! of)"),
    ("parcel", r"\bparcels?\b|\bpackages?\b|\bshipments?\b|\bdelivery\b|\bitems?\b|\bshoes\b|\bgoods\b|"
               r"\bproducts?\b"),
    ("order", r"\borders?\b|\bpurchases?\b"),
))  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """A verb in its past and base forms, and which kind of fact it means with which noun."""

    past: str
    base: str
    kinds: Mapping[str, str]
    """By family of noun; ``""`` where no noun decides."""


PHRASES = (
    Phrase(r"(?:did not|didn['’]t|has not|hasn['’]t) (?:go|gone) through|could not be paid(?: out)?|"
           r"couldn['’]t be paid(?: out)?|bounced|declined",
           r"bounce",
           {"refund": "refund.failed", "payment": "payment.failed"}),
    Phrase(r"refunded|reimbursed",
           r"refund|reimburse",
           {"": "refund.paid"}),
    Phrase(r"(?:went|gone|been sent|sent) back|credited|paid out|paid back|transferred|given back",
           r"credit|pay out|pay back|transfer|give back|send back",
           {"refund": "refund.paid", "": "refund.paid", "return": "", "parcel": ""}),
    Phrase(r"passed",
           r"pass",
           {"inspection": "return.passed"}),
    Phrase(r"failed",
           r"fail",
           {"inspection": "!return.passed", "refund": "refund.failed", "payment": "payment.failed"}),
    Phrase(r"inspected|checked",
           r"inspect",
           {"return": "return.inspected", "parcel": "return.inspected", "inspection": "return.inspected",
            "refund": "", "order": "", "": "return.inspected"}),
    Phrase(r"handed (?:over )?to (?:the|your) bank|submitted|passed on to (?:the|your) bank",
           r"submit|hand (?:over )?to (?:the|your) bank",
           {"refund": "refund.submitted"}),
    Phrase(r"(?:went|gone) through",
           r"go through",
           {"payment": "payment.captured", "refund": "refund.paid"}),
    Phrase(r"approved|authori[sz]ed",
           r"approve",
           {"refund": "refund.approved", "return": "return.approved"}),
    Phrase(r"rejected|refused|declined|turned down",
           r"reject|refuse",
           {"return": "return.rejected", "parcel": "return.rejected"}),
    Phrase(r"cancell?ed|called off",
           r"cancel",
           {"order": "order.cancelled", "return": "return.cancelled", "refund": "refund.cancelled",
            "subscription": "subscription.cancelled"}),
    Phrase(r"registered|requested|opened",
           r"register|request",
           {"return": "return.requested", "dispute": "dispute.opened"}),
    Phrase(r"on (?:its|the|their) way to us|on (?:its|the|their) way back",
           "",
           {"return": "return.dispatched", "parcel": "return.dispatched"}),
    Phrase(r"arrived (?:at|with|to) you(?:r \w+)?",
           "",
           {"parcel": "shipment.delivered", "order": "shipment.delivered", "exchange": "shipment.delivered",
            "": "shipment.delivered"}),
    Phrase(r"received|(?:has |have )?arrived(?: (?:at|in) (?:our|the) warehouse| with us| back)?|"
           r"got here|reached us|(?:is|are) back with us",
           r"receive|reach us",
           {"return": "return.received", "parcel": "return.received", "payment": "payment.captured",
            "refund": "refund.arrived"}),
    Phrase(r"delivered|handed over to you",
           r"deliver",
           {"order": "shipment.delivered", "parcel": "shipment.delivered", "exchange": "shipment.delivered",
            "": "shipment.delivered"}),
    Phrase(r"on (?:its|the|their) way(?: to you)?|left our warehouse",
           "",
           {"order": "shipment.dispatched", "parcel": "shipment.dispatched", "exchange": "shipment.dispatched",
            "refund": "refund.submitted"}),
    Phrase(r"shipped|dispatched|posted",
           r"ship|dispatch|post",
           {"order": "shipment.dispatched", "parcel": "shipment.dispatched", "exchange": "shipment.dispatched",
            "": "shipment.dispatched"}),
    Phrase(r"lost",
           r"lose",
           {"parcel": "shipment.lost", "order": "shipment.lost"}),
    Phrase(r"issued|sent|processed|completed|made|paid",
           r"issue|send|process|complete|make|pay",
           {"refund": "refund.paid", "invoice": "invoice.issued", "credit_note": "credit_note.issued",
            "order": "shipment.dispatched", "parcel": "shipment.dispatched", "exchange": "shipment.dispatched"}),
    Phrase(r"(?:you|customer|have) paid",
           "",
           {"": "payment.captured", "refund": "", "return": "", "order": "payment.captured"}),
    Phrase(r"charged|debited",
           r"charge|debit",
           {"": "payment.captured", "payment": "payment.captured", "order": "payment.captured", "refund": "",
            "return": "", "parcel": ""}),
    Phrase(r"placed",
           r"place",
           {"order": "order.placed"}),
    Phrase(r"renewed",
           r"renew",
           {"subscription": "subscription.renewed"}),
    Phrase(r"closed|resolved|settled",
           r"close",
           {"dispute": "dispute.closed"}),
)  # fmt: skip
_COMPILED = tuple(
    (re.compile(rf"\b(?:{p.past})\b", re.I), re.compile(rf"\b(?:{p.base})s?\b", re.I) if p.base else None, p)
    for p in PHRASES
)
_EXPECT = (
    ("refund.arrives", re.compile(r"\b(?:show(?: up)?|be on (?:the|your) (?:gift )?card|"
                                  r"be in your (?:bank )?account|reach (?:you|your (?:bank|account|card))|"
                                  r"arrive (?:in|on) your|appear (?:in|on) your|be visible)\b", re.I)),
    ("shipment.delivered", re.compile(r"\b(?:be with you|reach you|arrive(?:s)?|get to you|at your (?:door|"
                                      r"address))\b", re.I)),
    ("return.window", re.compile(r"\b(?:(?:can|may|could) (?:still )?(?:be )?(?:register|return|send)\w*|"
                                 r"time for (?:a return|returning))\b", re.I)),
)  # fmt: skip
"""What is expected and has no kind of fact of its own, or is said with a verb of arriving."""
_BEFORE_NOUN = re.compile(
    r"\b(?:your|the|a|an|this|that|our|my|of|no|any|full|partial|each|for|return)\s*$", re.I
)
_NOT = re.compile(
    r"\b(?:not|never|no|nothing|none|neither|nor|cannot|without|unable|yet to|failed to)\b|n['’]t\b", re.I
)
_NOT_ONLY = re.compile(r"\bnot only\b|\bno (?:problem|longer|worries|doubt)\b|\bwhy not\b", re.I)
_WILL = re.compile(r"\b(?:will|shall|should|going to|expect(?:ed|s)?|due to|is to|are to|about to|is being|"
                   r"are being|plan(?:ned)?|would)\b|['’]ll\b", re.I)  # fmt: skip
_HEDGE = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|may|can|could|seems?|appears?|i think|we think|i believe|likely|"
    r"apparently|presumably|if|whether|when|once|as soon as|until|unless|before we|after we|please|in case|"
    r"should have|"
    r"would have|usually|normally|typically|want(?:s|ed)? to|to be|try(?:ing)? to|would like|let me|let us|"
    r"ask(?:ed|ing)?|"
    r"check(?:ed|ing)? (?:if|whether|why)|wonder)\b",
    re.I,
)
_DID = re.compile(r"\b(?:did|didn['’]t)\b", re.I)
_NO_REFUND = re.compile(r"\b(?:has|have|is|find|found|know of|knows of|see) (?:still )?no (?:refund|return)\b", re.I)
_INFINITIVE = re.compile(r"\b(?:to|how to|need to|have to|must)\s+(?:\w+\s+)?$", re.I)


@dataclass(frozen=True)
class Status:
    """``topic`` is a kind of fact; ``plain`` is false for what only gives amounts and days their topic."""

    topic: str
    span: tuple[int, int]
    mode: Mode = "was"
    negated: bool = False
    hedged: bool = False
    plain: bool = True


def family_in(text: str) -> str:
    """The family of the first noun, where there is one."""
    found = [(m.start(), n, family) for n, (family, words) in enumerate(NOUNS) if (m := words.search(text))]
    return min(found)[2] if found else ""


def families_in(text: str) -> tuple[str, ...]:
    return tuple(family for family, words in NOUNS if words.search(text))


def status_in(text: str, inherited: str = "", asks: bool = False) -> Status | None:
    """What one clause says of one matter; ``inherited`` is the noun that "it" stands for."""
    families = families_in(text) or ((inherited,) if inherited else ())
    expected = _expected(text, families, inherited)
    if expected is not None:
        return expected
    if (none := _NO_REFUND.search(text)) is not None:
        return Status("return.requested" if "return" in none.group() else "refund.paid", none.span(), "was", True, asks)
    for past, base, phrase in _COMPILED:
        for pattern, is_past in ((past, True), (base, False)):
            match = pattern.search(text) if pattern else None
            kind = _kind(phrase, families) if match else ""
            if match and kind and not (not is_past and _is_noun(text, match)):
                return _read(text, match, kind, is_past, asks)
    return None


def _is_noun(text: str, match: re.Match[str]) -> bool:
    """ "your refund", "the order": the same letters as the verb, but a thing."""
    before = text[: match.start()]
    thing = _BEFORE_NOUN.search(before) or not before.strip()
    return bool(thing) or match.group().lower() in ("refunds", "returns", "orders", "charges")


def _kind(phrase: Phrase, families: tuple[str, ...]) -> str:
    for family in families:
        if family in phrase.kinds:
            return phrase.kinds[family]
    return phrase.kinds.get("", "")


def _read(text: str, match: re.Match[str], kind: str, is_past: bool, asks: bool) -> Status:
    before = text[: match.start()]
    negated = bool(_NOT.search(_NOT_ONLY.sub("", before))) or bool(
        re.match(r"\s+(?:nothing|no)\b", text[match.end() :])
    )
    if re.search(r"\bn['’]t\b|\bnot\b", match.group(), re.I):
        negated = False  # the phrase's own
    is_past = is_past or bool(_DID.search(before))
    will = bool(_WILL.search(before)) or not is_past
    hedged = asks or bool(_HEDGE.search(before)) or (not is_past and bool(_INFINITIVE.search(before)))
    if kind.startswith("!"):
        kind, negated = kind[1:], not negated
    return Status(kind, match.span(), "will" if will else "was", negated, hedged)


def _expected(text: str, families: tuple[str, ...], inherited: str) -> Status | None:
    for topic, words in _EXPECT:
        match = words.search(text)
        if match is None or (topic == "refund.arrives" and families and "refund" not in (*families, inherited)):
            continue
        if topic == "shipment.delivered" and not _WILL.search(text):
            continue
        what = _arriving(families) if topic == "shipment.delivered" else topic
        return Status(what, match.span(), "will", bool(_NOT.search(text[: match.start()])), False, plain=False)
    return None


def _arriving(families: tuple[str, ...]) -> str:
    if "refund" in families:
        return "refund.arrives"
    return "return.received" if "return" in families else "shipment.delivered"
