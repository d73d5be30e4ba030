"""Addresses of the API. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import path, re_path

from workspace.api.views import cases, reads, schema, verbs

urlpatterns = [
    path("cases/", cases.Cases.as_view(), name="api_cases"),
    path("cases/<str:reference>/", cases.Case.as_view(), name="api_case"),
    path("cases/<str:reference>/timeline/", cases.Timeline.as_view(), name="api_timeline"),
    path("cases/<str:reference>/answer/", cases.Answer.as_view(), name="api_answer"),
    path("cases/<str:reference>/messages/", verbs.Messages.as_view(), name="api_messages"),
    path("cases/<str:reference>/refresh/", verbs.Refresh.as_view(), name="api_refresh"),
    path("cases/<str:reference>/notes/", verbs.Notes.as_view(), name="api_notes"),
    path("cases/<str:reference>/verify/", verbs.Verify.as_view(), name="api_verify"),
    path("cases/<str:reference>/close/", verbs.Close.as_view(), name="api_close"),
    path("cases/<str:reference>/reopen/", verbs.Reopen.as_view(), name="api_reopen"),
    path("cases/<str:reference>/refs/", verbs.Refs.as_view(), name="api_refs"),
    path("cases/<str:reference>/owner/", verbs.Owner.as_view(), name="api_owner"),
    path("sources/", reads.Sources.as_view(), name="api_sources"),
    path("facts/<int:id>/", reads.Fact.as_view(), name="api_fact"),
    path("search/", reads.Search.as_view(), name="api_search"),
    path("schema/", schema.Schema.as_view(), name="api_schema"),
    re_path("", reads.Nothing.as_view(), name="api_nothing"),
]
