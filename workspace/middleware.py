"""Headers that every response carries, and the size that a request may have."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse

# No inline script or style anywhere: what a source says can then never run in a rep's browser.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

FACTS_BYTES, FORM_BYTES = 5_000_000, 200_000
_IMPORT = re.compile(r"/sources/[-\w]+/import/")


class SecurityHeaders:
    """Sets the strict content security policy and its companions, also on static files and errors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class BodyLimit:
    """Turns away a body that is too large, or of untold length, before any of it is read.

    Programs get problem details (RFC 9457), people a sentence.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Transfer-Encoding"):
            return _turned_away(request, 411, "Length Required", "Send the body with a Content-Length header.")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return _turned_away(request, 400, "Bad Request", "Content-Length must be a whole number of bytes.")
        if int(length) > (limit := _limit(request.path)):
            return _turned_away(request, 413, "Content Too Large", f"A request may have {limit} bytes at most.")
        return self.get_response(request)


def _limit(path: str) -> int:
    """MAX_BODY_BYTES, but for addresses that take more: facts in bulk, and files with the form around them."""
    if path == "/api/v1/facts/":
        return FACTS_BYTES
    if _IMPORT.fullmatch(path):
        return int(settings.MAX_IMPORT_BYTES) + FORM_BYTES
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class SoundText:
    """Turns away pages and forms whose address or fields hold NUL, which no column can keep and nobody types."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if request.path.startswith(("/api/", "/in/")):  # they say it in their own words, and read their own bodies
            return
        texts = [
            request.path,
            *(text for given in (request.GET, request.POST) for _, all in given.lists() for text in all),
        ]
        if any("\x00" in text for text in texts):
            raise BadRequest("NUL in an address or a field")


def _turned_away(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    if request.path.startswith(("/api/", "/in/")):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    return HttpResponse(f"{title}. {detail}\n", status=status, content_type="text/plain; charset=utf-8")
