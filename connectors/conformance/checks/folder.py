"""The folder: what stands beside the code, and whether it says the truth."""

from __future__ import annotations

import json

from connectors.conformance.checking import CHECKS, NotHere, check, fail, need
from connectors.conformance.subject import Subject
from connectors.sdk import Settings


@check("folder-readme", "A README says what it reads, and names every setting of its own.")
def folder_readme(subject: Subject) -> None:
    path = subject.folder / "README.md"
    need(path.is_file(), "Add a README.md: what it reads, what it is asked about, its settings.")
    text = path.read_text(encoding="utf-8")
    need(text.startswith("# ") and len(text.split()) >= 20, "Begin README.md with a title, and say what it reads.")
    own = [name for name in subject.cls.Settings.model_fields if name not in Settings.model_fields]
    missing = [name for name in own if name not in text]
    need(not missing, f"README.md does not name the settings {', '.join(missing)}: say what each is for.")


@check("folder-ledger", "The ledger speaks of everything, with a reason for what is not done.")
def folder_ledger(subject: Subject) -> None:
    for problem in subject.ledger.problems:
        fail(problem)
    unknown = sorted(set(subject.ledger.exempt) - set(CHECKS))
    need(not unknown, f"ledger.toml exempts {', '.join(unknown)}, which is no check: see docs/conformance.md.")


@check("folder-ledger-true", "What the ledger says is done can be seen in the code, and the other way round.")
def folder_ledger_true(subject: Subject) -> None:
    ledger = subject.ledger
    if not ledger.rows:
        raise NotHere("It has no ledger yet.")
    for question in ("check", "lookup", "changes", "receive"):
        done, can = ledger.status(question) == "done", subject.cls.can(question)
        need(not done or can, f"The ledger says that {question} is done, but the class does not define it.")
        need(done or not can, f"The class defines {question}: say in the ledger that it is done.")
    acts = bool(subject.cls.actions())
    need((ledger.status("actions") == "done") == acts,
         "The ledger's [actions] does not fit the class: done where it declares an action, else exempt.")  # fmt: skip
    need(ledger.status("recordings") != "done" or any(subject.recordings.rglob("*")),
         "The ledger says that there are recordings, and there are none.")  # fmt: skip


@check("folder-recordings", "Every recording can be served again.", http=True)
def folder_recordings(subject: Subject) -> None:
    with subject.server() as server:
        need(server.documents, "There are no recordings: make one with manage.py connector record.")
    for path in sorted(subject.recordings.glob("*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        for one in found if isinstance(found, list) else [found]:
            stray = sorted(set(one) - {"request", "response"})
            need(not stray, f"{path.name}: a recording has request and response; take out {', '.join(stray)}.")
            wrong = sorted(set(one["response"]) - {"status", "headers", "body"})
            need(not wrong, f"{path.name}: a response has status, headers and body; take out {', '.join(wrong)}.")
