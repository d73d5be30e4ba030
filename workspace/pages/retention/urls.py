"""Addresses of erasure and retention. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import path, re_path

from workspace.pages.retention import views

urlpatterns = [
    path("erasures/", views.erasures, name="erasures"),
    path("erasures/export/", views.export, name="erasure_export"),
    path("erasures/ask/", views.ask, name="erasure_ask"),
    path("erasures/hold/", views.hold, name="erasure_hold"),
    path("erasures/<int:id>/", views.erasure, name="erasure"),
    re_path(r"^erasures/(?P<id>[0-9]{1,18})/(?P<verb>decide|yes|no|withdraw)/$", views.answer, name="erasure_answer"),
    path("retention/", views.retention, name="retention"),
]
