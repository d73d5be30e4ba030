"""Routes under ``/trust/``."""

from django.urls import path

from workspace.pages.trust import views

urlpatterns = [
    path("", views.board, name="trust"),
    path("letter/", views.letter, name="trust_letter"),
    path("<slug:measure>/", views.one, name="trust_measure"),
]
