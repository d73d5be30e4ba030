"""Everything that can happen to a case. One verb, one function, one transaction, one event."""

from cases.actors import Actor
from cases.promises import Promised
from cases.services.accessing import access_record
from cases.services.acting import (
    action_again,
    action_ask,
    action_key,
    action_limit,
    action_try,
    action_words,
    actions_run,
)
from cases.services.alerting import alert_seen, alert_tell, alerts_of
from cases.services.calls import call_note, writer_known
from cases.services.deciding import action_decide, action_withdraw, limits_problem
from cases.services.drafting import draft_clear, draft_save, draft_warned
from cases.services.follow import case_follow, followed_once, summary_refresh
from cases.services.gathering import case_gather, case_refresh, question_gather
from cases.services.handing import (
    handover_accept,
    handover_decline,
    handover_offer,
    handover_withdraw,
    handovers_expire,
    packet_preview,
)
from cases.services.leaving import person_deactivate
from cases.services.mail_in import mail_admit, mail_leave, mail_take
from cases.services.mail_working import mails_work
from cases.services.mailboxes import Reading, mailbox_claim, mailbox_end, mailbox_progress
from cases.services.mailing import mail_settle, outbox_send
from cases.services.measuring import (
    measures_check,
    measures_digest,
    measures_follow,
    measures_rebuild,
    trust_letters_send,
    trust_reader_set,
)
from cases.services.opening import case_open, question_clean, refs_add
from cases.services.owning import owner_change
from cases.services.presence import presence_beat, presence_end, presences_forget
from cases.services.promise_clock import promises_sweep
from cases.services.promise_ends import (
    commitment_break,
    commitment_keep,
    commitment_renegotiate,
    commitment_withdraw,
)
from cases.services.promising import (
    commitment_make,
    commitments_from_statement,
    commitments_move,
    promises_open,
)
from cases.services.questions import question_add, question_change
from cases.services.reviewing import (
    review_answer,
    review_decide,
    review_next,
    review_sign,
    review_take,
    reviews_sweep,
)
from cases.services.showing import answer_shown, case_viewed
from cases.services.states import asker_verify, case_close, case_reopen, case_wait
from cases.services.summaries import cases_news, cases_sweep, summaries_rebuild
from cases.services.talking import message_receive, message_send, note_add
from cases.services.teams import member_remove, member_save, team_remove, team_save
from cases.services.telling import statement_settle, statements_follow
from cases.services.who import customer_choose, customers_merge, customers_unmerge
from cases.services.withdrawing import message_withdraw

__all__ = [
    "access_record",
    "measures_check", "measures_digest", "measures_follow", "measures_rebuild", "trust_letters_send",
    "trust_reader_set",
    "action_again", "action_ask", "action_decide", "action_key", "action_limit", "action_try", "action_withdraw",
    "action_words", "actions_run", "Actor",
    "Promised", "alert_seen", "alert_tell", "alerts_of", "answer_shown",
    "asker_verify", "call_note", "case_close", "case_follow", "case_gather", "case_open", "case_refresh",
    "case_reopen", "case_viewed", "case_wait", "cases_news", "cases_sweep", "commitment_break", "commitment_keep",
    "commitment_make", "commitment_renegotiate", "commitment_withdraw", "commitments_from_statement",
    "commitments_move", "customer_choose", "customers_merge", "customers_unmerge",
    "draft_clear", "draft_save", "draft_warned", "followed_once", "handover_accept", "handover_decline",
    "handover_offer",
    "handover_withdraw", "handovers_expire", "limits_problem", "mail_admit", "mail_leave", "mail_settle",
    "mail_take", "mailbox_claim", "mailbox_end", "mailbox_progress", "mails_work", "member_remove", "member_save",
    "message_receive", "message_send", "message_withdraw", "note_add", "outbox_send", "owner_change",
    "packet_preview", "person_deactivate", "presence_beat", "presence_end", "presences_forget", "promises_open",
    "promises_sweep", "question_clean", "question_add", "question_change",
    "question_gather", "Reading", "refs_add", "review_answer", "review_decide", "review_next", "review_sign",
    "review_take", "reviews_sweep", "statement_settle",
    "statements_follow", "summaries_rebuild", "summary_refresh", "team_remove", "team_save", "writer_known",
]  # fmt: skip
