"""The way home, and the sign of life. Signing in is in ``workspace.access``."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from workspace.permissions import may


def home(request: HttpRequest) -> HttpResponse:
    """To the cases, for those who work on them; else to the sources."""
    place = next((place for place in ("cases", "sources", "people") if may(request.user, place)), "")
    return redirect(place) if place else render(request, "pages/home.html", {"on": "home"})


def healthz(request: HttpRequest) -> HttpResponse:
    """200 where this process and its database answer, else 503. Strangers learn no more."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
