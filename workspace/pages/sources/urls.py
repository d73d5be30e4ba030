"""Addresses of the sources pages. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import path

from workspace.pages.sources import acting, adding, importing, views

urlpatterns = [
    path("", views.index, name="sources"),
    path("live", views.live, name="sources_live"),
    path("add/", adding.add, name="source_add"),
    path("<slug:name>/", views.source, name="source"),
    path("<slug:name>/settings/", adding.settings, name="source_settings"),
    path("<slug:name>/deliveries/", views.deliveries, name="source_deliveries"),
    path("<slug:name>/deliveries/<int:number>/", views.delivery, name="source_delivery"),
    path("<slug:name>/unread/", views.unread, name="source_unread"),
    path("<slug:name>/console/", acting.console, name="source_console"),
    path("<slug:name>/pause/", acting.pause, name="source_pause"),
    path("<slug:name>/resume/", acting.resume, name="source_resume"),
    path("<slug:name>/retry/", acting.retry, name="source_retry"),
    path("<slug:name>/secret/", acting.rotate, name="source_secret"),
    path("<slug:name>/cursor/", acting.cursor, name="source_cursor"),
    path("<slug:name>/backfill/", acting.backfill, name="source_backfill"),
    path("<slug:name>/drift/", acting.drift, name="source_drift"),
    path("<slug:name>/import/", importing.begin, name="source_import"),
    path("<slug:name>/imports/<int:number>/", importing.one, name="source_import_one"),
    path("<slug:name>/imports/<int:number>/act/", importing.act, name="source_import_act"),
    path("<slug:name>/imports/<int:number>/refused.jsonl", importing.report, name="source_import_report"),
    path("<slug:name>/rerun/", acting.rerun, name="source_rerun"),
    path("<slug:name>/rerun/<int:number>/", acting.rerun, name="source_rerun_one"),
]
