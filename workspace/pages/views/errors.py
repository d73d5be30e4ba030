"""What people see when something is refused, missing or broken; programs get problem details."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from workspace.access.files import NeedsAccess
from workspace.permissions import is_api

WORDS = {
    400: ("That can’t be read", "The address or the form holds something that can’t be read. Go back and try again."),
    403: ("You may not see this", "Your account has no right to this page. Ask a supervisor if you need it."),
    404: ("There is nothing here", "The address may be mistyped, or the case may have another number."),
    500: ("Something went wrong here", "It is not your doing, and nothing you wrote was sent. Go back and try again."),
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, NeedsAccess) and not is_api(request.path):
        context = {"title": WORDS[403][0], "words": str(exception), "ask": True, "case": exception.case}
        return render(request, "pages/error.html", context, status=403)
    return _error(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, "The form is too old, or cookies are switched off. Load the page again, then send.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    return _error(request, 500)


def _error(request: HttpRequest, status: int, words: str = "") -> HttpResponse:
    title, usual = WORDS[status]
    words = words or usual
    if is_api(request.path):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": words}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    if request.headers.get("HX-Request"):
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    if status == 500:
        return render(request, "500.html", status=500)
    return render(request, "pages/error.html", {"title": title, "words": words}, status=status)
