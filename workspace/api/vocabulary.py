"""Every enumeration of the API, named once: in the OpenAPI document, in validation and in the documentation."""

from __future__ import annotations

from typing import get_args

from cases.answers import State
from cases.selectors import event_kinds
from cases.selectors.catalogue import questions_known, situations_known
from cases.services.states import WAYS
from cases.views import CaseState, Level, PinKind, PromiseState, SaidType, ToldState, reviewing
from connectors.host.selectors.health_words import ERRORS as ERROR_CLASSES
from connectors.host.selectors.health_words import State as SourceHealthState
from connectors.host.views import Outcome, Precision, Status
from connectors.sdk.kinds import KINDS

CASE_STATES = get_args(CaseState)
ANSWER_STATES = get_args(State)
SOURCE_STATUSES = get_args(Status)
SOURCE_STATES = get_args(SourceHealthState)
STRETCH_STATES = ("ok", "late", "failed", "quiet")
CHECK_ERRORS = ERROR_CLASSES
BREAKERS = ("closed", "open", "half open", "unknown")
PRECISIONS = get_args(Precision)
OUTCOMES = get_args(Outcome)
WAYS_TO_VERIFY = WAYS
QUESTIONS, SITUATIONS = questions_known(), situations_known()
FLAGS = ("partial_refund", "gift_card", "day_only", "time_unknown", "late_changed", "stale", "source_down")
STEP_STATES = ("done", "now", "todo", "failed")
VALUE_TYPES = ("amount", "date", "date_range", "time", "number", "duration", "ref", "name", "text")
WHO_ACTS = ("customer", "warehouse", "finance", "bank", "carrier", "rep", "shop", "nobody")
ACTOR_KINDS = ("customer", "person", "program", "rule")
CHANNELS = ("email", "web", "chat", "phone", "letter", "api")
DIRECTIONS = ("in", "out")
MAIL_STATES = ("queued", "sent", "failed", "unknown", "withdrawn")
ENTRY_TYPES = ("fact", "event", "case")
ACTION_STATES = ("waiting", "asked", "done", "refused", "failed", "unknown", "withdrawn")
PIN_KINDS = get_args(PinKind)
CHOSEN_HOW = ("given", "words", "default")
PUSH_STATUSES = ("recorded", "unchanged", "refused")
LEARNED_HOW = ("lookup", "poll", "push", "import", "action")
FACT_KINDS = tuple(sorted(KINDS))
EVENT_KINDS = event_kinds()
PROMISE_STATES = get_args(PromiseState)
TOLD_HOW = ("letter", "phone", "chat", "in_person")
OFFER_STATES = ("offered", "accepted", "declined", "expired", "withdrawn")
NEXT_REASONS = ("promise-late", "told-broken", "waiting", "promise-due", "oldest")
SAID_TYPES = get_args(SaidType)
TOLD_STATES = get_args(ToldState)
REVIEW_RULES, REVIEW_VERDICTS = tuple(reviewing.RULES), tuple(reviewing.VERDICTS)
REVIEW_STATES, REVIEW_OUTCOMES = tuple(reviewing.STATES), tuple(reviewing.OUTCOMES)
COACHING_ITEMS = tuple(reviewing.COACHING)
REVIEW_ANSWERS, REVIEW_LISTS = ("answer", "appeal"), ("waiting", "appealed", "signed")
RECIPIENT_HOW = ("to", "cc", "bcc")
FINDING_KINDS = (
    "backed", "unbacked", "contradiction", "disclosure", "promise", "asked_again", "against_wish", "overtaken",
    "unhelpful",
)  # fmt: skip
FINDING_LEVELS = get_args(Level)
PROBLEM_TYPES = {
    "bad-request": 400, "bad-input": 400, "bad-time": 400, "bad-cursor": 400, "not-signed-in": 401,
    "not-signed": 401, "not-allowed": 403, "not-found": 404, "bad-method": 405, "not-acceptable": 406,
    "answer-changed": 409, "replied-meanwhile": 409, "wrong-state": 409, "needs-reason": 409,
    "not-to-be-told": 409, "no-owner": 409, "key-in-use": 409,
    "outcome-unknown": 409,
    "length-required": 411, "too-large": 413, "bad-media-type": 415, "key-reused": 422, "nothing-recorded": 422,
    "too-many-requests": 429, "internal": 500, "unavailable": 503,
}  # fmt: skip
"""The last part of each problem's ``type``, and the status that goes with it."""
PROBLEM_URNS = tuple(f"urn:throughline:problem:{kind}" for kind in PROBLEM_TYPES)
