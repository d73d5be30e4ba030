"""Reads of cases: the present and the past by the same path."""

from cases.owning import Packet
from cases.owning.hours import DAYS, is_open
from cases.owning.meanwhile import replies_since
from cases.selectors.acting import actions_waiting, case_actions, run_get, run_shape, runs_waiting
from cases.selectors.case import case_evidence, case_get, case_view, question_title
from cases.selectors.catalogue import questions_known
from cases.selectors.choosing import next_case
from cases.selectors.handovers import handover_get, handover_shape, handovers_list
from cases.selectors.history import answers_shown, chain_verify, event_kinds, events_since, told_verify
from cases.selectors.judging import statement_judged
from cases.selectors.letters import (
    letter_case,
    letter_file,
    letter_get,
    letter_raw,
    letter_row,
    letters_calling,
    letters_list,
    mailboxes_list,
    undo_of,
)
from cases.selectors.measures import (
    measure_cases,
    measure_detail,
    measure_get,
    trust_board,
    trust_reader,
    weeks_of,
)
from cases.selectors.news import case_stamp, cases_concerned
from cases.selectors.owning import (
    draft_of,
    held_by,
    lead_of,
    offer_answerable,
    offer_packet,
    offers_to,
    people_list,
    present,
    team_elsewhere,
    team_of,
    teams_list,
)
from cases.selectors.promises import (
    alerts_count,
    alerts_of,
    commitment_get,
    commitments_list,
    day_of,
    promise_shape,
    promised,
    promises_said,
)
from cases.selectors.published import answer_json
from cases.selectors.queues import QUEUE, cases_list, queue, waiting_count
from cases.selectors.replaying import case_moment, case_replay
from cases.selectors.reviews import (
    copied_until,
    reads_blind,
    review_get,
    reviews_agreement,
    reviews_counts,
    reviews_list,
    reviews_mine,
    reviews_teams,
    reviews_told,
)
from cases.selectors.searching import search
from cases.selectors.telling import correction, draft_check, view_check
from cases.selectors.timelines import earlier_view, timeline, timeline_page
from cases.selectors.told_rows import statement_get
from cases.words import VERIFIED

__all__ = [
    "measure_cases", "measure_detail", "measure_get", "trust_board", "trust_reader", "weeks_of",
    "DAYS", "Packet", "QUEUE", "VERIFIED", "is_open", "replies_since",
    "actions_waiting", "alerts_count", "alerts_of", "answer_json", "answers_shown", "case_actions",
    "case_evidence", "case_get", "case_moment", "case_replay", "case_stamp", "case_view", "cases_concerned",
    "cases_list", "chain_verify",
    "commitment_get", "commitments_list", "correction", "day_of", "draft_check", "draft_of", "earlier_view",
    "event_kinds",
    "events_since", "handover_get", "handover_shape", "handovers_list", "held_by", "lead_of",
    "letter_case", "letter_file", "letter_get", "letter_raw", "letter_row", "letters_calling", "letters_list",
    "mailboxes_list",
    "next_case", "offer_answerable", "offer_packet", "offers_to", "people_list", "present", "promise_shape",
    "promised", "promises_said", "copied_until", "reads_blind", "review_get", "reviews_agreement", "reviews_counts",
    "reviews_list", "reviews_mine", "reviews_teams", "reviews_told", "question_title", "questions_known", "queue",
    "run_get", "run_shape", "runs_waiting", "search", "statement_get", "statement_judged", "team_elsewhere", "team_of",
    "teams_list", "timeline", "timeline_page", "told_verify", "undo_of", "view_check", "waiting_count",
]  # fmt: skip
