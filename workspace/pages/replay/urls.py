"""Routes of the replay, below a case."""

from django.urls import path

from workspace.pages.replay import views

urlpatterns = [
    path("", views.page, name="replay"),
    path("print/", views.printed, name="replay_print"),
]
