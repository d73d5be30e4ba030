"""The shapes of what the API gives, as OpenAPI declares them. Built by ``workspace.api.shapes``, never from these."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers as s

from workspace.api import vocabulary as words

Shape = type[s.Serializer[Any]]


def shape(name: str, fields: dict[str, Any], about: str = "") -> Shape:
    """A named component; every field is always present unless it says ``required=False``."""
    return type(name, (s.Serializer,), {**fields, "__doc__": about})


def text(about: str = "", **more: Any) -> s.CharField:
    return s.CharField(help_text=about, **more)


def time(about: str = "", **more: Any) -> s.DateTimeField:
    return s.DateTimeField(help_text=about, **more)


def number(about: str = "", **more: Any) -> s.IntegerField:
    return s.IntegerField(help_text=about, **more)


def one_of(choices: Any, about: str = "", **more: Any) -> s.ChoiceField:
    return s.ChoiceField(choices=choices, help_text=about, **more)


def texts(about: str = "") -> s.ListField:
    return s.ListField(child=s.CharField(), help_text=about)


def numbers(about: str = "") -> s.ListField:
    return s.ListField(child=s.IntegerField(), help_text=about)


@extend_schema_field({"type": "object", "additionalProperties": {}})
class AnyObject(s.JSONField):
    """An object whose members depend on its kind."""


@extend_schema_field(
    {"anyOf": [
        {"$ref": "#/components/schemas/FactKind"},
        {"$ref": "#/components/schemas/EventKind"},
        {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.[a-z0-9_.]+$", "description": "a connector's own namespace"},
    ]}
)  # fmt: skip
class Kind(s.CharField):
    """A canonical kind, an event's kind, or one with a namespace."""


@extend_schema_field({"type": ["string", "null"], "description": "ISO time with offset, or a bare date, or null"})
class Occurred(s.CharField):
    """When it happened by the source's own clock."""


OwnerOut = shape("Owner", {"id": number(), "name": text()})
CandidateOut = shape("Candidate", {"customer": number(), "name": text(), "refs": texts()})
MergeOut = shape("Merge", {
    "merge": number("its id: ending it makes them two again"), "keep": number("by whose name they go"),
    "keep_name": text(), "other": number(), "other_name": text(), "by": text(), "why": text(), "at": time(),
})  # fmt: skip
PersonOut = shape("Person", {
    "customer": number(allow_null=True), "name": text(), "refs": texts(),
    "ambiguous": texts("names of the customers that one reference points to, where it points to several"),
    "candidates": CandidateOut(many=True, help_text="the same with their references: say which, or that they are one"),
    "merges": MergeOut(many=True, help_text="customers who are one person, as somebody has said"),
})  # fmt: skip
VerifiedOut = shape("Verified", {"how": one_of(words.WAYS_TO_VERIFY), "by": text(), "at": time()})
BriefAnswer = shape("BriefAnswer", {
    "state": one_of(words.ANSWER_STATES), "situation": one_of(words.SITUATIONS),
    "flags": s.ListField(child=one_of(words.FLAGS)), "headline": text(), "digest": text(),
})  # fmt: skip
AlsoOut = shape("AlsoAsked", {
    "question": one_of(words.QUESTIONS), "state": one_of(words.ANSWER_STATES), "situation": one_of(words.SITUATIONS),
    "flags": s.ListField(child=one_of(words.FLAGS)), "headline": text(), "digest": text(),
})  # fmt: skip
OtherOut = shape("OtherMatter", {
    "reference": text(), "question": text(), "opened_at": time(), "state": text("empty in a view of the past"),
    "headline": text(),
})  # fmt: skip
MailOut = shape("Mail", {"statement": number(), "state": one_of(words.MAIL_STATES), "error": text()})
OfferOut = shape("CaseOffer", {
    "id": number(), "from": text("who answers for it meanwhile"), "to": text(), "team": text(allow_null=True),
    "why": text(), "offered_at": time(), "expires_at": time(),
})  # fmt: skip
PinnedOut = shape("Pinned", {
    "key": text("order, call, photos, address …"), "kind": one_of(words.PIN_KINDS), "what": text(),
    "words": text("the customer's own; empty where the case itself says it"), "at": time(),
    "reference": text("the case in which it was told"), "event": number(), "ref": text(allow_null=True),
    "here": s.BooleanField(help_text="told in this case, not in an earlier one"),
})  # fmt: skip
ProposalOut = shape("QuestionProposal", {
    "question": one_of(words.QUESTIONS), "title": text(), "evidence": texts("the words that speak for it"),
    "others": texts("further questions, the likeliest first"), "refs": texts("references in the same words"),
})  # fmt: skip
CaseOut = shape("Case", {
    "reference": text(), "state": one_of(words.CASE_STATES), "channel": text(), "opened_at": time(),
    "owner": OwnerOut(), "person": PersonOut(), "question": one_of(words.QUESTIONS), "question_title": text(),
    "questions": texts(), "asked": text("the customer's last words"), "asked_at": time(allow_null=True),
    "waiting_since": time("since when the customer waits for us", allow_null=True), "refs": texts(),
    "verified": VerifiedOut(allow_null=True), "answer": BriefAnswer(),
    "also": AlsoOut(many=True, help_text="answers to the other questions; each in full at …/answer/?question="),
    "others": OtherOut(many=True),
    "chosen": one_of(words.CHOSEN_HOW), "chosen_by": texts("the words from which the question was read"),
    "proposal": ProposalOut(allow_null=True), "pinned": PinnedOut(many=True),
    "offer": OfferOut(allow_null=True), "mails": MailOut(many=True), "as_of": time(), "at": time(),
    "live": s.BooleanField(),
})  # fmt: skip
CaseItem = shape("CaseItem", {
    "reference": text(), "state": one_of(words.CASE_STATES), "question": text(), "question_title": text(),
    "situation": one_of([*words.SITUATIONS, ""]), "answer_state": one_of(words.ANSWER_STATES), "label": text(),
    "headline": text(), "person": text(), "owner": text(), "opened_at": time(),
    "waiting_since": time(allow_null=True), "changes_at": time(allow_null=True), "refreshed_at": time(),
    "next_promise_at": time("when its first open promise is due", allow_null=True),
})  # fmt: skip
PAGE = {
    "as_of": time("every page of one walk shows this moment"),
    "next": s.CharField(allow_null=True, help_text="address of the next page"),
    "next_cursor": s.CharField(allow_null=True),
}
CasePage = shape("CasePage", {**PAGE, "results": CaseItem(many=True)})

POINTER = "JSON pointer into the fact's data (an amount's leads to its money object); or /occurred, or /refs/<scheme>"
FromOut = shape("ValueFrom", {"fact": number(), "pointer": text(POINTER)})
ValueOut = shape("Value", {
    "type": one_of(words.VALUE_TYPES), "value": text("canonical: decimal string, ISO date or time"), "unit": text(),
    "text": text("as it is printed"), "from": FromOut(required=False), "rule": text(required=False),
    "inputs": s.ListField(child=AnyObject(), required=False, help_text="each {fact, pointer} or {check}"),
}, "Either ``from``, or ``rule`` with ``inputs``.")  # fmt: skip
StepOut = shape("Step", {
    "key": text(), "label": text(), "state": one_of(words.STEP_STATES), "when": text(allow_null=True),
    "values": ValueOut(many=True),
})  # fmt: skip
ClaimOut = shape("Claim", {
    "key": text(), "text": text(), "domain": text(), "facts": numbers("fact versions"), "checks": numbers(),
    "rule": text(), "values": ValueOut(many=True),
})  # fmt: skip
GapOut = shape("Gap", {
    "source": text(), "title": text(), "domain": text(), "reason": text(), "since": time(allow_null=True),
    "last_known": text(allow_null=True), "can_change": s.BooleanField(), "note": text(), "values": ValueOut(many=True),
})  # fmt: skip
NextOut = shape("Next", {
    "what": text(), "who": one_of(words.WHO_ACTS), "by": text(allow_null=True), "values": ValueOut(many=True),
})  # fmt: skip
ChoiceOut = shape("Choice", {"ref": text(), "text": text()})
WitnessOut = shape("Witness", {
    "source": text(), "title": text(), "domain": text(), "text": text(), "facts": numbers(), "checks": numbers(),
    "values": ValueOut(many=True),
})  # fmt: skip
SourceOut = shape("Source", {
    "name": text(), "title": text(), "domain": text(), "connector": text(), "status": one_of(words.SOURCE_STATUSES),
    "checked_at": time(allow_null=True), "age_s": number(allow_null=True), "took_ms": number(allow_null=True),
    "since": time("since when it is down or waiting", allow_null=True), "reason": text(),
    "limit_s": s.FloatField(help_text="freshness limit"), "asked": s.BooleanField(), "complete": s.BooleanField(),
})  # fmt: skip
AnswerOut = shape("Answer", {
    "reference": text(), "question": one_of(words.QUESTIONS), "rules": text("version of the rules"),
    "state": one_of(words.ANSWER_STATES), "situation": one_of(words.SITUATIONS),
    "flags": s.ListField(child=one_of(words.FLAGS)), "headline": text(),
    "headline_values": ValueOut(many=True), "steps": StepOut(many=True), "claims": ClaimOut(many=True),
    "gaps": GapOut(many=True), "next": NextOut(allow_null=True),
    "changes_at": time("when the answer changes without any new fact", allow_null=True),
    "sources": SourceOut(many=True), "digest": text("carry it back when you reply"), "draft": text(),
    "hint": text(allow_null=True), "choices": ChoiceOut(many=True), "witnesses": WitnessOut(many=True),
    "details": s.DictField(child=ValueOut()), "cut": texts("what a cap cut off"), "as_of": time(), "at": time(),
    "live": s.BooleanField(),
})  # fmt: skip

EntryOut = shape("TimelineEntry", {
    "type": one_of(words.ENTRY_TYPES), "id": text(), "number": number("the fact's or event's own id"), "kind": Kind(),
    "title": text(), "body": text(), "occurred": Occurred(), "occurred_precision": one_of(words.PRECISIONS),
    "learned_at": time(), "source": text(), "source_title": text(), "domain": text(), "refs": texts(),
    "data": AnyObject(), "version": number(), "stale": s.BooleanField(), "url": text(), "how": text(),
    "case": text("the earlier case that it belongs to", allow_null=True),
    "actor": text(), "actor_kind": one_of(words.ACTOR_KINDS, allow_null=True), "changed_from": number(allow_null=True),
})  # fmt: skip
TimelinePage = shape("TimelinePage", {
    **PAGE, "results": EntryOut(many=True),
    "counts": s.DictField(child=s.IntegerField(), help_text="entries of each domain, filters aside"),
})  # fmt: skip

FACT = {
    "id": number(), "kind": Kind(), "said": text(), "data": AnyObject(), "refs": texts(), "source": text(),
    "source_title": text(), "domain": text(), "record_type": text(), "record_id": text(), "occurred": Occurred(),
    "occurred_precision": one_of(words.PRECISIONS), "zone": text(), "learned_at": time(),
    "superseded_at": time(allow_null=True), "version": number(), "how": one_of(words.LEARNED_HOW),
    "implied": s.BooleanField(), "url": text(),
}  # fmt: skip
FactVersion = shape("FactVersion", FACT)
FactOut = shape("Fact", {**FACT, "versions": FactVersion(many=True), "raw": AnyObject(help_text="the row as it came")})
SourceList = shape("SourceList", {"as_of": time(), "results": SourceOut(many=True)})

OrderFound = shape("OrderFound", {"ref": text(), "cases": texts()})
PersonFound = shape("PersonFound", {
    "customer": number(allow_null=True), "name": text(), "refs": texts(), "cases": texts(),
})  # fmt: skip
SearchOut = shape("SearchResult", {
    "query": text(), "orders": OrderFound(many=True), "people": PersonFound(many=True), "cases": CaseItem(many=True),
    "guess": texts("what the words could be, known or not"),
})  # fmt: skip

MessageOut = shape("Message", {
    "reference": text(), "direction": one_of(words.DIRECTIONS), "event": number(), "at": time(), "channel": text(),
    "text": text(), "statement": number(allow_null=True), "recipient": text(allow_null=True),
    "claims": ClaimOut(many=True), "unchecked": texts("passages that no claim stands for"),
})  # fmt: skip
NoteOut = shape("Note", {"reference": text(), "event": number(), "at": time(), "text": text()})
RefreshOut = shape("Refresh", {"reference": text(), "refused": s.DictField(child=s.CharField())})

PlaceOut = shape("ProblemPlace", {
    "detail": text(), "pointer": text("into the body", required=False), "parameter": text(required=False),
})  # fmt: skip
PROBLEM = {
    "type": one_of(words.PROBLEM_URNS), "title": text(),
    "status": number(), "detail": text("what to do"), "instance": text(), "errors": PlaceOut(many=True),
    "mark": text("of the log's entry", required=False),
}  # fmt: skip
ProblemOut = shape("Problem", PROBLEM, "RFC 9457 problem details.")
AnswerChangedOut = shape("AnswerChanged", {
    **PROBLEM, "answer": AnswerOut(required=False), "draft": text("the new draft", required=False),
    "text": text("what you sent, kept", required=False),
    "findings": s.ListField(child=AnyObject(), required=False, help_text="of the draft's check: see draft-check/"),
    "helped": text("what help the draft gives", required=False), "digest": text("of the answer now", required=False),
    "corrected": text("the draft with today's facts", required=False),
    "replies": s.ListField(child=AnyObject(), required=False, help_text="of others meanwhile, each {at, by, text}"),
    "seen": number("send it as since, once these are read", required=False),
}, "Problem details; where the answer has changed or another has replied, with that and your words.")  # fmt: skip
