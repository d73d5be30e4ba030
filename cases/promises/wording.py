"""The words by which something is promised, and how a colleague would put it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cases.promises.shapes import PromiseKind

_WE = (
    r"(?:we|i|(?:my|our|a|one of my|one of our|your)\s+(?:colleagues?|team|manager|warehouse|finance(?:\s+team)?|"
    r"carrier|accountants?)|(?:the\s+)?(?:warehouse|finance(?:\s+team)?|accounting|support(?:\s+team)?|shop)|"
    r"somebody|someone|\w+\s+from\s+(?:our|the)\s+\w+(?:\s+team)?)"
)
_WILL = r"(?:'ll|\s+will|\s+shall|'re\s+going\s+to|'m\s+going\s+to|\s+(?:are|am|is)\s+going\s+to|\s+promise\s+to)"
_ADVERB = r"(?:\s+(?:also|then|now|personally|certainly|definitely|of course|gladly|surely|all|both|today|tomorrow))*"
_OURS = re.compile(rf"\b(?P<who>{_WE}){_WILL}{_ADVERB}\s+(?P<verb>[a-z-]+)(?P<rest>[^\n]*)", re.I)
_YOURS = re.compile(
    rf"\byou(?:'ll|\s+will|\s+are\s+going\s+to){_ADVERB}\s+(?P<verb>receive|get|have|hear|be)(?P<rest>\s[^\n]*)", re.I
)
_THINGS = r"refund|money|payment|amount|parcel|order|replacement|package|item|label|invoice|letter|credit|exchange"
_THING = re.compile(
    rf"\b(?:the|your|a|an|this)\s+(?:\w+\s+){{0,2}}?(?P<thing>{_THINGS})(?:\s+of\s+[^\s,]+)?(?:'ll|\s+will){_ADVERB}"
    r"\s+(?P<verb>be|arrive|reach|leave|go|ship|show)(?P<rest>\s?[^\n]*)", re.I,
)  # fmt: skip
_AND = re.compile(r",?\s+and\s+(?:then\s+)?(?:also\s+)?(?P<verb>[a-z-]+)(?P<rest>\s[^\n]*)", re.I)
CONDITION = re.compile(r"(?:^|[\s,])(?:if|unless|should\s+you|in\s+case|provided\s+that|otherwise)\s", re.I)
"""What only holds where something else does is no promise."""
REPORTED = re.compile(r"\b(?:you|he|she|they)\s+(?:said|wrote|told|were\s+told|mentioned|asked|thought)\b", re.I)
WAITS = re.compile(r"\b(?:once|when|as soon as|after|until)\s+(?:we|i|the|your|you|it|they|he|she|our)\b", re.I)
"""What waits for something of which nobody knows when it comes."""
_NO = re.compile(
    r"^(?:not|never|no|need|have|happy|glad|pleased|sorry|love|appreciate|understand|hope|try|like|want|be|able|do|see|"
    r"find|miss|wish|only|probably|hopefully|likely|soon|always|continue|remain|stay|feel|know|think|accept|"
    r"welcome|keep|wait)$", re.I,
)  # fmt: skip
_KEEP = re.compile(r"^\s+(?:you\s+(?:posted|updated|informed|in the loop)|an eye)", re.I)
_VERBS: tuple[tuple[PromiseKind, str], ...] = (
    ("money", r"refund|reimburse|repay|credit|pay|transfer"),
    ("call", r"call|ring|phone|telephone"),
    ("write", r"write|e-?mail|reply|respond|answer|update|inform|confirm|tell|notify|contact|message|text|let|get|"
              r"come|follow|keep"),
    ("goods", r"send|ship|dispatch|deliver|replace|post|exchange|forward|mail"),
    ("look", r"look|check|investigate|review|examine|inspect|ask|clarify|trace|search|find"),
)  # fmt: skip
_MONEY = re.compile(r"\b(?:refund|money|payment|credit|amount|reimbursement|sum|difference)\b|[€£$]\s?\d", re.I)
_GOODS = re.compile(r"\b(?:parcel|replacement|package|item|order|product|exchange|delivery|size)\b", re.I)
_WRITING = re.compile(r"\b(?:e-?mail|reply|answer|update|letter|message|confirmation|news|label|invoice|link)\b", re.I)
_CALLING = re.compile(r"\b(?:call|called|phone)\b", re.I)
_KEEPS: dict[str, str] = {"money": "refund.paid"}
_DONE = re.compile(
    r"^\s+(?:\w+ly\s+)?(?:called|contacted|refunded|reimbursed|credited|paid|sent|shipped|dispatched|delivered|issued|"
    r"transferred|processed|replaced|informed|notified|told|in\s+your|on\s+its|with\s+you|back|there|ready|made)", re.I,
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One promise's words: from ``start``, its verb's place, and where the words before it end (``cut``)."""

    start: int
    cut: int
    verb_at: int
    form: str
    """``ours`` (we will …), ``yours`` (you will receive …) or ``thing`` (your refund will be …)."""
    kind: PromiseKind
    keeps_kind: str = ""


def said(text: str, start: int, end: int) -> Iterator[Said]:
    """The promises of one sentence, in its order."""
    found: list[Said] = []
    for form, pattern in (("ours", _OURS), ("yours", _YOURS), ("thing", _THING)):
        at = start
        while match := pattern.search(text, at, end):
            at = match.end("verb")
            if one := _said(text, start, end, match, form):
                found.append(one)
    for one in [f for f in found if f.form == "ours"]:
        found += _more(text, one, min((f.cut for f in found if f.start > one.start), default=end))
    found.sort(key=lambda one: one.start)
    yield from (one for n, one in enumerate(found) if n == 0 or one.start > found[n - 1].verb_at)


def _said(text: str, start: int, end: int, match: re.Match[str], form: str) -> Said | None:
    verb, rest = match["verb"].lower(), text[match.end("verb") : end]
    if form == "ours" and _NO.match(verb) and not (verb == "keep" and _KEEP.match(rest)):
        return None
    if form != "ours" and verb == "be" and not _DONE.match(rest):
        return None
    if form == "yours" and verb == "have" and not (_MONEY.search(rest) or _GOODS.search(rest) or _WRITING.search(rest)):
        return None
    kind = _kind(verb, rest, form, match)
    if kind is None:
        return None
    keeps = _KEEPS.get(kind, "")
    return Said(match.start(), _cut(text, start, match.start()), match.start("verb"), form, kind, keeps)


def _more(text: str, first: Said, end: int) -> list[Said]:
    """ "We will call you tomorrow and send the label by Friday": the second thing of the same people."""
    found: list[Said] = []
    for match in _AND.finditer(text, first.verb_at, end):
        verb = match["verb"].lower()
        if any(re.fullmatch(words, verb) for _, words in _VERBS) and verb not in ("let", "get", "come", "answer"):
            kind = _kind(verb, text[match.end("verb") : end], "ours", match) or "do"
            at = match.start("verb")
            found.append(Said(at, match.start(), at, "ours", kind, _KEEPS.get(kind, "")))
    return found


def _kind(verb: str, rest: str, form: str, match: re.Match[str]) -> PromiseKind | None:
    head = re.split(r"\b(?:and|by|within|before|about)\b", rest)[0]
    if form == "thing":
        return "money" if _MONEY.search(match["thing"]) else "write" if _WRITING.search(match["thing"]) else "goods"
    if form == "yours":
        for kind, words in (("write", _WRITING), ("call", _CALLING), ("money", _MONEY), ("goods", _GOODS)):
            if words.search(rest if verb == "be" else head):
                return kind  # type: ignore[return-value]
        if verb == "be":
            return "money" if re.match(r"\s+(?:refunded|reimbursed|credited|paid)", rest) else "write"
        return "write" if verb == "hear" else None
    if verb in ("give", "send", "issue", "return", "make", "process", "release") and _MONEY.search(head):
        return "money"
    if verb in ("give", "make") and _CALLING.search(head):
        return "call"
    if verb == "send" and _WRITING.search(head):
        return "write"
    return next((kind for kind, words in _VERBS if re.fullmatch(words, verb)), "do")


def _cut(text: str, start: int, place: int) -> int:
    """Where the stretch of a second promise begins: after the comma or "and" before it."""
    before = text[start:place]
    cuts = [m.start() for m in re.finditer(r",|\band\b|\bbut\b", before)]
    return start + cuts[-1] if cuts else place


_SWAPS = [
    (r"\byourselves\b|\byourself\b", "themselves"), (r"\bto you\b", "to the customer"), (r"\byour\b", "the customer’s"),
    (r"\bto our\b", "to our"), (r"\byou\b", "the customer"), (r"\bmy\b", "our"), (r"\bme\b", "us"),
]  # fmt: skip


def what(text: str, one: Said, end: int, phrase: tuple[int, int] | None) -> str:
    """ "we'll call you back about the refund tomorrow" becomes "Call the customer back about the refund"."""
    begin = one.start if one.form != "ours" else one.verb_at
    words = text[begin:end]
    if phrase and begin <= phrase[0] < end:
        words = f"{text[begin : phrase[0]]} {text[phrase[1] : end]}"
    words = re.sub(r"\byou(?:'ll|\s+will)\s+hear\b", "Customer hears", words, flags=re.I)
    words = re.sub(r"^you(?:'ll|\s+will|\s+are going to)\b", "the customer will", words, flags=re.I)
    for pattern, plain in _SWAPS:
        words = re.sub(pattern, plain, words, flags=re.I)
    words = re.sub(r"\bsend the customer\b(?!’)", "send the customer", " ".join(words.split()), flags=re.I)
    words = re.sub(r"\s+([,.])", r"\1", words).strip(" ,.;:!")
    words = re.sub(r"(?:\s+(?:by|on|at|and|to|in|before|within|no later than))+$", "", words)
    return (words[:1].upper() + words[1:])[:300]
