"""Everything that is held about one person, as plain values: what the right of access asks for."""

from __future__ import annotations

from typing import Any

from django.db import connection

from cases.mail import letter_read
from cases.models import InMail
from cases.selectors.erasing import erasure_plan
from cases.services.filing import file_path
from cases.services.mail_in import mail_raw

_PARTS: dict[str, str] = {
    "identities": """SELECT v.scheme, v.value, i.from_at, i.to_at FROM customers_identity i
        JOIN host_refvalue v ON v.id = i.ref_id WHERE i.customer_id = ANY (%(members)s) ORDER BY i.id""",
    "references": "SELECT v.scheme, v.value FROM host_refvalue v WHERE v.id = ANY (%(ref)s) ORDER BY 1, 2",
    "facts": """SELECT f.id, s.title AS source, f.kind, p.data, p.said, f.occurred, f.day, f.learned_at, f.superseded_at
        FROM host_fact f JOIN host_factpayload p ON p.fact_id = f.id JOIN host_source s ON s.id = f.source_id
        WHERE f.id = ANY (%(fact)s) ORDER BY f.id""",
    "rows_as_sources_sent_them": """SELECT s.title AS source, n.record_type, n.record_id, r.body, r.url, r.learned_at
        FROM host_rawrow r JOIN host_record n ON n.id = r.record_id JOIN host_source s ON s.id = n.source_id
        WHERE r.id = ANY (%(raw)s) ORDER BY r.id""",
    "deliveries": """SELECT s.title AS source, i.received_at, i.body FROM host_inbound i
        JOIN host_source s ON s.id = i.source_id WHERE i.id = ANY (%(delivery)s) ORDER BY i.id""",
    "cases": """SELECT c.id AS reference, c.opened_at, c.channel, c.state FROM cases_case c
        WHERE c.id = ANY (%(case)s) ORDER BY c.id""",
    "history": """SELECT e.case_id AS case, e.kind, e.actor_kind, e.at, p.data FROM cases_event e
        JOIN cases_eventpayload p ON p.event_id = e.id WHERE e.id = ANY (%(event)s) ORDER BY e.case_id, e.seq""",
    "what_you_were_told": """SELECT t.case_id AS case, t.at, t.channel, t.words, t.recipients FROM cases_statement t
        WHERE t.id = ANY (%(statement)s) ORDER BY t.id""",
    "promises": """SELECT c.case_id AS case, c.what, c.phrase, c.due_at, c.state, c.made_at, c.ended_at
        FROM cases_commitment c WHERE c.case_id = ANY (%(case)s) ORDER BY c.id""",
    "asked_of_sources": """SELECT r.case_id AS case, r.source_title, r.action, r.arguments, r.state, r.asked_at
        FROM cases_actionrun r WHERE r.case_id = ANY (%(case)s) ORDER BY r.id""",
    "who_looked": """SELECT a.at, a.actor_kind, a.what, a.why FROM cases_access a
        WHERE a.customers && %(members)s::bigint[] OR a.cases && %(case)s::bigint[] ORDER BY a.at""",
}


def holdings(*, customer: int) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    """Everything held, by part, and the letters' files as ``(name, bytes)``. Raises CaseNotFound.

    The same rows that an erasure would take, so that neither list forgets what the other names.
    """
    plan = erasure_plan(customer=customer)
    kinds = ("fact", "ref", "raw", "case", "event", "statement", "letter", "delivery")
    values: dict[str, Any] = {what: list(plan.rows.get(what, ())) for what in kinds}
    values["members"] = list(plan.members)
    found: dict[str, Any] = {"person": {"name": plan.name, "numbers": values["members"]}}
    with connection.cursor() as cursor:
        for part, sql in _PARTS.items():
            cursor.execute(sql, values)
            columns = [c[0] for c in cursor.description]
            found[part] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    letters, files = _letters(values["letter"])
    found["letters"] = letters
    return found, files


def _letters(ids: list[int]) -> tuple[list[dict[str, Any]], list[tuple[str, bytes]]]:
    told: list[dict[str, Any]] = []
    files: list[tuple[str, bytes]] = []
    for mail in InMail.objects.filter(pk__in=ids).order_by("pk"):
        raw = mail_raw(mail)
        letter = letter_read(raw)
        told.append({"arrived_at": mail.arrived_at, "from": letter.sender, "subject": letter.subject,
                     "text": letter.text, "file": f"letters/{mail.pk}.eml"})  # fmt: skip
        files.append((f"{mail.pk}.eml", raw))
        for row in mail.files.order_by("position"):
            path = file_path(row.digest) if len(row.digest) == 64 else None
            if path and path.is_file():
                files.append((f"{mail.pk}-{row.position}-{row.name.replace('/', '_')[:80]}", path.read_bytes()))
    return told, files
