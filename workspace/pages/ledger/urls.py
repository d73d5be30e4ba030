"""Addresses of the ledger. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import path

from workspace.pages.ledger import views
from workspace.pages.sources.urls import housed

urlpatterns = [
    path("", housed(views.state), name="ledger"),
    path("live", housed(views.live), name="ledger_live"),
    path("verify/", housed(views.verify), name="ledger_verify"),
    path("anchors.json", views.anchors, name="ledger_anchors"),
    path("access/", housed(views.access), name="ledger_access"),
]
