"""Letters that came in, what is attached to them, and taking a reply back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import selectors, services
from cases.errors import CaseError, CaseNotFound
from connectors.host.selectors import house_zone
from workspace.access.files import card_in, whole_only
from workspace.pages.views.common import actor, case_or_404

STATES = {
    "waiting": ("", "clock", "Being read"), "done": ("ok", "circle-check", "In a case"),
    "aside": ("", "inbox", "Needs nobody"), "held": ("warn", "hand", "Waits for you"),
    "failed": ("bad", "circle-alert", "Not in a case"),
}  # fmt: skip
KINDS = {
    "message": "", "third_party": "from somebody else", "automatic": "automatic answer", "bounce": "came back",
    "delayed": "delivery report", "loop": "our own", "flood": "too many at once", "": "",
}  # fmt: skip


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """What waits for a person first, then the newest."""
    calling = [(STATES[one.state], KINDS[one.kind], one) for one in selectors.letters_calling()]
    above = {one.id for *_, one in calling}
    rows = [(STATES[one.state], KINDS[one.kind], one) for one in selectors.letters_list() if one.id not in above]
    context = {
        "on": "letters", "rows": rows, "calling": calling, "boxes": selectors.mailboxes_list(), "at": timezone.now(),
    }  # fmt: skip
    with timezone.override(house_zone()):
        return render(request, "pages/letters.html", context)


@require_GET
def letter(request: HttpRequest, id: int) -> HttpResponse:
    """One letter: what is new in it, what it repeats, what is attached, where it is."""
    try:
        row, said, files = selectors.letter_get(id)
    except CaseNotFound as error:
        raise Http404(str(error)) from error
    look = STATES[row.state]
    context = {
        "on": "letters", "row": row, "said": said, "files": files, "look": look, "kind": KINDS[row.kind],
        "at": timezone.now(),
    }  # fmt: skip
    with timezone.override(house_zone()):
        return render(request, "pages/letter.html", context)


@require_GET
def file(request: HttpRequest, id: int, position: int) -> HttpResponse | FileResponse:
    """An attachment, to be kept and never to be shown: whatever it says it is, a browser only saves it."""
    try:
        found = selectors.letter_file(id, position)
        assert found.path is not None
        _whole(request, id, found.path.read_bytes())
    except CaseNotFound as error:
        raise Http404(str(error)) from error
    return _saved(FileResponse(found.path.open("rb"), as_attachment=True, filename=found.name))


def _whole(request: HttpRequest, id: int, content: bytes) -> None:
    """A letter of no case yet is whole for whoever sorts letters, but for cards. Raises CaseNotFound, NeedsAccess."""
    case = selectors.letter_case(id)
    whole_only(request.user, case, card=card_in(content), own=True if case is None else None)


@require_GET
def original(request: HttpRequest, id: int) -> HttpResponse:
    """The letter as it came."""
    try:
        raw = selectors.letter_raw(id)
        _whole(request, id, raw)
    except CaseNotFound as error:
        raise Http404(str(error)) from error
    answer = HttpResponse(raw)
    answer["Content-Disposition"] = f'attachment; filename="letter-{id}.eml"'
    return _saved(answer)


@require_POST
def admit(request: HttpRequest, id: int, verb: str) -> HttpResponse:
    """Let a letter in, or leave it aside."""
    done: Any = services.mail_admit if verb == "admit" else services.mail_leave
    try:
        done(mail=selectors.letter_row(id), actor=actor(request))
    except CaseNotFound as error:
        raise Http404(str(error)) from error
    except CaseError as error:
        messages.error(request, str(error))
        return redirect("letter", id)
    said = "It is let in: in a moment it is in a case." if verb == "admit" else "It is put aside; it stays here."
    messages.success(request, said)
    return redirect("letters")


def undo(request: HttpRequest, reference: str) -> HttpResponse:
    """What can still be taken back, and taking it back."""
    case = case_or_404(reference)
    if request.method != "POST":
        context = {"undo": selectors.undo_of(case=case, person=request.user), "reference": reference}
        return render(request, "pages/parts/mail_undo.html", context)
    number = request.POST.get("statement", "")
    try:
        told = selectors.statement_get(case=case, id=int(number) if number.isascii() and number.isdigit() else 0)
        services.message_withdraw(statement=told, actor=actor(request))
        messages.success(request, "Taken back. The customer was not told; your words are here again.")
    except CaseError as error:
        messages.error(request, str(error))
    return redirect("case", reference)


def _saved(answer: Any) -> Any:
    answer["Content-Type"] = "application/octet-stream"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
