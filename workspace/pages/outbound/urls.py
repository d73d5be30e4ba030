"""Addresses of the subscriptions' pages. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import path

from workspace.pages.outbound import views

urlpatterns = [
    path("", views.index, name="subscriptions"),
    path("add/", views.add, name="subscription_add"),
    path("<int:id>/", views.one, name="subscription"),
    path("<int:id>/change/", views.change, name="subscription_change"),
    path("<int:id>/switch/", views.switch, name="subscription_switch"),
    path("<int:id>/secret/", views.rotate, name="subscription_rotate"),
    path("<int:id>/try/", views.trial, name="subscription_try"),
    path("<int:id>/again/", views.again, name="subscription_again"),
    path("<int:id>/end/", views.end, name="subscription_end"),
    path("<int:id>/notices/<str:key>/again/", views.notice_again, name="notice_again"),
]
