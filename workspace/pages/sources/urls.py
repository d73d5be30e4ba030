"""Addresses of the sources pages. Every name here stands in the table of ``workspace.permissions``."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils import timezone

from connectors.host.selectors import house_zone
from workspace.pages.sources import acting, adding, importing, views

View = Callable[..., HttpResponseBase]


def housed(view: View) -> View:
    """The view, with its clock times in the zone of the case pages."""

    @wraps(view)
    def wrapped(request: HttpRequest, **more: Any) -> HttpResponseBase:
        with timezone.override(house_zone()):
            return view(request, **more)

    return wrapped


_VIEWS: list[tuple[str, View, str]] = [
    ("", views.index, "sources"),
    ("live", views.live, "sources_live"),
    ("add/", adding.add, "source_add"),
    ("<slug:name>/", views.source, "source"),
    ("<slug:name>/settings/", adding.settings, "source_settings"),
    ("<slug:name>/deliveries/", views.deliveries, "source_deliveries"),
    ("<slug:name>/deliveries/<int:number>/", views.delivery, "source_delivery"),
    ("<slug:name>/unread/", views.unread, "source_unread"),
    ("<slug:name>/console/", acting.console, "source_console"),
    ("<slug:name>/pause/", acting.pause, "source_pause"),
    ("<slug:name>/resume/", acting.resume, "source_resume"),
    ("<slug:name>/retry/", acting.retry, "source_retry"),
    ("<slug:name>/secret/", acting.rotate, "source_secret"),
    ("<slug:name>/cursor/", acting.cursor, "source_cursor"),
    ("<slug:name>/backfill/", acting.backfill, "source_backfill"),
    ("<slug:name>/drift/", acting.drift, "source_drift"),
    ("<slug:name>/import/", importing.begin, "source_import"),
    ("<slug:name>/imports/<int:number>/", importing.one, "source_import_one"),
    ("<slug:name>/imports/<int:number>/act/", importing.act, "source_import_act"),
    ("<slug:name>/imports/<int:number>/refused.jsonl", importing.report, "source_import_report"),
    ("<slug:name>/rerun/", acting.rerun, "source_rerun"),
    ("<slug:name>/rerun/<int:number>/", acting.rerun, "source_rerun_one"),
]
urlpatterns = [path(route, housed(view), name=name) for route, view, name in _VIEWS]
