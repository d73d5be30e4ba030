"""A draft that asks for what was told already, or does what the customer asked not to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo

from cases.memory.reading import sentences
from cases.memory.shapes import Pinned
from cases.told.shapes import Finding

_ASKS = re.compile(
    r"\b(?:could|can|would|will) you\b|\b(?:may|can|could) (?:I|we)\b|"
    r"\bplease\s+(?:also\s+)?(?:send|give|provide|share|confirm|tell|reply|attach|let|include|forward|quote|state|upload|"
    r"resend)\b|\blet (?:us|me) know\b|\bwhat(?:['’]s| is| was| are)\b|\bwhich\b|\b(?:when|how|where) did\b|"
    r"\bhave you\b|\bdid you\b|\bdo you (?:have|prefer)\b|\b(?:we|I)(?:['’]ll| will)? (?:need|require)\b|"
    r"\b(?:tell|send|give) (?:us|me)\b|\bkindly\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:['’]s)?\s+(?:number|no\b|nr\b|id\b|reference)"
_WANTED: dict[str, tuple[str, str]] = {
    "order": ("order number", rf"\border{_NUMBER}|\bnumber of (?:your|the) order\b|\bwhich order\b"),
    "return": ("return number", rf"\b(?:return|rma){_NUMBER}|\bnumber of (?:your|the) return\b"),
    "payment": ("payment", r"\bhow (?:did|have) you pa(?:y|id)\b|\bpayment method\b|\bwhich card\b"),
    "email": ("e-mail address", r"\b(?:your|which|what) e-?mail\b|\be-?mail address\b"),
    "phone": ("phone number", r"\b(?:phone|telephone|mobile|contact) number\b|\b(?:your|which) (?:phone|mobile)\b"),
    "address": ("new address", r"\b(?:your|the)\s+(?:(?:new|delivery|postal|home|shipping|current|full)\s+)*address\b"),
    "photos": ("photos", r"\b(?:photos?|pictures?|images?|screenshots?)\b"),
    "receipt": ("receipt", r"\b(?:receipts?|proof of purchase|copy of (?:your|the) invoice)\b"),
    "form": ("form", r"\b(?:forms?|documents?|paperwork)\b"),
    "bought": ("day of purchase", r"\bwhen did you (?:buy|order|purchase|place)\b|\b(?:date of purchase|order date)\b"),
    "sent_back": ("sending it back", r"\b(?:have|did) you (?:already )?(?:sent?|return(?:ed)?|post(?:ed)?|shipped)\b"),
    "wanted": ("what they want", r"\b(?:would|do) you (?:like|prefer)\b[^?]*\b(?:refund|replacement|exchange)\b"),
    "time": ("time", r"\b(?:when|what time|which time)\b[^?]*\b(?:call|reach|suits?)\b"),
}  # fmt: skip
_NOUNS = {key: (noun, re.compile(pattern, re.IGNORECASE)) for key, (noun, pattern) in _WANTED.items()}
_CALLS = re.compile(
    r"\b(?:we|I|somebody|someone|(?:a|my|our) colleagues?)(?:['’]ll| will| shall| can| could)?\s+(?:\w+\s+)?"
    r"(?:call|phone|ring)(?:ing)? you\b|\bgive you a (?:call|ring)\b|\bcall you back\b|\bexpect (?:a|our) call\b|"
    r"\b(?:may|can|could|shall) (?:we|I) (?:call|phone|ring) you\b",
    re.IGNORECASE,
)
_NO_CALL = {"call": "Asked not to be called", "channel": "Write only by e-mail"}


def asked_again(text: str, pinned: Sequence[Pinned], zone: tzinfo = UTC) -> tuple[Finding, ...]:
    """Advice about a draft: a question for something that the customer told already, with the earlier words; a call
    announced to somebody who asked for none. Days are printed in ``zone``. Each thing is said once."""
    found: dict[str, Finding] = {}
    for start, end in sentences(text):
        sentence = text[start:end]
        for pin, span in (*_asked(sentence, pinned), *_against(sentence, pinned)):
            kind = "asked_again" if pin.kind != "wish" or pin.key == "wanted" else "against_wish"
            words = _words(pin, kind, zone)
            data = {"key": pin.key, "words": pin.words, "at": pin.at.isoformat(), "reference": pin.reference,
                    "event": pin.event, "ref": pin.ref}  # fmt: skip
            found.setdefault(pin.key, Finding(kind, "advice", words, (start + span[0], start + span[1]), data))
    return tuple(found.values())


def _asked(sentence: str, pinned: Sequence[Pinned]) -> Iterator[tuple[Pinned, tuple[int, int]]]:
    if not _ASKS.search(sentence):
        return
    for key, (_, pattern) in _NOUNS.items():
        match, pins = pattern.search(sentence), [p for p in pinned if p.key == key]
        # What names the thing itself does not ask for it: "is your order number 48-1193?"
        if match and pins and not any(p.ref.partition(":")[2].lower() in sentence.lower() for p in pins if p.ref):
            yield max(pins, key=lambda p: (bool(p.words), p.here, p.at)), match.span()


def _against(sentence: str, pinned: Sequence[Pinned]) -> Iterator[tuple[Pinned, tuple[int, int]]]:
    match = _CALLS.search(sentence)
    for pin in sorted(pinned, key=lambda p: p.key != "call") if match else ():
        if match and pin.key in _NO_CALL and pin.what.startswith(_NO_CALL[pin.key]):
            yield pin, match.span()
            return


def _words(pin: Pinned, kind: str, zone: tzinfo) -> str:
    where = f"on {_day(pin.at, zone)}" + ("" if pin.here else f" in case {pin.reference}")
    if kind == "against_wish":
        return f"{pin.what}: “{pin.words}”, {where}."
    noun = _NOUNS[pin.key][0]
    if not pin.words:
        return f"No need to ask for the {noun}: {pin.what} is on the case."
    return f"Told already, {noun}, {where}: “{pin.words}”"


def _day(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y}"
