"""Addresses of the API. Every name here stands in the table of ``workspace.permissions``."""

from django.urls import path, re_path

from workspace.api.views import actions, cases, facts, outbound, reads, schema, sources, verbs

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
    path("cases/<str:reference>/actions/", actions.Actions.as_view(), name="api_actions"),
    path("cases/<str:reference>/actions/try/", actions.ActionTry.as_view(), name="api_action_try"),
    path("cases/<str:reference>/actions/<int:id>/again/", actions.ActionAgain.as_view(), name="api_action_again"),
    path("subscriptions/", outbound.Subscriptions.as_view(), name="api_subscriptions"),
    path("subscriptions/<int:id>/", outbound.Subscription.as_view(), name="api_subscription"),
    path("subscriptions/<int:id>/rotate/", outbound.Rotate.as_view(), name="api_subscription_rotate"),
    path("subscriptions/<int:id>/try/", outbound.Try.as_view(), name="api_subscription_try"),
    path("subscriptions/<int:id>/again/", outbound.Again.as_view(), name="api_subscription_again"),
    path("subscriptions/<int:id>/notices/", outbound.Notices.as_view(), name="api_notices"),
    path("notices/<str:key>/again/", outbound.NoticeAgain.as_view(), name="api_notice_again"),
    path("cases/<str:reference>/owner/", verbs.Owner.as_view(), name="api_owner"),
    path("sources/", reads.Sources.as_view(), name="api_sources"),
    path("sources/<str:name>/", sources.Source.as_view(), name="api_source"),
    path("facts/", facts.Facts.as_view(), name="api_facts"),
    path("facts/<int:id>/", reads.Fact.as_view(), name="api_fact"),
    path("search/", reads.Search.as_view(), name="api_search"),
    path("schema/", schema.Schema.as_view(), name="api_schema"),
    re_path("", reads.Nothing.as_view(), name="api_nothing"),
]
