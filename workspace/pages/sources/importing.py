"""Importing a file on a source's page: choose it, look at how its lines are read, import it, and watch that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET

from connectors.host import services
from connectors.host.errors import BadImport, HostError
from connectors.host.selectors import moment
from connectors.host.selectors.reading import ImportView, import_get, plain, refusals, refusals_all
from connectors.host.services import Preview, source_get
from workspace.access.fields import masked
from workspace.pages.present import titles
from workspace.pages.sources import wording
from workspace.pages.sources.acting import who
from workspace.pages.sources.uploads import Upload, upload_forget, upload_get, upload_keep

SHOWN = 10
REFUSED = 50
FORMATS = (("", "As the file says"), ("jsonl", "JSON Lines"), ("csv", "CSV"))
ENCODINGS = (("", "UTF-8"), ("cp1252", "Windows 1252"), ("iso-8859-1", "ISO 8859-1"), ("iso-8859-15", "ISO 8859-15"))


# The token of the form stands in the body: it is checked by ``_import``, after the right to send a file at all, so
# that nobody else has a body of this size read.
@csrf_exempt
def begin(request: HttpRequest, name: str) -> HttpResponse:
    """Choose a file, see how it would be read, import it."""
    return _import(request, name)


@csrf_protect
def _import(request: HttpRequest, name: str) -> HttpResponse:
    source = _source(name)
    if request.method != "POST":
        return _form(request, source)
    given = {key: request.POST.get(key, "") for key in ("format", "encoding", "mapping", "taken_at")}
    upload: Upload | None = None
    try:
        upload = _upload(request, name)
        if request.POST.get("do") == "import":
            return _begun(request, name, upload, given)
        return _form(request, source, given, upload, preview=_preview(name, upload, given))
    except BadImport as error:
        return _form(request, source, given, upload, problem=str(error))


@require_GET
def one(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One import: how far it is, and the lines that it refused. A page kept open asks for that part alone."""
    source, view = _source(name), _view(name, number)
    context = {
        "on": "sources", "source": source, "h": source, "at": moment()[1], "i": view, "l": wording.RUNS[view.state],
        "refused": refusals(view.id, limit=REFUSED) if view.refused else (), "shown": REFUSED, "may_act": True,
    }  # fmt: skip
    part = "import_now" if request.headers.get("HX-Request") else "import_one"
    return render(request, f"pages/sources/{part}.html", context)


def act(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Pause, resume or cancel an import."""
    view = _view(name, number)
    verbs = {
        "pause": (services.import_pause, f"{view.name} is read no further. What was stored stays."),
        "resume": (services.import_resume, f"{view.name} is read on from where it stopped."),
        "cancel": (services.import_cancel, f"{view.name} is cancelled. What was stored stays."),
    }
    verb = verbs.get(request.POST.get("do", ""))
    if request.method == "POST" and verb:
        try:
            verb[0](import_id=number, by=who(request))
            messages.success(request, verb[1])
        except BadImport as error:
            messages.error(request, str(error))
    return redirect("source_import_one", name, number)


@require_GET
def report(request: HttpRequest, name: str, number: int) -> StreamingHttpResponse:
    """The refused lines with their reasons, as JSON Lines."""
    view = _view(name, number)
    response = StreamingHttpResponse(_report(request, view), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{name}-{number}.jsonl"'
    return response


def _report(request: HttpRequest, view: ImportView) -> Iterator[str]:
    for refusal in refusals_all(view.id):
        yield json.dumps(masked(plain(refusal), request.user), ensure_ascii=False) + "\n"


def _begun(request: HttpRequest, name: str, upload: Upload, given: dict[str, str]) -> HttpResponse:
    taken_at = _taken_at(given["taken_at"])
    with upload.path.open("rb") as data:
        made = services.import_create(
            source=name, name=upload.name, data=data, format=given["format"] or None, mapping=_mapping(given),
            taken_at=taken_at, by=who(request),
        )  # fmt: skip
    upload_forget(source=name, who=_whose(request))
    messages.success(request, f"{upload.name} is kept whole and is being imported. You may leave this page.")
    return redirect("source_import_one", name, made.pk)


def _upload(request: HttpRequest, name: str) -> Upload:
    """The file that was sent with this form, or else the one that is being looked at."""
    sent = request.FILES.get("file")
    if sent is None:
        if request.POST.get("do") == "import" or request.POST.get("kept"):
            return upload_get(source=name, who=_whose(request))
        raise BadImport("Choose a file.")
    return upload_keep(
        source=name, who=_whose(request), name=(sent.name or "file")[:200], size=sent.size or 0, chunks=sent.chunks()
    )


def _preview(name: str, upload: Upload, given: dict[str, str]) -> Preview:
    _taken_at(given["taken_at"])
    with upload.path.open("rb") as data:
        return services.import_preview(
            source=name, data=data, name=upload.name, format=given["format"] or None, mapping=_mapping(given),
            lines=SHOWN,
        )  # fmt: skip


def _mapping(given: dict[str, str]) -> dict[str, Any]:
    mapping = services.mapping_read(given["mapping"])
    return {**mapping, "encoding": given["encoding"]} if given["encoding"] else mapping


def _taken_at(text: str) -> datetime | None:
    """A time as a form gives it, in the zone in which this page shows times. Raises BadImport."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())
    except (ValueError, OverflowError):
        raise BadImport("Taken at: write a day and a time, such as 2026-10-01 08:00.") from None


def _form(
    request: HttpRequest,
    source: Any,
    given: dict[str, str] | None = None,
    upload: Upload | None = None,
    *,
    preview: Preview | None = None,
    problem: str = "",
) -> HttpResponse:
    given = given or dict.fromkeys(("format", "encoding", "mapping", "taken_at"), "")
    columns = preview.layout.columns if preview else ()
    context = {
        "on": "sources", "source": source, "h": source, "at": moment()[1], "given": given, "upload": upload,
        "preview": preview, "lines": _lines(preview), "problem": problem, "formats": FORMATS, "encodings": ENCODINGS,
        "mark": wording.mark(source.domain), "most": wording.bytes_said(settings.MAX_IMPORT_BYTES),
        "size": wording.bytes_said(upload.size) if upload else "",
        "sketch": services.mapping_sketch(columns) if columns and not given["mapping"].strip() else "",
    }  # fmt: skip
    return render(request, "pages/sources/import_form.html", context, status=422 if problem else 200)


def _lines(preview: Preview | None) -> list[dict[str, Any]]:
    """Each line with the words that a representative would read of it."""
    found = []
    for line in preview.lines if preview else ():
        facts = [{**fact, "words": titles.said(fact["kind"], fact["data"], fact["said"])} for fact in line.facts]
        for fact in facts:
            said = {"instant": datetime, "day": date}.get(fact["precision"])
            fact["when"] = said.fromisoformat(fact["occurred"]) if said else None
        found.append({"line": line.line, "text": line.text, "reason": line.reason, "facts": facts})
    return found


def _source(name: str) -> Any:
    try:
        return source_get(name)
    except HostError as error:
        raise Http404(str(error)) from error


def _view(name: str, number: int) -> ImportView:
    try:
        view = import_get(number)
    except HostError as error:
        raise Http404(str(error)) from error
    if view.source != name:
        raise Http404("This import belongs to another source.")
    return view


def _whose(request: HttpRequest) -> str:
    return str(request.user.pk)
