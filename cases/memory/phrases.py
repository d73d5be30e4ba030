"""What customers tell about themselves, as they put it: a small table. What it does not know it does not guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cases.memory.shapes import PinKind

_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\s+\d{1,2}(?:st|nd|rd|th)?|\d{4}-\d\d-\d\d|"
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|christmas|the weekend)"
)
_CLOCK = r"\d{1,2}(?:[:.]\d\d)?\s*(?:am|pm|o['’]clock)?"
_HAVE = r"\b(?:I|we)(?:['’]ve|\s+have|['’]d|\s+had)?\s+(?:(?:already|just|also|now|both|even)\s+){0,2}"
_SENT = r"(?:sent|attached|uploaded|e-?mailed|provided|enclosed|submitted|given)\b"
_NOT = r"(?<!not )(?<!n't )(?<!n’t )(?<!never )"


@dataclass(frozen=True)
class Phrase:
    """``what`` is said to people; ``{0}`` in it is the first group. Of several with one key the first that fits a
    sentence counts."""

    key: str
    kind: PinKind
    what: str
    pattern: re.Pattern[str]


def _phrase(key: str, kind: PinKind, what: str, pattern: str) -> Phrase:
    return Phrase(key, kind, what, re.compile(pattern, re.IGNORECASE))


def _things(key: str, what: str, thing: str) -> Phrase:
    """ "I sent the photos", "photos are attached"; never what somebody else sent."""
    return _phrase(
        key, "sent", what,
        rf"{_HAVE}{_SENT}[^.!?\n]{{0,60}}\b(?:{thing})\b|\b(?:attached|enclosed)\b[^.!?\n]{{0,40}}\b(?:{thing})\b|"
        rf"\b(?:{thing})\s+(?:is|are|was|were|has been|have been)\s+(?:already\s+)?(?:sent|attached|enclosed)\b",
    )  # fmt: skip


_WANTED = r"(refund|replacement|exchange|voucher|gift card|store credit)"
_WHEN = (
    rf"(?:only )?(?:after|before|from|until|between)\s+{_CLOCK}(?:\s*(?:and|to|until|-|–)\s*{_CLOCK})?|"
    r"in the (?:morning|afternoon|evening)s?|"
    r"(?:on|at) (?:weekdays|weekends|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)"
)
TABLE: Sequence[Phrase] = (
    _phrase("call", "wish", "Asked not to be called {0}",
            rf"\b(?:do not|don['’]?t|never|no)\s+(?:\w+\s+)?(?:call|phone|ring)(?:s|ing)?\b(?:\s+me)?\s+({_WHEN})"),
    _phrase("call", "wish", "Asked not to be called",
            r"\b(?:do not|don['’]?t|never|please no|no)\s+(?:\w+\s+){0,2}?(?:call|phone|ring|telephone)(?:s|ing)?\b|"
            r"\b(?:rather|prefer) not (?:be )?(?:to be )?(?:called|phoned)|stop calling"),
    _phrase("call", "wish", "May be called",
            r"\b(?:you (?:can|may)|please|feel free to|just)\s+(?:just |simply |also |then )?(?:call|phone|ring) me\b"),
    _phrase("channel", "wish", "Write only by e-mail",
            r"\bonly\s+(?:\w+\s+){0,3}?(?:by|via|through|per|over|use)?\s*e-?mails?\b|\be-?mail (?:is )?only\b|"
            r"\bprefer (?:\w+ ){0,3}?e-?mails?\b"),
    _phrase("channel", "wish", "Prefers the phone", r"\bprefer (?:\w+ ){0,3}?(?:phone|call|called)\b"),
    _things("photos", "Photos were sent", "photos?|pictures?|images?|screenshots?|pics?"),
    _things("receipt", "The receipt was sent", "receipts?|invoices?|proof of purchase"),
    _things("form", "The form was sent", "forms?|documents?|paperwork"),
    _phrase("sent_back", "detail", "Says that it was sent back",
            rf"{_HAVE}(?:(?:sent|shipped|posted|mailed)\b[^.!?\n]{{0,40}}\bback\b|returned\b|dropped\b[^.!?\n]{{0,30}}"
            r"\boff\b)"),
    _phrase("address", "change", "Moved: the new address was given",
            r"\b(?:new|current)\s+(?:\w+\s+)?address\s*(?:is|:)\s*\S+|"
            r"\b(?:I|we)(?:['’]ve| have)?\s+(?:\w+ )?moved to\s+[^.!?\n]*\d"),
    _phrase("address_changed", "change", "The address has changed",
            r"\baddress\s+(?:has\s+|have\s+)?(?:changed|is (?:now|no longer|wrong))|\bchanged my (?:\w+ )?address|"
            r"\b(?:I|we)(?:['’]ve| have)?\s+(?:just |recently )?moved\b"),
    _phrase("phone", "detail", "Phone number {0}",
            r"\b(?:on|at|number(?: is)?|mobile(?: is)?|phone(?: is)?)\s*:?\s*((?:\+\d|0)[\d ()-]{6,16}\d)"),
    _phrase("time", "time", "Reach them {0}",
            rf"{_NOT}(?<!no )\b(?:call|phone|ring|reach(?:able)?|contact|available|home|free)\b[^.!?\n]{{0,40}}?"
            rf"\b({_WHEN})"),
    _phrase("away", "time", "Away",
            r"\b(?:I|we)(?:['’]m|['’]re|['’]ll be| am| are| will be)\s+(?:\w+ )?(?:away|on holiday|on vacation|abroad|"
            r"travell?ing|out of the country)\b"),
    _phrase("needed", "time", "Needs it {0}",
            rf"{_NOT}\b(?:need|must have|have to have)\b[^.!?\n]{{0,50}}?\b((?:by|before|on|until)\s+{_DAY})"),
    _phrase("unwanted", "wish", "Does not want a {0}",
            rf"\b(?:do not|don['’]?t)\s+(?:\w+ )?want\s+(?:\w+\s+)?{_WANTED}\b"),
    _phrase("wanted", "wish", "Wants a {0}",
            rf"{_NOT}\b(?:want|prefer|would like|['’]d like)\s+(?:to have\s+)?(?:a|an|my|the)\s+{_WANTED}\b"),
    _phrase("payment", "detail", "Paid by {0}",
            r"\bpaid\s+(?:\w+\s+){0,3}?(?:by|with|via|using|through)\s+(?:a |my |the )?"
            r"((?:credit |debit |bank |gift )?card|visa|mastercard|paypal|klarna|invoice|bank transfer|apple pay)\b"),
    _phrase("bought", "detail", "Bought on {0}",
            rf"\b(?:bought|ordered|purchased|placed)\b[^.!?\n]{{0,50}}?\b(?:on\s+)({_DAY})"),
)  # fmt: skip
