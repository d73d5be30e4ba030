"""Addresses of reviews. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import path, re_path

from workspace.pages.review import views
from workspace.pages.sources.urls import housed

_ONE = r"^(?P<id>[0-9]{1,18})/"
urlpatterns = [
    path("", housed(views.queue), name="reviews"),
    path("next/", housed(views.following), name="review_next"),
    path("mine/", housed(views.mine), name="reviews_mine"),
    re_path(_ONE + "$", housed(views.one), name="review"),
    re_path(_ONE + "verdict/$", housed(views.verdict), name="review_verdict"),
    re_path(_ONE + "answer/$", housed(views.answer), name="review_answer"),
    re_path(_ONE + "decide/$", housed(views.decide), name="review_decide"),
]
